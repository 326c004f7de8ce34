/** A company number of the seed (design 9), and the channel of the simulated carrier that serves it. */
export interface CompanyNumber {
  number: string
  /** As the customer saved it. */
  contact: string
  /** What tells it from the company's other numbers. */
  line: string
  channel: string
}

export const companyNumbers: readonly CompanyNumber[] = [
  { number: '+13095550100', contact: 'Northwind Auto', line: 'Sales', channel: 'northwind' },
  { number: '+13095550101', contact: 'Northwind Auto', line: 'Service', channel: 'northwind' },
  { number: '+13095550102', contact: 'Northwind Auto', line: 'Twilio', channel: 'northwind-twilio' },
  { number: '+13095550200', contact: 'Contoso Dental', line: 'Front desk', channel: 'contoso' },
]

/** The carrier's channels, each with a setting of its own. */
export const channels = [
  { id: 'northwind', name: 'Northwind', about: 'Simulator, (309) 555-0100 and 0101' },
  { id: 'northwind-twilio', name: 'Northwind Twilio', about: 'Twilio stand-in, (309) 555-0102' },
  { id: 'contoso', name: 'Contoso', about: 'Simulator, (309) 555-0200' },
] as const

/** The company number with this address; the first one where a saved handset names one that is no more. */
export function companyOf(number: string): CompanyNumber {
  const [first] = companyNumbers
  const found = companyNumbers.find((company) => company.number === number) ?? first
  if (found === undefined) throw new Error('There is no company number.')
  return found
}
