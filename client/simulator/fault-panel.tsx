import { createUniqueId, For, Show } from 'solid-js'
import { modes, receipts, type Faults } from './carrier.ts'

/** How the chosen channel treats what Parley hands it. A choice counts at once. */
export function FaultPanel(props: { faults: Faults | null; onChange: (faults: Faults) => void }) {
  const id = createUniqueId()
  const faults = () => props.faults ?? { mode: 'none', ms: 3000, count: null, receipts: 'auto' }
  return (
    <>
      <fieldset class="choice" disabled={props.faults === null}>
        <legend>When Parley hands it a text</legend>
        <For each={modes}>
          {(mode) => (
            <label>
              <input
                type="radio"
                name={`${id}-mode`}
                checked={faults().mode === mode}
                onChange={() => props.onChange({ ...faults(), mode })}
              />
              <span>
                {modeWords[mode].name} <small>{modeWords[mode].about}</small>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <Show when={faults().mode !== 'none'}>
        <div class="fields">
          <label for={`${id}-count`}>For</label>
          <select
            id={`${id}-count`}
            value={String(faults().count ?? 'all')}
            onChange={({ currentTarget: { value } }) =>
              props.onChange({ ...faults(), count: value === 'all' ? null : Number(value) })
            }
          >
            <option value="all">every text</option>
            <For each={countsWith(faults().count)}>
              {(count) => (
                <option value={count}>{count === 1 ? 'the next text' : `the next ${count} texts`}</option>
              )}
            </For>
          </select>
          <Show when={faults().mode === 'slow'}>
            <label for={`${id}-ms`}>Seconds</label>
            <input
              id={`${id}-ms`}
              type="number"
              min="0"
              max="60"
              step="0.5"
              value={faults().ms / 1000}
              onChange={({ currentTarget }) => {
                const ms = Math.round(currentTarget.valueAsNumber * 1000)
                if (currentTarget.validity.valid && ms >= 0) props.onChange({ ...faults(), ms })
              }}
            />
          </Show>
        </div>
      </Show>
      <fieldset class="choice row" disabled={props.faults === null}>
        <legend>Delivery receipts</legend>
        <For each={receipts}>
          {(setting) => (
            <label>
              <input
                type="radio"
                name={`${id}-receipts`}
                checked={faults().receipts === setting}
                onChange={() => props.onChange({ ...faults(), receipts: setting })}
              />
              <span>{receiptWords[setting]}</span>
            </label>
          )}
        </For>
      </fieldset>
    </>
  )
}

const modeWords: Record<Faults['mode'], { name: string; about: string }> = {
  none: { name: 'Works', about: 'takes it and says so' },
  slow: { name: 'Slow', about: 'takes it and answers late' },
  refuse: { name: 'Refuses', about: 'answers with an error' },
  'timeout-after-accept': { name: 'Takes it, never answers', about: 'delivers it' },
  'drop-before-accept': { name: 'Drops it, never answers', about: 'delivers nothing' },
}

const receiptWords: Record<Faults['receipts'], string> = {
  auto: 'Automatic',
  manual: 'By hand',
  shuffled: 'Wrong order',
  repeated: 'Three times',
}

function countsWith(present: number | null): number[] {
  const usual = [1, 2, 3, 5, 10]
  return present === null || usual.includes(present) ? usual : [...usual, present].toSorted((a, b) => a - b)
}
