import { createSignal, createUniqueId, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import type { Criteria, Sort } from '#shared/rules/criteria.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { Popover } from '../../controls/popover.tsx'
import type { InboxList } from './list.ts'

/** The fields of the view that is edited, above the list that shows what they take [F73, F74]. */
export function EditView(props: { list: InboxList }) {
  const parley = useParley()
  const editing = () => props.list.editing
  const draft = () => editing().draft()
  const set = (part: Partial<Criteria>) => {
    const current = draft()
    if (current) editing().change({ criteria: { ...current.criteria, ...part } })
  }
  const people = () =>
    parley.agents().flatMap(({ id, name, active }) => (active ? [{ value: id, name }] : []))
  const groups = () => parley.groups().map(({ id, name }) => ({ value: id, name }))
  const numbers = () => parley.numbers().map(({ id, name }) => ({ value: id, name }))
  // EDIT VIEW, which was pressed, has made room for DONE.
  let form: HTMLFormElement | undefined
  onMount(() => form?.querySelector<HTMLElement>('.input')?.focus())
  return (
    <Show when={draft()}>
      {(draft) => (
        <form
          ref={(element) => (form = element)}
          class="edit-view"
          aria-label="Edit view"
          onSubmit={(event) => {
            event.preventDefault()
            void editing().save()
          }}
        >
          <div role="alert">
            <Show when={editing().error()}>{(error) => <p class="error">{error()}</p>}</Show>
          </div>
          <Show when={draft().was?.builtIn == null}>
            <TextField
              label="Name"
              value={draft().name}
              set={(name) => editing().change({ name })}
              at="once"
            />
          </Show>
          <Show when={draft().was === null}>
            <Choice
              label="For"
              value={draft().shared ? 'all' : 'me'}
              options={[
                ['all', 'Everybody'],
                ['me', 'Only me'],
              ]}
              set={(value) => editing().change({ shared: value === 'all' })}
            />
          </Show>
          <Show when={!isFlagged(draft().was?.builtIn ?? null)}>
            <Choice
              label="Conversation Status"
              value={draft().criteria.status}
              options={[
                ['open', 'Open'],
                ['closed', 'Closed'],
                ['any', 'Open or closed'],
              ]}
              set={(status) => set({ status })}
            />
          </Show>
          <Several
            label="Agent Owner"
            chosen={draft().criteria.agents}
            options={[
              { value: '@me', name: 'Whoever looks' },
              { value: '@nobody', name: 'No agent' },
              ...people(),
            ]}
            none="Anybody"
            set={(agents) => set({ agents })}
          />
          <Several
            label="Group Owner"
            chosen={draft().criteria.groups}
            options={[
              { value: '@mine', name: "The viewer's groups" },
              { value: '@nobody', name: 'No group' },
              ...groups(),
            ]}
            none="Any"
            set={(groups) => set({ groups })}
          />
          <Several
            label="Company Number"
            chosen={draft().criteria.numbers}
            options={numbers()}
            none="Any"
            set={(numbers) => set({ numbers })}
          />
          <Choice
            label="Last Replied By"
            value={draft().criteria.lastRepliedBy}
            options={[
              ['any', 'Anybody'],
              ['agent', 'Agent'],
              ['customer', 'Mobile User'],
            ]}
            set={(lastRepliedBy) => set({ lastRepliedBy })}
          />
          <TextField
            label="Mobile User(s)"
            hint="Names or numbers"
            value={draft().criteria.users}
            set={(users) => set({ users })}
          />
          <TextField label="Message Content" value={draft().criteria.text} set={(text) => set({ text })} />
          <TextField label="Conversation ID#" value={draft().criteria.ids} set={(ids) => set({ ids })} />
          <Choice
            label="Default Sort By"
            value={draft().criteria.sort}
            options={sortNames}
            set={(sort) => set({ sort })}
          />
          <div class="edit-view-foot">
            <Show when={draft().was}>
              {(was) => (
                <>
                  <button type="button" class="link-button" onClick={() => editing().add(draft())}>
                    Add as a new view
                  </button>
                  <Show when={was().builtIn === null}>
                    <button type="button" class="link-button danger" onClick={() => void editing().remove()}>
                      Remove view
                    </button>
                  </Show>
                  <Show when={was().builtIn !== null && was().edited}>
                    <button type="button" class="link-button" onClick={() => void editing().remove()}>
                      Put back to default
                    </button>
                  </Show>
                </>
              )}
            </Show>
          </div>
          <button type="submit" hidden tabindex={-1} aria-hidden="true" />
        </form>
      )}
    </Show>
  )
}

const sortNames: [Sort, string][] = [
  ['newest', 'Newest text first'],
  ['oldest', 'Oldest text first'],
  ['waiting', 'Longest waiting first'],
]

/** What waits or is flagged is open. */
function isFlagged(builtIn: string | null): boolean {
  return builtIn === 'waiting' || builtIn === 'follow-up'
}

function Line(props: { label: string; for: string; children: JSX.Element }) {
  return (
    <div class="edit-line">
      <label for={props.for}>{props.label}</label>
      {props.children}
    </div>
  )
}

function Choice<Value extends string>(props: {
  label: string
  value: Value
  options: readonly (readonly [Value, string])[]
  set(value: Value): void
}) {
  const id = createUniqueId()
  return (
    <Line label={props.label} for={id}>
      <select
        id={id}
        class="input"
        value={props.value}
        onChange={({ currentTarget }) => {
          const found = props.options.find(([value]) => value === currentTarget.value)
          if (found) props.set(found[0])
        }}
      >
        <For each={props.options}>
          {([value, name]) => (
            <option value={value} selected={value === props.value}>
              {name}
            </option>
          )}
        </For>
      </select>
    </Line>
  )
}

/** Words are looked for when the hand rests, not at each letter. */
const rest = 150

function TextField(props: {
  label: string
  value: string
  hint?: string
  set(value: string): void
  at?: 'once'
}) {
  const id = createUniqueId()
  let waiting: ReturnType<typeof setTimeout> | undefined
  let last: (() => void) | null = null
  const settle = () => {
    clearTimeout(waiting)
    last?.()
    last = null
  }
  onCleanup(() => clearTimeout(waiting))
  return (
    <Line label={props.label} for={id}>
      <input
        id={id}
        class="input"
        type="text"
        autocomplete="off"
        maxlength={200}
        placeholder={props.hint}
        value={props.value}
        onInput={({ currentTarget }) => {
          const { value } = currentTarget
          last = () => props.set(value)
          clearTimeout(waiting)
          if (props.at === 'once') settle()
          else waiting = setTimeout(settle, rest)
        }}
        onBlur={settle}
        onKeyDown={({ key }) => key === 'Enter' && settle()}
      />
    </Line>
  )
}

/** Any of several, named on the button that opens them. */
function Several<Value extends string>(props: {
  label: string
  chosen: readonly Value[]
  options: readonly { value: Value; name: string }[]
  none: string
  set(values: Value[]): void
}) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  const names = () =>
    props.chosen.length === 0
      ? props.none
      : props.chosen
          .map((value) => props.options.find((option) => option.value === value)?.name ?? 'Removed')
          .join(', ')
  return (
    <div class="edit-line">
      <span id={id}>{props.label}</span>
      <Popover
        name={props.label}
        placement="bottom-start"
        open={open()}
        setOpen={setOpen}
        trigger={{
          class: 'input several',
          get label() {
            return `${props.label}: ${names()}`
          },
          get children() {
            return (
              <>
                <span class="several-names">{names()}</span>
                <Icon name="chevron" class="turned" />
              </>
            )
          },
        }}
      >
        <fieldset class="several-choices">
          <legend class="popover-title">{props.label}</legend>
          <For each={props.options}>
            {(option) => (
              <label class="choice">
                <input
                  type="checkbox"
                  checked={props.chosen.includes(option.value)}
                  onChange={({ currentTarget }) =>
                    props.set(
                      currentTarget.checked
                        ? [...props.chosen, option.value]
                        : props.chosen.filter((value) => value !== option.value),
                    )
                  }
                />
                <span>{option.name}</span>
              </label>
            )}
          </For>
        </fieldset>
      </Popover>
    </div>
  )
}
