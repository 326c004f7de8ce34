import { createEffect, createMemo, createSignal, createUniqueId, For, on, untrack } from 'solid-js'
import { channels } from './companies.ts'
import { readFaults, setFaults, type Faults } from './carrier.ts'
import { FaultPanel } from './fault-panel.tsx'
import { createLatest, type Revisions } from './live.ts'
import { SentList } from './sent-list.tsx'

/** The carrier between the phones and Parley: how it misbehaves, and what it was handed. */
export function CarrierPanel(props: { revisions: Revisions }) {
  const id = createUniqueId()
  const [chosen, setChosen] = createSignal<string>(channels[0].id)
  const [trouble, setTrouble] = createSignal('')
  const channel = createMemo(() => channels.find(({ id }) => id === chosen()) ?? channels[0])
  const watch = () => ({ channel: chosen(), revision: props.revisions(chosen()) })
  const told = createLatest(
    watch,
    async ({ channel }) => ({ channel, faults: await readFaults(channel) }),
    null as { channel: string; faults: Faults } | null,
  )
  /** What was chosen and not heard back of: the next choice builds on it, however quickly it comes. */
  const [asked, setAsked] = createSignal<{ channel: string; faults: Faults } | null>(null)
  const faults = () => [asked(), told()].find((known) => known?.channel === chosen())?.faults ?? null
  const change = async (setting: Faults) => {
    const mine = { channel: chosen(), faults: setting }
    setAsked(mine)
    try {
      await setFaults(mine.channel, setting)
      setTrouble('')
    } catch {
      setTrouble('Not changed: the simulated carrier does not answer.')
      if (asked() === mine) setAsked(null)
    }
  }
  // The carrier tells of a change once it holds, and from then on its own word counts again.
  createEffect(
    on(told, (known) => {
      const waits = untrack(asked)
      if (waits && known && isSame(waits.faults, known.faults)) setAsked(null)
    }),
  )
  return (
    <aside class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>The carrier</h2>
      <fieldset class="choice row">
        <legend>Channel</legend>
        <For each={channels}>
          {({ id: value, name }) => (
            <label>
              <input
                type="radio"
                name={`${id}-channel`}
                value={value}
                checked={chosen() === value}
                onChange={() => setChosen(value)}
              />
              <span>{name}</span>
            </label>
          )}
        </For>
      </fieldset>
      <p class="about">{channel().about}</p>
      <FaultPanel faults={faults()} onChange={change} />
      <p class="trouble" role="alert">
        {trouble()}
      </p>
      <SentList channel={chosen()} byHand={faults()?.receipts === 'manual'} revisions={props.revisions} />
    </aside>
  )
}

function isSame(a: Faults, b: Faults): boolean {
  return a.mode === b.mode && a.ms === b.ms && a.count === b.count && a.receipts === b.receipts
}
