import { createSignal, type Accessor } from 'solid-js'
import * as z from 'zod/mini'
import { companyNumbers, companyOf } from './companies.ts'

const handset = z.object({ name: z.string(), number: z.string(), company: z.string() })

/** A customer's phone: whose it is, its number, and the company number it is texting with. */
export type Handset = z.infer<typeof handset>

export interface Handsets {
  all: Accessor<Handset[]>
  add(name: string, number: string): void
  remove(number: string): void
  choose(number: string, company: string): void
}

/** The phones on this page, kept in this browser: what they wrote and got is the carrier's. */
export function createHandsets(): Handsets {
  const [all, setAll] = createSignal(stored() ?? usual)
  const change = (next: Handset[]) => {
    setAll(next)
    try {
      localStorage.setItem(key, JSON.stringify(next))
    } catch {
      // A private window may refuse storage; the phones then last as long as the page.
    }
  }
  return {
    all,
    add: (name, number) => change([...all(), { name, number, company: companyNumbers[0]?.number ?? '' }]),
    remove: (number) => change(all().filter((phone) => phone.number !== number)),
    choose: (number, company) =>
      change(
        all().map((phone) =>
          phone.number === number ? { ...phone, company: companyOf(company).number } : phone,
        ),
      ),
  }
}

const key = 'parley-handsets'

/** Dana is a customer that the seed knows; the others are new to every company. */
const usual: Handset[] = [
  { name: 'Dana Cruz', number: '+13095550110', company: '+13095550100' },
  { name: 'Robin Vale', number: '+12175550171', company: '+13095550101' },
  { name: 'Jamie Fox', number: '+13125550172', company: '+13095550102' },
]

function stored(): Handset[] | null {
  try {
    return z.array(handset).parse(JSON.parse(localStorage.getItem(key) ?? 'null'))
  } catch {
    return null
  }
}
