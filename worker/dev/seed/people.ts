/** Customers whose names Northwind has saved. Numbers are of the fictional range 555-0100 to 555-0199. */
export interface Person {
  address: string
  firstName: string
  lastName: string
  companyName: string
}

const names: [string, string, string?][] = [
  ['Dana', 'Cruz', 'Cruz Logistics'],
  ['Theo', 'Lindqvist'],
  ['Priya', 'Raman', 'Raman & Sons'],
  ['Marcus', 'Bell'],
  ['Yuki', 'Tanaka'],
  ['Elena', 'Petrova'],
  ['Omar', 'Haddad', 'Haddad Catering'],
  ['Grace', 'Okafor'],
  ['Liam', 'Murphy'],
  ['Sofía', 'Núñez'],
  ['Hannah', 'Weiss'],
  ['Ahmed', 'Farouk'],
  ['Chloe', 'Martin'],
  ['Diego', 'Romero', 'Romero Landscaping'],
  ['Ingrid', 'Solberg'],
  ['Noah', 'Kim'],
  ['Fatima', 'Zahra'],
  ['Peter', 'Novak'],
  ['Aisha', 'Bello'],
  ['Jonas', 'Keller'],
  ['Mei', 'Chen'],
  ['Ravi', 'Iyer'],
  ['Laura', 'Bianchi'],
  ['Samuel', 'Osei'],
  ['Nadia', 'Haas'],
  ['Victor', 'Almeida'],
  ['Zoe', 'Papadakis'],
  ['Ethan', 'Brooks'],
  ['Leila', 'Karimi'],
  ['Tom', 'Whitfield', 'Whitfield Farms'],
]

export const people: Person[] = names.map(([firstName, lastName, companyName], index) => ({
  address: handset(index),
  firstName,
  lastName,
  companyName: companyName ?? '',
}))

/** The address of the `index`-th seeded handset; those beyond the saved people are unnamed. */
export function handset(index: number): string {
  const areas = ['309', '312', '217', '847']
  return `+1${areas[index % areas.length]}55501${String(10 + Math.floor(index / areas.length)).padStart(2, '0')}`
}
