/** Time zones by region, as a list to choose from: `[region, [name, words][]]`. `also` is in it in any case. */
export function timeZones(also: string): [string, [string, string][]][] {
  const names = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
  if (also !== '') names.add(also)
  const regions = new Map<string, [string, string][]>()
  for (const name of [...names].sort()) {
    const [region = '', ...place] = name.split('/')
    const shown = place.length === 0 ? 'World' : region
    const words = zoneWords(place.join(' / ') || name)
    regions.set(shown, [...(regions.get(shown) ?? []), [name, words]])
  }
  return [...regions]
}

/** A time zone as it is read: with spaces, and with today's name of a place that browsers still call by another. */
export function zoneWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  const place = Object.keys(renamed).find((old) => words.endsWith(old))
  return place === undefined ? words : `${words.slice(0, -place.length)}${renamed[place]}`
}

const renamed: Record<string, string> = {
  Calcutta: 'Kolkata',
  Katmandu: 'Kathmandu',
  Saigon: 'Ho Chi Minh City',
  Rangoon: 'Yangon',
  Kiev: 'Kyiv',
  Godthab: 'Nuuk',
  Faeroe: 'Faroe',
  Asmera: 'Asmara',
}
