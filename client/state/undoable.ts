import type { CommandId, ConversationId } from '#shared/base/ids.ts'
import { ownerAfter } from '#shared/core/commands/ownership.ts'
import type { Command, ViewSaid } from '#shared/core/command.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import { defaultCriteria, type View } from '#shared/rules/views.ts'
import type { Company } from '#client/db/company.ts'
import type { Actions } from '#client/sync/actions.ts'
import type { Pressed } from '#client/sync/presses.ts'
import type { Identity } from '#client/db/meta.ts'
import type { ManyAct, ManyOutcome, Outcome } from './parley.ts'

/**
 * What can be taken back, with how: a new command that expects the state which the first one made, so that what
 * somebody else did meanwhile is never undone by accident. A sent command is never removed.
 */
export function createUndoable(actions: Actions, me: Identity['agent'], company: () => Company | undefined) {
  const done = (pressed: Pressed, back: Command | null): Outcome => {
    if (!pressed.ok) return pressed
    const { id } = pressed
    return back === null ? { ok: true } : { ok: true, undo: () => actions.undo(id, back).then(plainly) }
  }

  return {
    claim: async (row: Conversation) =>
      done(await actions.claim(row), putBack(row, { agent: me, group: row.group })),

    transfer: async (row: Conversation, to: Owner) =>
      done(
        await actions.transfer(row, to),
        putBack(row, ownerAfter(row, to, company()?.agents ?? new Map())),
      ),

    followUp: async (conversation: ConversationId, on: boolean) =>
      done(await actions.followUp(conversation, on), unflag(conversation, on)),

    async mark(row: Conversation, as: 'read' | 'unread') {
      const pressed = await actions.mark(row.id, orderFor(row, as))
      return done(pressed, { name: 'MarkRead', conversation: row.id, order: pressed.before })
    },

    async many(rows: readonly Conversation[], act: ManyAct) {
      const agents = company()?.agents ?? new Map()
      const before = act.do === 'mark' ? await actions.marks(rows.map(({ id }) => id)) : []
      const pressed = await actions.all(rows.map((row) => commandFor(row, act)))
      const backs = rows.flatMap((row, index): { id: CommandId; back: Command }[] => {
        const one = pressed[index]
        const back = backFor(row, act, before[index] ?? 0, agents)
        return one?.ok && back ? [{ id: one.id, back }] : []
      })
      const outcomes = pressed.map((one): ManyOutcome => (one.ok ? { ok: true, change: one.id } : one))
      return {
        outcomes,
        undo: async () => {
          const undone: Outcome[] = []
          for (const { id, back } of backs) undone.push(plainly(await actions.undo(id, back)))
          return undone
        },
      }
    },

    removeQuickReply: async (row: QuickReply) =>
      done(await actions.removeQuickReply(row), {
        name: 'AddQuickReply',
        quickReply: row.id,
        shared: row.owner === null,
        text: row.text,
        ...(row.textOnly ? { textOnly: true } : {}),
      }),

    async addView(view: View['id'], shared: boolean, to: ViewSaid) {
      return done(await actions.addView(view, shared, to), { name: 'RemoveView', view, expect: to })
    },

    async editView(view: View, to: ViewSaid) {
      const was = saidOf(view)
      return done(await actions.editView(view.id, was, to), {
        name: 'EditView',
        view: view.id,
        expect: to,
        to: was,
      })
    },

    async removeView(view: View) {
      const was = saidOf(view)
      const pressed = await actions.removeView(view.id, was)
      if (view.builtIn === null)
        return done(pressed, { name: 'AddView', view: view.id, shared: view.owner === null, to: was })
      const expect = { label: view.name, criteria: defaultCriteria[view.builtIn] }
      return done(pressed, { name: 'EditView', view: view.id, expect, to: was })
    },
  }
}

type Owner = Pick<Conversation, 'agent' | 'group'>

function plainly(pressed: Pressed): Outcome {
  return pressed.ok ? { ok: true } : pressed
}

function saidOf({ name, criteria }: View): ViewSaid {
  return { label: name, criteria }
}

function putBack({ id, agent, group }: Conversation, expect: Owner): Command {
  return { name: 'PutBackOwner', conversation: id, expect, to: { agent, group } }
}

function unflag(conversation: ConversationId, on: boolean): Command {
  return { name: 'SetFollowUp', conversation, on: !on, expect: on }
}

/** Unread again means: read up to just before the customer's newest text. */
function orderFor({ inboundOrder }: Conversation, as: 'read' | 'unread'): number {
  return as === 'read' ? inboundOrder : Math.max(0, inboundOrder - 1)
}

function commandFor(row: Conversation, act: ManyAct): Command {
  const { id: conversation, agent, group } = row
  switch (act.do) {
    case 'assign':
      return { name: 'TransferConversation', conversation, expect: { agent, group }, to: act.to }
    case 'end':
      return { name: 'EndConversation', conversation }
    case 'follow up':
      return { name: 'SetFollowUp', conversation, on: act.on }
    case 'mark':
      return { name: 'MarkRead', conversation, order: orderFor(row, act.as) }
  }
}

/** Ending is asked, not undone. */
function backFor(row: Conversation, act: ManyAct, mark: number, agents: Company['agents']): Command | null {
  switch (act.do) {
    case 'assign':
      return putBack(row, ownerAfter(row, act.to, agents))
    case 'end':
      return null
    case 'follow up':
      return row.followUp === act.on ? null : unflag(row.id, act.on)
    case 'mark':
      return { name: 'MarkRead', conversation: row.id, order: mark }
  }
}
