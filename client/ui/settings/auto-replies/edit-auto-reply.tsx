import { createMemo, createSignal, For, Match, Show, Switch, type JSX } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { autoReplyFor, isWithin } from '#shared/rules/auto-replies.ts'
import { autoReplyLabels as labels, refuseAutoReply, tidyAutoReply } from '#shared/rules/auto-reply-form.ts'
import { measure } from '#shared/rules/content.ts'
import { may } from '#shared/rules/permissions.ts'
import type { AutoReply, AutoReplySaid } from '#shared/rows/auto-reply.ts'
import { useParley } from '#client/state/parley.ts'
import { createSaving } from '#client/state/profile.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Question } from '../../controls/question.tsx'
import { say } from '../../controls/toasts.ts'
import { now } from '../../shell/clock.ts'
import { timeZones } from '../profile/time-zones.ts'
import { momentWords, timeWords, weekdays } from './words.ts'

type FieldName = keyof typeof labels | 'window'

/**
 * NEW AUTO-REPLY and EDIT [F201-F210], the fields in the guide's order. Nothing is written before the form is sent, and
 * what is typed stays where it is refused. Words and patterns are for admins.
 */
export function EditAutoReply(props: { rule: AutoReply | null; leave(): void }) {
  const parley = useParley()
  const saving = parley.open(createSaving)
  const own = props.rule?.id ?? saving.newAutoReply()
  // What stood on this screen when it was opened is what a save expects, until its author knows of another.
  const opened = props.rule && saidOf(props.rule)
  let told = false
  const begin = opened ?? fresh(parley.accountTimeZone())
  const time = begin.trigger.kind === 'time' ? begin.trigger : fresh(parley.accountTimeZone()).trigger
  const words = begin.trigger.kind === 'text' ? begin.trigger : { patterns: [], anywhere: false }
  const [kind, setKind] = createSignal(begin.trigger.kind)
  const [number, setNumber] = createSignal(begin.number)
  const [days, setDays] = createSignal<readonly number[]>(time.days)
  const [from, setFrom] = createSignal<number | null>(time.from)
  const [to, setTo] = createSignal<number | null>(time.to)
  const [timeZone, setTimeZone] = createSignal(time.timeZone)
  const [patterns, setPatterns] = createSignal(words.patterns.join('\n'))
  const [anywhere, setAnywhere] = createSignal(words.anywhere)
  const [tried, setTried] = createSignal('')
  const [text, setText] = createSignal(begin.text)
  const [isLimited, setIsLimited] = createSignal(begin.most !== null)
  const [most, setMost] = createSignal(String(begin.most ?? 1))
  const [disabled, setDisabled] = createSignal(begin.disabled)
  const [error, setError] = createSignal<{ field: FieldName | null; text: string } | null>(null)
  const [busy, setBusy] = createSignal(false)
  const [isAsking, setIsAsking] = createSignal(false)
  let form: HTMLFormElement | undefined

  const trigger = (): AutoReplySaid['trigger'] =>
    kind() === 'text'
      ? { kind: 'text', patterns: patterns().split('\n'), anywhere: anywhere() }
      : { kind: 'time', days: [...days()], from: from() ?? 0, to: to() ?? 0, timeZone: timeZone() }
  const said = createMemo(() =>
    tidyAutoReply({
      number: number(),
      trigger: trigger(),
      text: text(),
      most: isLimited() ? Number(most().trim() || Number.NaN) : null,
      disabled: disabled(),
    }),
  )
  const numbers = () => new Map(parley.numbers().map((row) => [row.id, row]))
  /** What it would say to this moment or this text, were it the only one. */
  const wouldAnswer = (asked: string) => {
    const rule = { ...said(), id: own, number: null, most: null, disabled: false }
    const [any] = parley.numbers()
    const asking = any && { number: any.id, text: asked, at: now(), answered: undefined }
    return asking !== undefined && autoReplyFor([rule], asking) !== null
  }
  const isOpen = () => {
    const { trigger } = said()
    return trigger.kind === 'time' && trigger.days.length > 0 && isWithin(trigger, now())
  }

  const at = (field: FieldName | null, text: string) => {
    setError({ field, text })
    form?.querySelector<HTMLElement>(`#answer-${field ?? 'wrong'}`)?.focus()
  }
  const touch = () => setError(null)
  const wrong = (): { field: FieldName; text: string } | null => {
    if (kind() === 'time' && (from() === null || to() === null))
      return { field: 'window', text: 'Choose when it begins and ends.' }
    const count = said().most
    if (count !== null && !Number.isInteger(count)) return { field: 'most', text: 'Type a whole number.' }
    return refuseAutoReply(said(), parley.settings(), numbers())
  }
  const write = async (next: AutoReplySaid | null, done: string) => {
    if (busy()) return
    setBusy(true)
    const expect = told && props.rule ? saidOf(props.rule) : opened
    const outcome = await saving.saveAutoReply(own, expect, next).finally(() => setBusy(false))
    if (outcome.ok || outcome.code === 'already so') {
      say(done)
      return props.leave()
    }
    told = outcome.code === 'changed'
    const field = (Object.keys(labels) as (keyof typeof labels)[]).find((name) =>
      outcome.text.startsWith(`${labels[name]}: `),
    )
    at(field ?? null, field ? outcome.text.slice(labels[field].length + 2) : outcome.text)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const fault = wrong()
    if (fault) return at(fault.field, fault.text)
    void write(said(), props.rule ? 'Auto-reply updated.' : 'Auto-reply added.')
  }

  const wrongAt = (field: FieldName) => (error()?.field === field ? error() : null)
  const describe = (field: FieldName, hint: boolean) => {
    if (wrongAt(field)) return `answer-${field}-error`
    return hint ? `answer-${field}-hint` : undefined
  }
  const Wrong = (here: { at: FieldName }) => (
    <Show when={wrongAt(here.at)}>
      {(wrong) => (
        <p class="error" role="alert" id={`answer-${here.at}-error`}>
          {wrong().text}
        </p>
      )}
    </Show>
  )
  const Hint = (hint: { of: FieldName; children: JSX.Element }) => (
    <p class="quiet" id={`answer-${hint.of}-hint`}>
      {hint.children}
    </p>
  )

  return (
    <>
      <form
        class="answer-form"
        aria-labelledby="answers-title"
        novalidate
        ref={(element) => (form = element)}
        onSubmit={submit}
      >
        <h2 class="page-title" id="answers-title">
          {props.rule ? 'Edit Auto-Reply' : 'New Auto-Reply'}
        </h2>
        <Show when={props.rule === null && may(parley.session.role(), 'edit settings')}>
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
              {([value, name, hint]) => (
                <label class="choice">
                  <input
                    type="radio"
                    name="answer-kind"
                    aria-label={name}
                    checked={kind() === value}
                    aria-describedby={`answer-kind-${value}`}
                    onChange={() => {
                      setKind(value)
                      touch()
                    }}
                  />
                  <span class="answer-kind">
                    {name}
                    <span class="quiet" id={`answer-kind-${value}`}>
                      {hint}
                    </span>
                  </span>
                </label>
              )}
            </For>
          </fieldset>
        </Show>
        <div class="field">
          <label for="answer-number">{labels.number}</label>
          <select
            id="answer-number"
            class="input"
            aria-invalid={wrongAt('number') ? 'true' : undefined}
            aria-describedby={describe('number', true)}
            onChange={({ currentTarget }) => {
              setNumber(parley.numbers()[currentTarget.selectedIndex - 1]?.id ?? null)
              touch()
            }}
          >
            <option selected={number() === null}>Global</option>
            <For each={parley.numbers()}>
              {(row) => (
                <option selected={row.id === number()}>
                  {row.name ? `${row.name}, ${showAddress(row.address)}` : showAddress(row.address)}
                </option>
              )}
            </For>
          </select>
          <Hint of="number">
            Global answers on every number that has no auto-reply of this kind of its own.
          </Hint>
          <Wrong at="number" />
        </div>
        <Switch>
          <Match when={kind() === 'time'}>
            <fieldset
              class="answer-part"
              id="answer-days"
              tabindex={-1}
              aria-describedby={describe('days', false)}
            >
              <legend>{labels.days}</legend>
              <div class="answer-days">
                <For each={weekdays}>
                  {([name, short], day) => (
                    <label class="answer-day">
                      <input
                        type="checkbox"
                        aria-label={name}
                        checked={days().includes(day())}
                        onChange={({ currentTarget }) => {
                          setDays(
                            currentTarget.checked
                              ? [...days(), day()]
                              : days().filter((other) => other !== day()),
                          )
                          touch()
                        }}
                      />
                      <span aria-hidden="true">{short}</span>
                    </label>
                  )}
                </For>
              </div>
              <Wrong at="days" />
            </fieldset>
            <fieldset class="answer-part">
              <legend>Timeframe</legend>
              <div class="answer-window">
                <label for="answer-window">From</label>
                <input
                  id="answer-window"
                  class="input"
                  type="time"
                  value={inputOf(from())}
                  aria-invalid={wrongAt('window') ? 'true' : undefined}
                  aria-describedby={describe('window', true)}
                  onInput={({ currentTarget }) => {
                    setFrom(minuteIn(currentTarget.value))
                    touch()
                  }}
                />
                <label for="answer-to">to</label>
                <input
                  id="answer-to"
                  class="input"
                  type="time"
                  value={inputOf(to())}
                  aria-describedby={describe('window', true)}
                  onInput={({ currentTarget }) => {
                    setTo(minuteIn(currentTarget.value))
                    touch()
                  }}
                />
              </div>
              <Hint of="window">{windowWords(from(), to())}</Hint>
              <Wrong at="window" />
            </fieldset>
          </Match>
          <Match when={kind() === 'text'}>
            <div class="field">
              <label for="answer-patterns">{labels.patterns}</label>
              <textarea
                id="answer-patterns"
                class="input list-paste"
                dir="auto"
                rows={3}
                spellcheck={false}
                autocomplete="off"
                aria-invalid={wrongAt('patterns') ? 'true' : undefined}
                aria-describedby={describe('patterns', true)}
                value={patterns()}
                onInput={({ currentTarget }) => {
                  setPatterns(currentTarget.value)
                  touch()
                }}
              />
              <Hint of="patterns">
                One on each line, in any case. # stands for one digit: order #### answers to order 1234.
              </Hint>
              <Wrong at="patterns" />
            </div>
            <label class="check">
              <input
                type="checkbox"
                checked={anywhere()}
                onChange={({ currentTarget }) => setAnywhere(currentTarget.checked)}
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
                {triedWords(tried(), wouldAnswer(tried()))}
              </p>
            </div>
          </Match>
        </Switch>
        <div class="field">
          <label for="answer-text">{labels.text}</label>
          <textarea
            id="answer-text"
            class="input list-text"
            dir="auto"
            rows={4}
            aria-invalid={wrongAt('text') ? 'true' : undefined}
            aria-describedby={describe('text', true)}
            value={text()}
            onInput={({ currentTarget }) => {
              setText(currentTarget.value)
              touch()
            }}
          />
          <Hint of="text">{lengthWords(said().text)}</Hint>
          <Wrong at="text" />
        </div>
        <Show when={kind() === 'time'}>
          <div class="field">
            <label for="answer-timeZone">{labels.timeZone}</label>
            <select
              id="answer-timeZone"
              class="input"
              aria-invalid={wrongAt('timeZone') ? 'true' : undefined}
              aria-describedby={describe('timeZone', true)}
              onChange={({ currentTarget }) => {
                setTimeZone(currentTarget.value)
                touch()
              }}
            >
              <For each={timeZones(time.timeZone)}>
                {([region, zones]) => (
                  <optgroup label={region}>
                    <For each={zones}>
                      {([name, shown]) => (
                        <option value={name} selected={timeZone() === name}>
                          {shown}
                        </option>
                      )}
                    </For>
                  </optgroup>
                )}
              </For>
            </select>
            <Hint of="timeZone">
              {`It is ${momentWords(now(), timeZone())} there: a text ${isOpen() ? 'would be' : 'would not be'} answered now.`}
            </Hint>
            <Wrong at="timeZone" />
          </div>
        </Show>
        <div class="answer-limit">
          <label class="check">
            <input
              type="checkbox"
              checked={isLimited()}
              onChange={({ currentTarget }) => {
                setIsLimited(currentTarget.checked)
                touch()
              }}
            />
            <span>Limit how many times it goes to one mobile user in one open conversation</span>
          </label>
          <Show when={isLimited()}>
            <div class="field">
              <label for="answer-most">{labels.most}</label>
              <input
                id="answer-most"
                class="input narrow"
                inputmode="numeric"
                autocomplete="off"
                aria-invalid={wrongAt('most') ? 'true' : undefined}
                aria-describedby={describe('most', false)}
                value={most()}
                onInput={({ currentTarget }) => {
                  setMost(currentTarget.value)
                  touch()
                }}
              />
              <Wrong at="most" />
            </div>
          </Show>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={disabled()}
            onChange={({ currentTarget }) => setDisabled(currentTarget.checked)}
          />
          <span>Disabled</span>
        </label>
        <div role="alert" id="answer-wrong" tabindex={-1}>
          <Show when={error()?.field === null && error()}>
            {(error) => <p class="error">{error().text}</p>}
          </Show>
        </div>
        <div class="lists-actions">
          <button type="submit" class="button primary" aria-disabled={busy() ? 'true' : undefined}>
            {props.rule ? 'UPDATE AUTO-REPLY' : 'ADD AUTO-REPLY'}
          </button>
          <button type="button" class="button" onClick={() => props.leave()}>
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

/** What the usual one begins as: closed overnight, said once to each person. */
function fresh(timeZone: string): AutoReplySaid & { trigger: { kind: 'time' } } {
  return {
    number: null,
    trigger: { kind: 'time', days: [1, 2, 3, 4, 5], from: 18 * 60, to: 8 * 60, timeZone },
    text: '',
    most: 1,
    disabled: false,
  }
}

function saidOf({ id: _, ...said }: AutoReply): AutoReplySaid {
  return said
}

/** A minute of the day as a time field has it, `18:00`; empty for none. */
function inputOf(minute: number | null): string {
  if (minute === null) return ''
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function minuteIn(value: string): number | null {
  const [hours, minutes] = value.split(':').map(Number)
  return hours === undefined || minutes === undefined || !Number.isInteger(hours * 60 + minutes)
    ? null
    : hours * 60 + minutes
}

function windowWords(from: number | null, to: number | null): string {
  if (from === null || to === null) return 'It begins on each of these days.'
  if (from === to) return `A whole day, from ${timeWords(from)} on.`
  return to < from
    ? `It begins on each of these days and ends at ${timeWords(to)} on the next.`
    : `On each of these days until ${timeWords(to)}.`
}

function triedWords(tried: string, isAnswered: boolean): string {
  if (tried.trim() === '') return 'Type what a customer may write.'
  return isAnswered ? 'This would be answered.' : 'This would not be answered.'
}

function lengthWords(text: string): string {
  const { parts, length } = measure(text, 'concatenate')
  if (parts === 0) return 'Sent as it stands here.'
  return `${grouped(length)} characters, ${parts === 1 ? '1 segment' : `${parts} segments`}.`
}
