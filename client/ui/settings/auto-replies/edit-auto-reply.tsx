import { createEffect, createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import * as z from 'zod/mini'
import type { AutoReplyId } from '#shared/base/ids.ts'
import { isWithin } from '#shared/rules/auto-replies.ts'
import { autoReplyLabels as labels, refuseAutoReply } from '#shared/rules/auto-reply-form.ts'
import { may } from '#shared/rules/permissions.ts'
import { autoReplySaid, type AutoReply, type AutoReplySaid } from '#shared/rows/auto-reply.ts'
import { useParley } from '#client/state/parley.ts'
import { createSaving } from '#client/state/profile.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Question } from '../../controls/question.tsx'
import { say } from '../../controls/toasts.ts'
import { now } from '../../shell/clock.ts'
import { keptForms } from '../../shell/kept-forms.ts'
import { timeZones } from '../profile/time-zones.ts'
import { createFaults } from './faults.tsx'
import { TextFields, TimeFields } from './trigger-fields.tsx'
import { emptyIn, saidIn, typedOf, typedSchema, type FieldName, type Typed } from './typed.ts'
import { lengthWords, momentWords, ruleWords } from './words.ts'

/** What is typed and not saved, over what stood there when it was begun; null for a new one. */
const keptSchema = z.object({ typed: typedSchema, seen: z.nullable(autoReplySaid) })

/**
 * NEW AUTO-REPLY and EDIT [F201-F210], the fields in the guide's order. Nothing is written before the form is sent. What
 * is typed stays where it is refused, where a colleague changes or removes what it is about, and over a reload; Cancel
 * lets go of it. Words and patterns are for admins.
 */
export function EditAutoReply(props: {
  /** Null for a new one. */
  id: AutoReplyId | null
  /** Null also where a colleague has removed it. */
  rule: AutoReply | null
  leave(): void
}) {
  const parley = useParley()
  const saving = parley.open(createSaving)
  const id = props.id ?? saving.newAutoReply()
  const forms = keptForms(parley)
  const name = `auto-reply ${props.id ?? 'new'}`
  const kept = forms.read(name, keptSchema)
  /** What a save expects: what its author began on, or was shown since. */
  const [seen, setSeen] = createSignal(kept ? kept.seen : props.rule && saidOf(props.rule))
  const [theirs, setTheirs] = createSignal<AutoReply | null>(null)
  const begun = seen()
  const begin = typedOf(begun, parley.accountTimeZone())
  const [typed, setTyped] = createSignal<Typed>(kept?.typed ?? begin)
  createEffect(() => {
    const isTouched = JSON.stringify(typed()) !== JSON.stringify(begin)
    forms.keep(name, isTouched ? { typed: typed(), seen: seen() } : null)
  })
  const isGone = () => props.id !== null && props.rule === null
  const isNew = () => props.rule === null
  const leave = () => {
    forms.keep(name, null)
    props.leave()
  }
  const [busy, setBusy] = createSignal(false)
  const [isAsking, setIsAsking] = createSignal(false)
  const faults = createFaults<FieldName>('answer')
  const set = (part: Partial<Typed>) => {
    setTyped((before) => ({ ...before, ...part }))
    faults.clear()
  }
  const said = createMemo(() => saidIn(typed()))
  const isOpen = () => {
    const { trigger } = said()
    return trigger.kind === 'time' && isWithin(trigger, now())
  }
  let form: HTMLFormElement | undefined

  const write = async (next: AutoReplySaid | null, done: string) => {
    if (busy()) return
    // A colleague was as quick.
    if (next === null && isGone()) return leave()
    setBusy(true)
    const outcome = await saving
      .saveAutoReply(id, isGone() ? null : seen(), next)
      .finally(() => setBusy(false))
    if (outcome.ok || outcome.code === 'already so') {
      say(done)
      return leave()
    }
    // Its author is shown the other one: the next press puts this in its place, and no third one.
    if (outcome.code === 'changed') {
      setTheirs(props.rule)
      setSeen(props.rule && saidOf(props.rule))
    }
    // A refusal names its field by its label.
    const field = (Object.keys(labels) as (keyof typeof labels)[]).find((name) =>
      outcome.text.startsWith(`${labels[name]}: `),
    )
    faults.say(form, field ?? null, field ? outcome.text.slice(labels[field].length + 2) : outcome.text)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const numbers = new Map(parley.numbers().map((row) => [row.id, row]))
    const wrong = emptyIn(typed()) ?? refuseAutoReply(said(), parley.settings(), numbers)
    if (wrong) return faults.say(form, wrong.field, wrong.text)
    void write(said(), isNew() ? 'Auto-reply added.' : 'Auto-reply updated.')
  }

  return (
    <>
      <form
        class="answer-form"
        aria-labelledby="answers-title"
        novalidate
        ref={(element) => (form = element)}
        onSubmit={submit}
      >
        <h2 class="page-title" id="answers-title" tabindex={-1}>
          {props.id === null ? 'New Auto-Reply' : 'Edit Auto-Reply'}
        </h2>
        <div role="status">
          <Show when={isGone()}>
            <p>Somebody removed this auto-reply. What stands here can be added anew.</p>
          </Show>
        </div>
        <Show when={props.id === null && may(parley.session.role(), 'edit settings')}>
          <Kinds picked={typed().kind} pick={(kind) => set({ kind })} />
        </Show>
        <div class="field">
          <label for={faults.idOf('number')}>{labels.number}</label>
          <select
            {...faults.of('number')}
            class="input"
            onChange={({ currentTarget }) =>
              set({ number: parley.numbers()[currentTarget.selectedIndex - 1]?.id ?? null })
            }
          >
            <option selected={typed().number === null}>Global</option>
            <For each={parley.numbers()}>
              {(row) => (
                <option selected={row.id === typed().number}>
                  {row.name ? `${row.name}, ${showAddress(row.address)}` : showAddress(row.address)}
                </option>
              )}
            </For>
          </select>
          <faults.Hint of="number">
            Global answers on every number that has no auto-reply of this kind of its own.
          </faults.Hint>
          <faults.Wrong at="number" />
        </div>
        <Switch>
          <Match when={typed().kind === 'time'}>
            <TimeFields typed={typed()} set={set} faults={faults} />
          </Match>
          <Match when={typed().kind === 'text'}>
            <TextFields typed={typed()} set={set} faults={faults} rule={{ ...said(), id }} />
          </Match>
        </Switch>
        <div class="field">
          <label for={faults.idOf('text')}>{labels.text}</label>
          <textarea
            {...faults.of('text')}
            class="input list-text"
            dir="auto"
            rows={4}
            value={typed().text}
            onInput={({ currentTarget }) => set({ text: currentTarget.value })}
          />
          <faults.Hint of="text">{lengthWords(said().text)}</faults.Hint>
          <faults.Wrong at="text" />
        </div>
        <Show when={typed().kind === 'time'}>
          <div class="field">
            <label for={faults.idOf('timeZone')}>{labels.timeZone}</label>
            <select
              {...faults.of('timeZone')}
              class="input"
              onChange={({ currentTarget }) => set({ timeZone: currentTarget.value })}
            >
              <For each={timeZones(begin.timeZone)}>
                {([region, zones]) => (
                  <optgroup label={region}>
                    <For each={zones}>
                      {([name, shown]) => (
                        <option value={name} selected={typed().timeZone === name}>
                          {shown}
                        </option>
                      )}
                    </For>
                  </optgroup>
                )}
              </For>
            </select>
            <faults.Hint of="timeZone">
              {`It is ${momentWords(now(), typed().timeZone)} there: a text ${isOpen() ? 'would be' : 'would not be'} answered now.`}
            </faults.Hint>
            <faults.Wrong at="timeZone" />
          </div>
        </Show>
        <div class="answer-limit">
          <label class="check">
            <input
              type="checkbox"
              checked={typed().isLimited}
              onChange={({ currentTarget }) => set({ isLimited: currentTarget.checked })}
            />
            <span>Limit how many times it goes to one mobile user in one open conversation</span>
          </label>
          <Show when={typed().isLimited}>
            <div class="field">
              <label for={faults.idOf('most')}>{labels.most}</label>
              <input
                {...faults.of('most', null)}
                class="input narrow"
                inputmode="numeric"
                autocomplete="off"
                value={typed().most}
                onInput={({ currentTarget }) => set({ most: currentTarget.value })}
              />
              <faults.Wrong at="most" />
            </div>
          </Show>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={typed().disabled}
            onChange={({ currentTarget }) => set({ disabled: currentTarget.checked })}
          />
          <span>Disabled</span>
        </label>
        <div role="alert" id="answer-wrong" tabindex={-1}>
          <Show when={faults.at(null)}>{(text) => <p class="error">{text()}</p>}</Show>
          <Show when={faults.at(null) !== null && theirs()}>
            {(theirs) => (
              <p class="answer-theirs">
                {`It says now: "${theirs().text}" (${ruleWords(theirs(), parley.numbers())}). UPDATE AUTO-REPLY again puts yours in its place.`}
              </p>
            )}
          </Show>
        </div>
        <div class="lists-actions">
          <button type="submit" class="button primary" aria-disabled={busy() ? 'true' : undefined}>
            {isNew() ? 'ADD AUTO-REPLY' : 'UPDATE AUTO-REPLY'}
          </button>
          <button type="button" class="button" onClick={leave}>
            Cancel
          </button>
          <Show when={props.rule}>
            <span class="spring" />
            <button type="button" class="button danger" onClick={() => setIsAsking(true)}>
              Remove
            </button>
          </Show>
        </div>
      </form>
      <Question
        open={isAsking()}
        text="Remove this auto-reply?"
        ok={() => {
          setIsAsking(false)
          void write(null, 'Auto-reply removed.')
        }}
        cancel={() => setIsAsking(false)}
      />
    </>
  )
}

/** The two kinds that there are [F83]. Chosen once: another kind is another auto-reply. */
function Kinds(props: { picked: Typed['kind']; pick(kind: Typed['kind']): void }) {
  return (
    <fieldset class="answer-kinds">
      <legend>It answers to</legend>
      <For
        each={
          [
            ['time', 'The time', 'Time-Based: whatever comes within a time of the day and the week.'],
            ['text', 'The text', 'Text-Based: words or number patterns, at any time.'],
          ] as const
        }
      >
        {([kind, name, hint]) => (
          <label class="choice">
            <input
              type="radio"
              name="answer-kind"
              aria-label={name}
              aria-describedby={`answer-kind-${kind}`}
              checked={props.picked === kind}
              onChange={() => props.pick(kind)}
            />
            <span class="answer-kind">
              {name}
              <span class="quiet" id={`answer-kind-${kind}`}>
                {hint}
              </span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}

function saidOf({ id: _, ...said }: AutoReply): AutoReplySaid {
  return said
}
