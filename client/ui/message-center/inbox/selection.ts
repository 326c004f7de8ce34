import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  type Accessor,
} from 'solid-js'
import { minute } from '#shared/base/time.ts'
import type { ConversationId } from '#shared/base/ids.ts'
import { useParley, type InboxRow, type ManyAct, type ManyOutcome } from '#client/state/parley.ts'
import { say, sayError } from '../../controls/toasts.ts'
import { endOffers, offer } from '../undo.ts'

/** What was not done of what was asked for many: whom, and why. */
export interface NotDone {
  what: string
  of: number
  reasons: { title: string; text: string }[]
}

/** What was just asked for many: `titles` by the change of each. */
interface Batch extends NotDone {
  titles: ReadonlyMap<string, string>
}

/** For how long a refusal that comes back is listed where the many were pressed. */
const listedFor = minute

/** The rows that are chosen for something that is done to all of them. A row that leaves the view is chosen no more. */
export function createSelection(rows: Accessor<InboxRow[]>, view: Accessor<unknown>) {
  const parley = useParley()
  const [chosen, setChosen] = createSignal<ReadonlySet<ConversationId>>(new Set())
  const [ending, setEnding] = createSignal(false)
  const [assigning, setAssigning] = createSignal(false)
  const [notDone, setNotDone] = createSignal<NotDone | null>(null)
  const [batch, setBatch] = createSignal<Batch | null>(null)
  // What the edge refuses a moment later is listed as what was refused at once; after that the dot tells of it.
  createEffect(() => {
    const current = batch()
    if (current === null) return
    const late = setTimeout(() => setBatch(null), listedFor)
    onCleanup(() => clearTimeout(late))
  })
  createEffect(() => {
    const current = batch()
    if (current === null) return
    const later = parley.waiting().flatMap(({ id, state, reason }) => {
      const title = current.titles.get(id)
      return state === 'refused' && title !== undefined ? [{ title, text: reason ?? '' }] : []
    })
    const reasons = [...current.reasons, ...later]
    if (reasons.length > 0) setNotDone({ what: current.what, of: current.of, reasons })
  })
  let anchor: ConversationId | null = null
  createComputed(on(view, () => setChosen(new Set<ConversationId>()), { defer: true }))
  const picked = createMemo(() => rows().filter(({ conversation }) => chosen().has(conversation.id)))

  /** What can be chosen: an unsent conversation has nothing that could be done to it. */
  const canBe = (id: ConversationId) =>
    rows().some(({ conversation }) => conversation.id === id && conversation.no !== null)

  function toggle(id: ConversationId): void {
    if (!canBe(id)) return
    const next = new Set(chosen())
    if (!next.delete(id)) next.add(id)
    anchor = id
    setChosen(next)
  }

  /** From the row that was chosen last to this one. */
  function extend(id: ConversationId): void {
    const ids = rows().map(({ conversation }) => conversation.id)
    const [from, to] = [anchor === null ? -1 : ids.indexOf(anchor), ids.indexOf(id)]
    if (from < 0 || to < 0) return toggle(id)
    const next = new Set(chosen())
    for (const each of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) if (canBe(each)) next.add(each)
    setChosen(next)
  }

  async function act(act: ManyAct): Promise<void> {
    const targets = picked().filter(({ conversation }) => isFor(act, conversation.status))
    const left = picked().length - targets.length
    const { outcomes, undo } = await parley.many(
      targets.map(({ conversation }) => conversation),
      act,
    )
    setChosen(new Set<ConversationId>())
    anchor = null
    const reasons = targets.flatMap(({ title }, index) => reasonOf(title, outcomes[index]))
    const count = targets.length - reasons.length
    const titles = new Map(
      targets.flatMap(({ title }, index) => {
        const outcome = outcomes[index]
        return outcome?.ok ? [[outcome.change, title] as const] : []
      }),
    )
    setBatch({ what: words[act.do], of: targets.length, reasons, titles })
    if (left > 0 && targets.length === 0) return sayError('Closed conversations stay as they are.')
    if (count === 0) return
    const said = `${count === 1 ? 'One conversation' : `${count} conversations`} ${words[act.do]}.`
    if (act.do === 'end') {
      for (const [index, { conversation }] of targets.entries())
        if (outcomes[index]?.ok) endOffers(conversation.id)
      return void say(said)
    }
    offer(said, async () => {
      const failed = (await undo()).filter((outcome) => !outcome.ok)
      if (failed.length > 0)
        sayError(`${failed.length} of ${count} had been changed meanwhile and stay as they are.`)
      else say('Taken back.')
    })
  }

  return {
    picked,
    size: () => picked().length,
    has: (id: ConversationId) => chosen().has(id),
    toggle,
    extend,
    clear: () => setChosen(new Set<ConversationId>()),
    all: () => setChosen(new Set(rows().flatMap(({ conversation: { id } }) => (canBe(id) ? [id] : [])))),
    act,
    /** The question before ending all of them is asked. */
    ending,
    setEnding,
    /** It is asked to whom all of them go. */
    assigning,
    setAssigning,
    notDone,
    dismiss: () => {
      setBatch(null)
      setNotDone(null)
    },
  }
}

export type Selection = ReturnType<typeof createSelection>

/** Only marking as read or unread makes sense for what is closed, and even that counts nothing. */
function isFor(act: ManyAct, status: 'open' | 'closed'): boolean {
  return status === 'open' || act.do === 'mark'
}

function reasonOf(title: string, outcome: ManyOutcome | undefined): NotDone['reasons'] {
  return outcome && !outcome.ok ? [{ title, text: outcome.text }] : []
}

const words: Record<ManyAct['do'], string> = {
  assign: 'assigned',
  end: 'ended',
  'follow up': 'flagged or unflagged',
  mark: 'marked',
}
