import type { Random } from '#test/kit/random.ts'

/** Values that have broken parsers, in the place of others. */
const hostile: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e308,
  5e-324,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\uffff',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'thread:up13125550142:1',
  '%00%ff',
  'x'.repeat(70_000),
  '𝕏'.repeat(300),
  [],
  {},
  [[[[[[]]]]]],
  JSON.parse('{"__proto__":{"t":"command","polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
]

/** Text that JSON has no value for, put in by hand. */
const raw: readonly string[] = [
  '[',
  '{',
  '"',
  '}',
  ']',
  ',',
  ':',
  '\\u0000',
  '\\ud83d',
  '1e999',
  '-0',
  'NaN',
  '\u0000',
  '\ufeff',
  '99999999999999999999',
  '['.repeat(20_000),
  `${'[['.repeat(500)}${']]'.repeat(500)}`,
  '{"t":"bye"}',
  '"__proto__":1,',
]

/** A JSON value with one to three places changed: replaced, left out, added, doubled or nested. */
export function mutateJson(value: unknown, random: Random): unknown {
  let changed: unknown = structuredClone(value)
  for (let count = 1 + random.int(3); count > 0; count--) changed = mutateOnce(changed, random)
  return changed
}

function mutateOnce(value: unknown, random: Random): unknown {
  const inside = typeof value === 'object' && value !== null && random.next() < 0.9
  if (!inside) return random.next() < 0.8 ? random.pick(hostile) : [value]
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(hostile)]
    const at = random.int(value.length)
    if (random.next() < 0.2) return [...value, ...value]
    return value.map((item, index) => (index === at ? mutateOnce(item, random) : item))
  }
  const entries = Object.entries(value)
  if (entries.length === 0 || random.next() < 0.1)
    return Object.fromEntries([...entries, [random.pick(['more', 'actor', 'at', 'account', '__proto__']), 1]])
  const [name] = random.pick(entries)
  if (random.next() < 0.15) return Object.fromEntries(entries.filter(([key]) => key !== name))
  return Object.fromEntries(
    entries.map(([key, item]) => [key, key === name ? mutateOnce(item, random) : item]),
  )
}

/** A text with one to three places cut, doubled, overwritten or filled with what JSON and forms choke on. */
export function mutateText(text: string, random: Random): string {
  if (random.int(300) === 0) return text + ' '.repeat(300_000)
  let changed = text
  for (let count = 1 + random.int(3); count > 0; count--) {
    const at = random.int(changed.length + 1)
    const length = random.int(Math.min(40, changed.length - at + 1))
    const before = changed.slice(0, at)
    const after = changed.slice(at + length)
    switch (random.int(5)) {
      case 0:
        changed = before + after
        break
      case 1:
        changed = before
        break
      case 2:
        changed = before + changed.slice(at, at + length).repeat(2) + after
        break
      case 3:
        changed = before + random.pick(raw) + after
        break
      case 4:
        changed = before + String.fromCharCode(random.int(random.next() < 0.5 ? 128 : 65_536)) + after
        break
    }
  }
  return changed
}

/** Bytes with one to four places flipped, cut, doubled or overwritten with the numbers that decoders fear. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let changed = [...bytes]
  for (let count = 1 + random.int(4); count > 0; count--) {
    const at = random.int(changed.length + 1)
    switch (random.int(6)) {
      case 0:
        changed[Math.min(at, changed.length - 1)] = random.int(256)
        break
      case 1:
        changed = changed.slice(0, at)
        break
      case 2:
        changed.splice(at, 0, ...changed.slice(at, at + random.int(20)))
        break
      case 3:
        changed.splice(at, random.int(6))
        break
      // A variable-length integer of 2^32 - 1 and one that does not end.
      case 4:
        changed.splice(
          at,
          random.int(2),
          ...random.pick([[255, 255, 255, 255, 15], [128, 128, 128, 128, 128], [0], [127]]),
        )
        break
      case 5:
        changed = changed.map((byte, index) => (index === at ? byte ^ (1 << random.int(8)) : byte))
        break
    }
  }
  return Uint8Array.from(changed)
}
