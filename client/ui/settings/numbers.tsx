import { batch, createMemo, createSignal, For, Show } from 'solid-js'
import {
  numberLabels,
  numberSwitchesOf,
  settingLabels,
  switchesOf,
  type Switches,
} from '#shared/rules/configuration.ts'
import type { LongMessages } from '#shared/rules/content.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import { createSaving } from '#client/state/profile.ts'
import { showAddress } from '#client/state/show-address.ts'
import { useParley, type Outcome } from '#client/state/parley.ts'
import { afterSave } from '../controls/after-save.ts'
import { say } from '../controls/toasts.ts'
import type { SectionProps } from './sections.ts'
import { compareNames } from '#shared/rules/search.ts'

/** The company's numbers, where new conversations on each go [F162], and what texts and pictures may do on them. */
export function Numbers(_props: SectionProps) {
  const parley = useParley()
  const numbers = () => parley.numbers().toSorted((left, right) => compareNames(left.name, right.name))
  return (
    <div class="parts">
      <section aria-labelledby="numbers-title">
        <h2 class="page-title" id="numbers-title">
          Numbers
        </h2>
        <p class="quiet">The numbers that customers text, and who gets a new conversation on each.</p>
        <Show when={numbers().length > 0} fallback={<p>This company has no number yet.</p>}>
          <ul class="cards" role="list">
            <For each={numbers().map(({ id }) => id)}>
              {(id) => (
                <Show when={numbers().find((number) => number.id === id)}>
                  {(number) => <NumberCard number={number()} />}
                </Show>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <MessageSettings />
    </div>
  )
}

function NumberCard(props: { number: CompanyNumber }) {
  const parley = useParley()
  const saving = parley.open(createSaving)
  const name = () => props.number.name || showAddress(props.number.address)
  const goesTo = () =>
    parley.agents().find(({ id }) => id === props.number.agent)?.name ??
    parley.groups().find(({ id }) => id === props.number.group)?.name ??
    'Unassigned'
  const form = createForm(
    numberLabels,
    () => numberSwitchesOf(props.number),
    (expect, to) => saving.saveNumber(props.number.id, expect, to),
  )
  return (
    <li class="card">
      <h3>{name()}</h3>
      <dl class="facts across">
        <div>
          <dt>Number</dt>
          <dd>{showAddress(props.number.address)}</dd>
        </div>
        <div>
          <dt>New conversations go to</dt>
          <dd>{goesTo()}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{props.number.active ? 'In use' : 'Disabled'}</dd>
        </div>
      </dl>
      <form class="switches" aria-label={`Settings of ${name()}`} onSubmit={(event) => void form.save(event)}>
        <Select
          id={`${props.number.id}-long`}
          label={numberLabels.longMessages}
          value={form.value('longMessages')}
          options={[[null, 'As the company has it'], ...longMessages]}
          set={(value) => form.set('longMessages', value)}
          error={form.errorAt('longMessages')}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={form.value('mms')}
            onChange={(event) => form.set('mms', event.currentTarget.checked)}
          />
          <span>{numberLabels.mms}</span>
        </label>
        <Wrong words={form.errorAt('mms')} />
        <NumberField
          id={`${props.number.id}-characters`}
          label={numberLabels.mmsCharacters}
          hint="Empty where it sets no limit of its own."
          value={form.value('mmsCharacters')}
          disabled={!form.value('mms')}
          set={(value) => form.set('mmsCharacters', value)}
          error={form.errorAt('mmsCharacters')}
        />
        <Wrong words={form.errorAt(null)} />
        <SaveButton form={form} />
      </form>
    </li>
  )
}

/** The account's own settings of messages: for all numbers. */
function MessageSettings() {
  const parley = useParley()
  const saving = parley.open(createSaving)
  const form = createForm<Switches>(settingLabels, () => switchesOf(parley.settings()), saving.saveSettings)
  return (
    <section aria-labelledby="messages-title">
      <h2 id="messages-title">Messages on All Numbers</h2>
      <form class="switches" aria-label="Messages" onSubmit={(event) => void form.save(event)}>
        <Select
          id="long"
          label={settingLabels.longMessages}
          hint="Pure CDMA networks (Sprint) handle concatenated messages poorly. A number can have its own way, above."
          value={form.value('longMessages')}
          options={longMessages}
          set={(value) => form.set('longMessages', value)}
          error={form.errorAt('longMessages')}
        />
        <Select
          id="emoji"
          label={settingLabels.emoji}
          hint="Picture messages carry them in any case."
          value={form.value('emoji')}
          options={[
            ['refuse', 'Refuse them'],
            ['send', 'Send them: Unicode, 70 characters a segment'],
          ]}
          set={(value) => form.set('emoji', value)}
          error={form.errorAt('emoji')}
        />
        <NumberField
          id="waiting"
          label={settingLabels.waitingMinutes}
          hint="From the customer's text that nobody has answered, counted in business hours where those are set."
          value={form.value('waitingMinutes')}
          set={(value) => form.set('waitingMinutes', value ?? Number.NaN)}
          error={form.errorAt('waitingMinutes')}
        />
        <div class="field">
          <label class="check">
            <input
              type="checkbox"
              aria-describedby="inbound-hint"
              checked={form.value('inboundMedia') === 'allow'}
              onChange={(event) =>
                form.set('inboundMedia', event.currentTarget.checked ? 'allow' : 'disallow')
              }
            />
            <span>{settingLabels.inboundMedia}</span>
          </label>
          <p class="quiet" id="inbound-hint">
            Where it is not allowed, a customer's text comes without the pictures, sound or film it brought.
          </p>
          <Wrong words={form.errorAt('inboundMedia')} />
        </div>
        <div class="field">
          <label class="check">
            <input
              type="checkbox"
              aria-describedby="append-hint"
              checked={form.value('autoAppend')}
              onChange={(event) => form.set('autoAppend', event.currentTarget.checked)}
            />
            <span>{settingLabels.autoAppend}</span>
          </label>
          <p class="quiet" id="append-hint">
            The first message of a conversation gets the mobile user's first and last name at its end.
          </p>
          <Wrong words={form.errorAt('autoAppend')} />
        </div>
        <NumberField
          id="text-only"
          label={settingLabels.textOnlyLimit}
          hint="2,000 at first; carriers are to take 4,000."
          value={form.value('textOnlyLimit')}
          set={(value) => form.set('textOnlyLimit', value ?? Number.NaN)}
          error={form.errorAt('textOnlyLimit')}
        />
        <Wrong words={form.errorAt(null)} />
        <SaveButton form={form} />
      </form>
    </section>
  )
}

/** What becomes of a text that does not fit in one message [F111]. */
const longMessages = [
  ['concatenate', 'Concatenate: one message of up to 459 characters'],
  ['split', 'Split: several messages of 157 characters'],
  ['refuse', 'Disallow them'],
] as const satisfies [LongMessages, string][]

/**
 * A form over what is saved: untouched fields follow what others save, touched ones stay, and a save names what its
 * author saw. What is refused names its field by its label and is said there.
 */
function createForm<Fields extends object>(
  labels: Record<keyof Fields, string>,
  saved: () => Fields,
  send: (expect: Partial<Fields>, to: Partial<Fields>) => Promise<Outcome>,
) {
  const now = createMemo(saved)
  const [typed, setTyped] = createSignal<Partial<Fields>>({})
  const [seen, setSeen] = createSignal<Partial<Fields>>({})
  const [error, setError] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  /** The author knows what somebody else saved: the next SAVE puts what is typed in its place. */
  let told = false
  const fields = () => Object.keys(typed()) as (keyof Fields)[]
  const value = <Field extends keyof Fields>(field: Field): Fields[Field] =>
    field in typed() ? (typed()[field] as Fields[Field]) : now()[field]
  const fieldOf = (words: string) =>
    fields().find((field) => words.includes(labels[field])) ??
    fields().find((field) => Number.isNaN(typed()[field])) ??
    null
  return {
    value,
    /** What is wrong with this field, or, for null, with none in particular. */
    errorAt(field: keyof Fields | null): string | null {
      const words = error()
      return words !== null && fieldOf(words) === field ? words : null
    },
    changed: () => !busy() && fields().some((field) => value(field) !== now()[field]),
    set<Field extends keyof Fields>(field: Field, next: Fields[Field]) {
      if (!(field in typed())) setSeen((before) => ({ ...before, [field]: now()[field] }))
      setTyped((before) => ({ ...before, [field]: next }))
      setError(null)
    },
    async save(event: SubmitEvent) {
      event.preventDefault()
      if (busy()) return
      if (Object.values(typed()).some((value) => Number.isNaN(value)))
        return void setError('Type a whole number.')
      const asTyped = typed()
      setBusy(true)
      const outcome = await send(told ? now() : seen(), asTyped).finally(() => setBusy(false))
      told = !outcome.ok && outcome.code === 'changed'
      if (!outcome.ok && outcome.code !== 'already so') return void setError(outcome.text)
      const left = afterSave(typed(), asTyped, now())
      setTyped(() => left.typed)
      setSeen(() => left.seen)
      say('Saved.')
    },
  }
}

function Wrong(props: { words: string | null }) {
  return (
    <Show when={props.words}>
      {(words) => (
        <p class="error" role="alert">
          {words()}
        </p>
      )}
    </Show>
  )
}

interface Form {
  changed(): boolean
}

function SaveButton(props: { form: Form }) {
  return (
    <button type="submit" class="button small" disabled={!props.form.changed()}>
      SAVE
    </button>
  )
}

/** One of a few ways; `null` is one of them where what holds stands elsewhere. */
function Select<Value extends string | null>(props: {
  id: string
  label: string
  hint?: string
  value: Value
  options: readonly (readonly [Value, string])[]
  set(value: Value): void
  error: string | null
}) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <select
        id={props.id}
        class="input"
        aria-describedby={props.hint ? `${props.id}-hint` : undefined}
        onChange={({ currentTarget }) => {
          const chosen = props.options[currentTarget.selectedIndex]
          if (chosen) props.set(chosen[0])
        }}
      >
        <For each={props.options}>
          {([value, words]) => <option selected={value === props.value}>{words}</option>}
        </For>
      </select>
      <Show when={props.hint}>
        {(hint) => (
          <p class="quiet" id={`${props.id}-hint`}>
            {hint()}
          </p>
        )}
      </Show>
      <Wrong words={props.error} />
    </div>
  )
}

/** A count, as of characters; null where nothing is typed, not a number where that is none. */
function NumberField(props: {
  id: string
  label: string
  hint: string
  value: number | null
  disabled?: boolean
  set(value: number | null): void
  error: string | null
}) {
  const [text, setText] = createSignal<string | null>(null)
  const shown = () => {
    const typed = text()
    const value = props.value
    // What is typed stands as it was typed, until it is what is saved.
    if (typed !== null && Object.is(read(typed), value)) return typed
    return value === null || Number.isNaN(value) ? '' : String(value)
  }
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        class="input narrow"
        inputmode="numeric"
        autocomplete="off"
        disabled={props.disabled}
        value={shown()}
        aria-invalid={props.error ? 'true' : undefined}
        aria-describedby={props.error ? `${props.id}-error` : `${props.id}-hint`}
        onInput={({ currentTarget }) => {
          const { value } = currentTarget
          // At once, or the text would be taken back before its value is known.
          batch(() => {
            setText(value)
            props.set(read(value))
          })
        }}
      />
      <p class="quiet" id={`${props.id}-hint`}>
        {props.hint}
      </p>
      <Show when={props.error}>
        {(error) => (
          <p class="error" role="alert" id={`${props.id}-error`}>
            {error()}
          </p>
        )}
      </Show>
    </div>
  )
}

function read(text: string): number | null {
  const plain = text.trim().replaceAll(',', '')
  if (plain === '') return null
  return /^\d{1,9}$/u.test(plain) ? Number(plain) : Number.NaN
}
