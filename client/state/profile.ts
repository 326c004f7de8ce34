import * as z from 'zod/mini'
import type { AgentId, AutoReplyId, MediaId, NumberId } from '#shared/base/ids.ts'
import type { NumberSaid, ProfileSaid, SettingsSaid } from '#shared/core/command.ts'
import type { AutoReplySaid } from '#shared/rows/auto-reply.ts'
import type { Behind, Outcome } from './parley.ts'

/** For `parley.open`: what the forms of Settings save. */
export function createSaving({ engine, actions }: Behind) {
  const { ids, device } = engine.parts
  return {
    /** `picture` is a new avatar, null for none any more; absent for the one that stands there. */
    saveProfile(
      agent: AgentId,
      before: { said: ProfileSaid; avatar: MediaId | null },
      said: ProfileSaid,
      picture?: Blob | null,
    ): Promise<Outcome> {
      if (picture === undefined)
        return actions.save({ name: 'SaveProfile', agent, expect: before.said, to: said })
      const avatar = picture && ids.media()
      const expect = { ...before.said, avatar: before.avatar }
      const brings = picture && avatar ? { id: avatar, blob: picture, contentType: picture.type } : undefined
      return actions.save({ name: 'SaveProfile', agent, expect, to: { ...said, avatar } }, brings)
    },
    saveSettings: (expect: SettingsSaid, to: SettingsSaid): Promise<Outcome> =>
      actions.save({ name: 'SaveSettings', expect, to }),
    saveNumber: (number: NumberId, expect: NumberSaid, to: NumberSaid): Promise<Outcome> =>
      actions.save({ name: 'SaveNumber', number, expect, to }),
    newAutoReply: (): AutoReplyId => ids.autoReply(),
    /** `expect` is null for a new one, `to` for one that is removed. */
    saveAutoReply: (
      autoReply: AutoReplyId,
      expect: AutoReplySaid | null,
      to: AutoReplySaid | null,
    ): Promise<Outcome> => actions.save({ name: 'SaveAutoReply', autoReply, expect, to }),
    /** Changes one's own password at the edge: nothing of it is ever kept on a device. */
    async changePassword(current: string, next: string): Promise<PasswordAnswer> {
      try {
        const reply = await device.fetch('/api/password', {
          method: 'PUT',
          body: JSON.stringify({ current, next }),
        })
        const body = await reply.json().catch(() => null)
        if (reply.status === 200) return { ok: true, ...changed.parse(body) }
        const told = refused.safeParse(body)
        if (told.success) return { ok: false, ...told.data }
        return { ok: false, field: 'current', text: 'The password was not changed. Try again in a moment.' }
      } catch {
        return {
          ok: false,
          field: 'current',
          text: 'Changing the password needs a connection. It was not changed.',
        }
      }
    },
  }
}

const changed = z.object({ ended: z.int(), complete: z.boolean() })
const refused = z.object({ field: z.enum(['current', 'next']), text: z.string() })

export type PasswordAnswer =
  | { ok: true; ended: number; complete: boolean }
  | { ok: false; field: 'current' | 'next'; text: string }
