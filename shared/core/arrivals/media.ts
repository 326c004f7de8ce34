import type { MediaCopy } from '../../model/entry.ts'
import type { InputOf } from '../input.ts'
import type { Decision } from '../outcome.ts'
import { held, type World } from '../world.ts'

/** A customer's media are in own storage now, or never will be: the text says so on every screen [F131, Q3]. */
export function decideCopied(world: World, input: InputOf<'copied'>): Decision {
  const { media: id, entry: of, user, outcome } = input
  const entry = held(world.thread)?.entries.find((entry) => entry.id === of)
  const effects: Decision['effects'] = [{ kind: 'copied', media: id }]
  if (entry?.kind !== 'inbound' || !entry.media.some((media) => media.id === id))
    return { changes: [], effects }
  const copy: MediaCopy =
    outcome.kind === 'kept' ? { state: 'kept', bytes: outcome.bytes } : { state: 'lost', why: outcome.why }
  const media = entry.media.map((each) => {
    if (each.id !== id) return each
    return outcome.kind === 'kept' ? { ...each, contentType: outcome.contentType, copy } : { ...each, copy }
  })
  return { changes: [{ kind: 'media', user, entry: of, media }], effects }
}
