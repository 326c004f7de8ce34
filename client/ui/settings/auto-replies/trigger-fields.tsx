import { createSignal, For } from 'solid-js'
import { autoReplyFor } from '#shared/rules/auto-replies.ts'
import { autoReplyLabels as labels } from '#shared/rules/auto-reply-form.ts'
import type { AutoReply } from '#shared/rows/auto-reply.ts'
import { useParley } from '#client/state/parley.ts'
import { now } from '../../shell/clock.ts'
import type { Faults } from './faults.tsx'
import { inputOf, minuteIn, type FieldName, type Typed } from './typed.ts'
import { weekdays, windowWords } from './words.ts'

interface Fields {
  typed: Typed
  set(part: Partial<Typed>): void
  faults: Faults<FieldName>
}

/** Time-Based: days of the week and a time of each [F203, F204]. */
export function TimeFields(props: Fields) {
  const { faults } = props
  const tick = (day: number, on: boolean) =>
    props.set({
      days: on ? [...props.typed.days, day] : props.typed.days.filter((other) => other !== day),
    })
  return (
    <>
      <fieldset class="answer-part" tabindex={-1} {...faults.of('days', null)}>
        <legend>{labels.days}</legend>
        <div class="answer-days">
          <For each={weekdays}>
            {([name, short], day) => (
              <label class="answer-day">
                <input
                  type="checkbox"
                  aria-label={name}
                  checked={props.typed.days.includes(day())}
                  onChange={({ currentTarget }) => tick(day(), currentTarget.checked)}
                />
                <span aria-hidden="true">{short}</span>
              </label>
            )}
          </For>
        </div>
        <faults.Wrong at="days" />
      </fieldset>
      <fieldset class="answer-part">
        <legend>Timeframe</legend>
        <div class="answer-window">
          <For
            each={
              [
                ['from', 'From'],
                ['to', 'to'],
              ] as const
            }
          >
            {([field, words]) => (
              <>
                <label for={faults.idOf(field)}>{words}</label>
                <input
                  {...faults.of(field, 'from')}
                  class="input"
                  type="time"
                  value={inputOf(props.typed[field])}
                  onInput={({ currentTarget }) => props.set({ [field]: minuteIn(currentTarget.value) })}
                />
              </>
            )}
          </For>
        </div>
        <p class="quiet" id="answer-from-hint">
          {windowWords(props.typed.from, props.typed.to)}
        </p>
        <faults.Wrong at="from" />
        <faults.Wrong at="to" />
      </fieldset>
    </>
  )
}

/** Text-Based: words and number patterns [F213], and whether a text would be answered by them. */
export function TextFields(props: Fields & { rule: AutoReply }) {
  const parley = useParley()
  const { faults } = props
  const [tried, setTried] = createSignal('')
  const triedWords = () => {
    const [any] = parley.numbers()
    if (tried().trim() === '' || !any) return 'Type what a customer may write, to see whether a pattern fits.'
    const rule = { ...props.rule, number: null, most: null, disabled: false }
    const asking = { number: any.id, text: tried(), at: now(), answered: undefined }
    return autoReplyFor([rule], asking) ? 'A pattern fits this.' : 'No pattern fits this.'
  }
  return (
    <>
      <div class="field">
        <label for={faults.idOf('patterns')}>{labels.patterns}</label>
        <textarea
          {...faults.of('patterns')}
          class="input list-paste"
          dir="auto"
          rows={3}
          spellcheck={false}
          autocomplete="off"
          value={props.typed.patterns}
          onInput={({ currentTarget }) => props.set({ patterns: currentTarget.value })}
        />
        <faults.Hint of="patterns">
          One on each line, in any case. # stands for one digit: order #### answers to order 1234.
        </faults.Hint>
        <faults.Wrong at="patterns" />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={props.typed.anywhere}
          onChange={({ currentTarget }) => props.set({ anywhere: currentTarget.checked })}
        />
        <span>Also where it is only a part of the text</span>
      </label>
      <div class="field">
        <label for="answer-tried">Try a text</label>
        <input
          id="answer-tried"
          class="input"
          dir="auto"
          autocomplete="off"
          aria-describedby="answer-tried-hint"
          value={tried()}
          onInput={({ currentTarget }) => setTried(currentTarget.value)}
        />
        <p class="quiet" id="answer-tried-hint" role="status">
          {triedWords()}
        </p>
      </div>
    </>
  )
}
