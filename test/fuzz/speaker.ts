import fc from 'fast-check'
import { z } from 'zod'
import type { Random } from '#test/kit/random.ts'

/** A JSON schema as zod writes it, as far as the wire uses it. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  /** A tuple's places; `items` is false beside it. */
  prefixItems?: Schema[]
  pattern?: string
  maxLength?: number
  minimum?: number
  maximum?: number
}

/**
 * Says what a schema allows. Everything is read from the schema itself, so that a new frame or command is spoken
 * from the day on which it stands on the wire's contents page, and by nobody's doing.
 */
export class Speaker {
  readonly #random: Random
  readonly #schemas = new Map<z.core.$ZodType, Schema>()
  readonly #patterns = new Map<string, string[]>()
  /** Words that mean something where this is heard: ids that exist. Where a pattern fits one, it is said. */
  known: string[] = []
  /** The same for fields of a name, where no pattern tells. */
  named: Record<string, readonly string[]> = {}
  /** Base64 for fields that are named as bytes are. */
  bytes: () => string = () => ''

  constructor(random: Random) {
    this.#random = random
  }

  say(schema: z.core.$ZodType): unknown {
    const known = this.#schemas.get(schema)
    const read = known ?? (z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Schema)
    if (!known) this.#schemas.set(schema, read)
    return this.#value(read, '')
  }

  #value(schema: Schema, name: string): unknown {
    const { int, pick, next } = this.#random
    if ('const' in schema) return schema.const
    if (schema.enum) return pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.#value(pick(choices), name)
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.#value(part, name)))
    switch (schema.type) {
      case 'object':
        return this.#object(schema)
      case 'array':
        if (schema.prefixItems) return schema.prefixItems.map((item) => this.#value(item, name))
        return Array.from({ length: int(4) }, () => this.#value(schema.items ?? {}, name))
      case 'string':
        return this.#text(schema, name)
      case 'integer':
        return Math.max(schema.minimum ?? -5, pick([0, 1, 1, 2, int(30), int(1000)]))
      case 'number':
        return Math.max(schema.minimum ?? -5, next() < 0.5 ? int(100) : next() * 1e6)
      case 'boolean':
        return next() < 0.5
      case 'null':
        return null
      default:
        return pick(['', 0, null, 'anything'])
    }
  }

  #object(schema: Schema): Record<string, unknown> {
    const { next, int, pick } = this.#random
    const made: Record<string, unknown> = {}
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (schema.required?.includes(name) || next() < 0.5) made[name] = this.#value(property, name)
    if (!schema.properties && typeof schema.additionalProperties === 'object')
      for (let count = int(3); count > 0; count--)
        made[schema.propertyNames?.pattern ? this.#matching(schema.propertyNames.pattern) : pick(keys)] =
          this.#value(schema.additionalProperties, '')
    return made
  }

  #text(schema: Schema, name: string): string {
    const { next, pick, int } = this.#random
    if (schema.pattern !== undefined) return this.#matching(schema.pattern)
    if (/update|state|vector|bytes/i.test(name) && next() < 0.9) return this.bytes()
    const words = this.named[name]
    if (words && words.length > 0 && next() < 0.8) return pick(words)
    const said = pick([pick(texts), pick(this.known.length > 0 ? this.known : texts)])
    return int(20) === 0 ? said.repeat(1 + int(40)) : said
  }

  #matching(pattern: string): string {
    const { pick, next } = this.#random
    const expression = new RegExp(pattern)
    const real = this.known.filter((word) => expression.test(word))
    if (real.length > 0 && next() < 0.85) return pick(real)
    const made =
      this.#patterns.get(pattern) ??
      fc.sample(fc.stringMatching(expression), { seed: this.#random.int(2 ** 31), numRuns: 12 })
    this.#patterns.set(pattern, made)
    return pick(made)
  }
}

/** Names in records whose names can be anything. */
const keys = ['main', 'other', 'shard']

/** What people and robots type. */
const texts = [
  'Hello?',
  'STOP',
  'start',
  'Yes, tomorrow at 9 works 👍',
  '+13125550142',
  '+13095550100',
  '(309) 555-0199',
  '',
  ' ',
  "'; DROP TABLE rows; --",
  '<img src=x onerror=alert(1)>',
  '{{constructor.constructor("x")()}}',
  'ﷺ𝕏\u202Egnp.exe\u200B',
  'nul\u0000 and half \ud83d',
]
