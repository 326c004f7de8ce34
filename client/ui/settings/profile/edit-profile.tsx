import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import type { ProfileSaid } from '#shared/core/command.ts'
import { profileLabels, profileMails, profileOf, type Profile } from '#shared/rules/profile.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { useParley } from '#client/state/parley.ts'
import { createSaving } from '#client/state/profile.ts'
import { say } from '../../controls/toasts.ts'
import { clockIn, now } from '../../shell/clock.ts'
import { AvatarField } from './avatar-field.tsx'
import { timeZones, zoneWords } from './time-zones.ts'

/** The fields that can be at fault besides those of the profile itself. */
type FieldName = keyof Profile | 'email' | 'current' | 'next' | 'repeat'

/**
 * The edit page of a profile [F28], its fields in the guide's order [F30]. What was not touched follows what others
 * save; what was is kept until it is saved, and the save names what its author saw. The password stands here for
 * oneself alone [F37].
 */
export function EditProfile(props: { agent: Agent; done(): void }) {
  const parley = useParley()
  const saving = parley.open(createSaving)
  const isOwn = () => props.agent.id === parley.session.agent
  const saved = createMemo(() => profileOf(props.agent))
  const [typed, setTyped] = createSignal<ProfileSaid>({})
  const [seen, setSeen] = createSignal<ProfileSaid>({})
  const [idle, setIdle] = createSignal<string | null>(null)
  const [picture, setPicture] = createSignal<Blob | null | undefined>(undefined)
  const [secrets, setSecrets] = createSignal({ current: '', next: '', repeat: '' })
  const [error, setError] = createSignal<{ field: FieldName | null; text: string } | null>(null)
  const [busy, setBusy] = createSignal(false)

  const valueOf = <Field extends keyof Profile>(field: Field): Profile[Field] =>
    (typed()[field] as Profile[Field] | undefined) ?? saved()[field]
  const set = <Field extends keyof ProfileSaid>(field: Field, value: ProfileSaid[Field]) => {
    // What stood there when it was first touched is what a save expects, whatever somebody saves meanwhile.
    if (typed()[field] === undefined) setSeen((before) => ({ ...before, [field]: saved()[field] }))
    setTyped((before) => ({ ...before, [field]: value }))
    setError(null)
  }
  const at = (field: FieldName, text: string) => {
    setError({ field, text })
    form?.querySelector<HTMLElement>(`#profile-${field}`)?.focus()
  }
  /** A refusal names its field by its label. */
  const refuse = (text: string) => {
    const field = (Object.keys(profileLabels) as (keyof Profile)[]).find((field) =>
      text.includes(profileLabels[field]),
    )
    if (field) at(field, text)
    else setError({ field: null, text })
  }
  let form: HTMLFormElement | undefined
  /** The author knows what somebody else saved: the next save puts what is typed in its place. */
  let told = false

  const savePassword = async (): Promise<boolean> => {
    const { current, next, repeat } = secrets()
    if (current + next + repeat === '') return true
    if (current === '') return (at('current', 'Your current password is needed to set a new one.'), false)
    if (next === '') return (at('next', 'Type a new password, or empty the current one.'), false)
    if (next !== repeat) return (at('repeat', 'This is not the same as the new password.'), false)
    const answer = await saving.changePassword(current, next)
    if (!answer.ok) return (at(answer.field, answer.text), false)
    setSecrets({ current: '', next: '', repeat: '' })
    say(wordsOfEnded(answer))
    return true
  }
  const saveProfile = async (): Promise<boolean> => {
    const to = typed()
    if (Object.keys(to).length === 0 && picture() === undefined) return true
    const fields = Object.keys(to) as (keyof ProfileSaid)[]
    const said = told ? Object.fromEntries(fields.map((field) => [field, saved()[field]])) : seen()
    const before = { said, avatar: saved().avatar }
    const outcome = await saving.saveProfile(props.agent.id, before, to, picture())
    // Saved under other words, or by somebody else already: either way it stands there.
    if (outcome.ok || outcome.code === 'already so') return true
    told = outcome.code === 'changed'
    refuse(outcome.text)
    return false
  }
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy()) return
    const seconds = idle()
    if (seconds !== null) {
      if (!/^\d{1,9}$/u.test(seconds.trim()))
        return at('idleSeconds', 'Type a number of seconds, such as 300 for five minutes.')
      set('idleSeconds', Number(seconds))
    }
    setError(null)
    setBusy(true)
    const done = (await savePassword()) && (await saveProfile())
    setBusy(false)
    if (!done) return
    say('Profile saved.')
    props.done()
  }

  const Field = (field: {
    name: FieldName
    label: string
    hint?: JSX.Element
    children: (attributes: FieldAttributes) => JSX.Element
  }) => {
    const wrong = () => (error()?.field === field.name ? error() : null)
    return (
      <div class="field">
        <label for={`profile-${field.name}`}>{field.label}</label>
        {field.children({
          id: `profile-${field.name}`,
          get 'aria-invalid'() {
            return wrong() ? ('true' as const) : undefined
          },
          get 'aria-describedby'() {
            if (wrong()) return `profile-${field.name}-error`
            return field.hint === undefined ? undefined : `profile-${field.name}-hint`
          },
        })}
        <Show when={field.hint !== undefined}>
          <p class="quiet" id={`profile-${field.name}-hint`}>
            {field.hint}
          </p>
        </Show>
        <Show when={wrong()}>
          {(wrong) => (
            <p class="error" role="alert" id={`profile-${field.name}-error`}>
              {wrong().text}
            </p>
          )}
        </Show>
      </div>
    )
  }
  const Text = (text: { field: 'firstName' | 'lastName' | 'name'; autocomplete: string; hint?: string }) => (
    <Field name={text.field} label={profileLabels[text.field]} hint={text.hint}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          dir="auto"
          autocomplete={isOwn() ? text.autocomplete : 'off'}
          value={valueOf(text.field)}
          onInput={(event) => set(text.field, event.currentTarget.value)}
        />
      )}
    </Field>
  )
  const Secret = (secret: {
    field: 'current' | 'next' | 'repeat'
    label: string
    autocomplete: string
    hint?: string
  }) => (
    <Field name={secret.field} label={secret.label} hint={secret.hint}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="password"
          autocomplete={secret.autocomplete}
          value={secrets()[secret.field]}
          onInput={(event) => {
            setSecrets({ ...secrets(), [secret.field]: event.currentTarget.value })
            setError(null)
          }}
        />
      )}
    </Field>
  )
  const zone = () => valueOf('timeZone') || parley.accountTimeZone()

  return (
    <form
      class="profile-form"
      aria-label="Profile"
      novalidate
      ref={(element) => (form = element)}
      onSubmit={(event) => void save(event)}
    >
      <Text field="firstName" autocomplete="given-name" />
      <Text field="lastName" autocomplete="family-name" />
      <Text field="name" autocomplete="nickname" hint="The name by which colleagues see you." />
      <Field name="email" label="Email" hint="You log in with it. It cannot be changed here.">
        {(attributes) => (
          <input {...attributes} class="input" type="email" readonly value={props.agent.email} />
        )}
      </Field>
      <Show when={isOwn()}>
        <Secret
          field="current"
          label="Current Password"
          autocomplete="current-password"
          hint="Leave the three empty to keep the password you have."
        />
        <Secret
          field="next"
          label="New Password"
          autocomplete="new-password"
          hint="At least 8 characters; 15 are better. It ends your sessions on other devices."
        />
        <Secret field="repeat" label="Confirm Password" autocomplete="new-password" />
      </Show>
      <Field
        name="idleSeconds"
        label={profileLabels.idleSeconds}
        hint="How long you may be away from this page before a new text calls you back with a sound."
      >
        {(attributes) => (
          <input
            {...attributes}
            class="input narrow"
            inputmode="numeric"
            autocomplete="off"
            value={idle() ?? String(valueOf('idleSeconds'))}
            onInput={(event) => {
              setIdle(event.currentTarget.value)
              setError(null)
            }}
          />
        )}
      </Field>
      <fieldset class="choices open">
        <legend>Email Notifications</legend>
        <For each={profileMails}>
          {(mail) => (
            <label class="choice">
              <input
                type="checkbox"
                checked={valueOf(mail)}
                onChange={(event) => set(mail, event.currentTarget.checked)}
              />
              {profileLabels[mail]}
            </label>
          )}
        </For>
      </fieldset>
      <Field
        name="timeZone"
        label={profileLabels.timeZone}
        hint={`Every time that you see is in it. There it is ${clockIn(now(), zone())} now.`}
      >
        {(attributes) => (
          <select
            {...attributes}
            class="input"
            onChange={(event) => set('timeZone', event.currentTarget.value)}
          >
            <option value="" selected={valueOf('timeZone') === ''}>
              {`The company's (${zoneWords(parley.accountTimeZone())})`}
            </option>
            <For each={timeZones(saved().timeZone)}>
              {([region, zones]) => (
                <optgroup label={region}>
                  <For each={zones}>
                    {([name, words]) => (
                      <option value={name} selected={valueOf('timeZone') === name}>
                        {words}
                      </option>
                    )}
                  </For>
                </optgroup>
              )}
            </For>
          </select>
        )}
      </Field>
      <AvatarField
        name={valueOf('name')}
        saved={saved().avatar}
        picked={picture()}
        pick={(picked) => {
          setPicture(() => picked)
          setError(null)
        }}
        error={error()?.field === 'avatar' ? (error()?.text ?? null) : null}
        setError={(text) => setError(text === null ? null : { field: 'avatar', text })}
      />
      <div role="alert">
        <Show when={error()?.field === null && error()}>
          {(error) => <p class="error">{error().text}</p>}
        </Show>
      </div>
      <div class="form-actions">
        <button type="submit" class="button primary" aria-disabled={busy() ? 'true' : undefined}>
          Update Agent
        </button>
        <button type="button" class="button" onClick={() => props.done()}>
          Cancel
        </button>
      </div>
    </form>
  )
}

interface FieldAttributes {
  id: string
  'aria-invalid': 'true' | undefined
  'aria-describedby': string | undefined
}

function wordsOfEnded({ ended, complete }: { ended: number; complete: boolean }): string {
  if (!complete) return 'Password changed. Not all other sessions could be ended: end them under Devices.'
  if (ended === 0) return 'Password changed. You were signed in nowhere else.'
  return `Password changed. ${ended === 1 ? '1 other session was' : `${ended} other sessions were`} ended.`
}
