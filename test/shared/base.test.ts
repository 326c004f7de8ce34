import { describe, expect, it } from 'vitest'
import { crc32 } from '#shared/base/crc32.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { base32, clientId, commandId, conversationId, entryId, entryOf, makeIds } from '#shared/base/ids.ts'
import { makeRandom, permutations, seededIds } from '#test/kit/random.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('ids', () => {
  it('base32 is that of RFC 4648, in lower case and without padding', () => {
    // RFC 4648, section 10.
    const vectors = {
      '': '',
      f: 'my',
      fo: 'mzxq',
      foo: 'mzxw6',
      foob: 'mzxw6yq',
      fooba: 'mzxw6ytb',
      foobar: 'mzxw6ytboi',
    }
    for (const [text, code] of Object.entries(vectors)) expect(base32(bytesOf(text))).toBe(code)
  })

  it('every id that is made is one that is read, and of one kind only', () => {
    const ids = seededIds(5)
    const schemas = [conversationId, commandId, clientId, entryId]
    for (const [kind, id] of [ids.conversation(), ids.command(), ids.client(), ids.entry()].entries())
      expect(schemas.map((schema) => schema.safeParse(id).success)).toEqual(
        schemas.map((_, index) => index === kind),
      )
    expect(entryId.safeParse(entryOf(ids.command(), 2)).success).toBe(true)
  })

  it('[E11] an id carries all of its 128 random bits', () => {
    const flipped = Array.from({ length: 128 }, (_, bit) => {
      const bytes = new Uint8Array(16)
      bytes[bit >> 3] = 1 << (bit & 7)
      return makeIds(() => bytes).command()
    })
    expect(new Set([makeIds(() => new Uint8Array(16)).command(), ...flipped]).size).toBe(129)
  })
})

describe('checksums and hashes', () => {
  it('the CRC-32 of "123456789" is cbf43926, and one changed bit changes it', () => {
    expect(crc32(bytesOf('123456789')).toString(16)).toBe('cbf43926')
    expect(crc32(new Uint8Array())).toBe(0)
    const bytes = makeRandom(1).bytes(64)
    for (let bit = 0; bit < 512; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(crc32(damaged)).not.toBe(crc32(bytes))
    }
  })

  it('[P1] no two of 200,000 like arrivals share a dedupe key', () => {
    const keys = new Set<string>()
    for (let n = 0; n < 200_000; n++)
      keys.add(hash64(`inbound northwind-twilio SM${n.toString(16).padStart(32, '0')}`))
    expect(keys.size).toBe(200_000)
    expect([...keys].every((key) => /^[0-9a-f]{16}$/.test(key))).toBe(true)
  })
})

describe('the kit', () => {
  it('repeats a run from its seed', () => {
    const run = (seed: number) => {
      const random = makeRandom(seed)
      return [
        random.next(),
        random.int(10),
        random.pick(['a', 'b', 'c']),
        random.shuffle([1, 2, 3, 4]),
        [...random.bytes(4)],
      ]
    }
    expect(run(42)).toEqual(run(42))
    expect(run(42)).not.toEqual(run(43))
    expect(makeRandom(1).shuffle([1, 2, 3]).toSorted()).toEqual([1, 2, 3])
  })

  it('knows every order once', () => {
    expect(permutations([1, 2, 3])).toHaveLength(6)
    expect(permutations(['a', 'a', 'b'])).toEqual([
      ['a', 'a', 'b'],
      ['a', 'b', 'a'],
      ['b', 'a', 'a'],
    ])
  })
})
