import { createEffect, createMemo, createSignal, Match, Show, Switch, type Accessor } from 'solid-js'
import type { OpenConversation, ThreadEntry } from '#client/state/parley.ts'
import { Keyed } from '../../controls/keyed.tsx'
import { dayKey } from '../../shell/clock.ts'
import { arrange, type Block } from './arrange.ts'
import { Group } from './group.tsx'
import { whenReached } from './reached.ts'
import { Changes, DayLine, Ended, Memo, Note, UnreadLine } from './lines.tsx'

/** Entries of one conversation, drawn as blocks; of a very long one the end, with the rest a press away. */
export function Blocks(props: {
  entries: readonly ThreadEntry[]
  unreadFrom: string | null
  open: OpenConversation
  /** Told whether everything that is on this device is drawn. */
  whole?: (isWhole: boolean) => void
}) {
  const [room, setRoom] = createSignal(page)
  const all = createMemo(() => arrange(props.entries, props.unreadFrom, dayKey))
  const shown = createMemo(() => all().slice(-room()))
  createEffect(() => props.whole?.(all().length <= room()))
  return (
    <>
      <Show when={all().length > room()}>
        <button
          type="button"
          class="button small earlier"
          ref={(element) => whenReached(element, () => setRoom(room() + page))}
          onClick={() => setRoom(room() + page)}
        >
          Show earlier
        </button>
      </Show>
      <Keyed each={shown()} by={(block) => block.id}>
        {(block) => <OneBlock block={block} open={props.open} />}
      </Keyed>
    </>
  )
}

function OneBlock(props: { block: Accessor<Block>; open: OpenConversation }) {
  const as = <Kind extends Block['kind']>(kind: Kind) => {
    const block = props.block()
    return block.kind === kind ? (block as Extract<Block, { kind: Kind }>) : null
  }
  return (
    <Switch>
      <Match when={as('group')}>{(block) => <Group block={block()} open={props.open} />}</Match>
      <Match when={as('note')}>{(block) => <Note entry={block().entry} />}</Match>
      <Match when={as('changes')}>{(block) => <Changes entries={block().entries} />}</Match>
      <Match when={as('ended')}>{(block) => <Ended entry={block().entry} />}</Match>
      <Match when={as('memo')}>{(block) => <Memo entry={block().entry} />}</Match>
      <Match when={as('day')}>{(block) => <DayLine at={block().at} />}</Match>
      <Match when={as('unread')}>
        <UnreadLine />
      </Match>
    </Switch>
  )
}

const page = 160
