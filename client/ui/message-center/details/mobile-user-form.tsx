import { createEffect, createSignal, For, Show, untrack } from 'solid-js'
import * as z from 'zod/mini'
import { mobileUserInfo, type MobileUserInfo } from '#shared/core/command.ts'
import { infoOf, mobileUserFields } from '#shared/core/commands/mobile-user.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { useParley } from '#client/state/parley.ts'
import { afterSave } from '../../controls/after-save.ts'
import { say } from '../../controls/toasts.ts'
import { dateOf, now } from '../../shell/clock.ts'
import { keptForms } from '../../shell/kept-forms.ts'

/** What was typed and not saved, over what stood there then. */
const unsaved = z.object({ typed: z.partial(mobileUserInfo), seen: z.partial(mobileUserInfo) })

/**
 * What agents note of a person, the "Opted Out" box at the bottom and the SAVE directly below it [F244-F248, F297].
 * A field that was not touched follows what colleagues save; one that was keeps what stands in it until it is saved
 * or put back, and the save names what the agent saw. Nobody new has opted out of anything yet.
 */
export function MobileUserForm(props: { user: MobileUser; isNew?: boolean }) {
  const parley = useParley()
  const forms = keptForms(parley)
  const name = `mobile user ${props.user.id}`
  const kept = forms.read(name, unsaved)
  const [typed, setTyped] = createSignal<Partial<MobileUserInfo>>(kept?.typed ?? {})
  const [seen, setSeen] = createSignal<Partial<MobileUserInfo>>(kept?.seen ?? {})
  // Who goes to another conversation and comes back finds what they had typed, also after a reload.
  createEffect(() =>
    forms.keep(name, Object.keys(typed()).length > 0 ? { typed: typed(), seen: seen() } : null),
  )
  const [ticked, setTicked] = createSignal<boolean | null>(null)
  const [error, setError] = createSignal<{ field: keyof MobileUserInfo | null; text: string } | null>(null)
  /** The agent knows what somebody else saved: the next SAVE puts what is typed in its place. */
  let told = false
  /** Saving: the answer comes from there. */
  const [busy, setBusy] = createSignal(false)
  const fieldIn = (text: string) => mobileUserFields.find(({ label }) => text.includes(label))?.field ?? null
  const refuse = (text: string) => setError({ field: fieldIn(text), text })

  const isOut = () => props.user.optedOut !== null
  const wantsOut = () => ticked() ?? isOut()
  const valueOf = (field: keyof MobileUserInfo) => typed()[field] ?? props.user[field]
  const infoChanged = () => mobileUserFields.some(({ field }) => valueOf(field) !== props.user[field])
  const changed = () => infoChanged() || wantsOut() !== isOut()

  const type = (field: keyof MobileUserInfo, text: string) => {
    // What stood there when the typing began is what a save expects, whatever a colleague saves meanwhile.
    if (typed()[field] === undefined) setSeen((before) => ({ ...before, [field]: props.user[field] }))
    setTyped((before) => ({ ...before, [field]: text }))
    setError(null)
  }
  /** Lets go of what was saved, and of nothing that was typed since. */
  const forget = (saved: Partial<MobileUserInfo>, out: boolean) => {
    told = false
    const left = afterSave(typed(), saved, infoOf(props.user))
    setTyped(left.typed)
    setSeen(left.seen)
    if (ticked() === out) setTicked(null)
    setError(null)
  }
  // The edge said no, as where a colleague was first, when the form had let go of it: it stands there again as it was
  // typed, with the words beside it, over what stands there by now.
  createEffect(() => {
    if (busy()) return
    const late = parley
      .waiting()
      .find(({ state, saved }) => state === 'refused' && saved?.user === props.user.id)
    if (!late?.saved) return
    const { to, expect } = late.saved
    const own = mobileUserFields.filter(({ field }) => to[field] !== expect[field])
    for (const { field } of own) if (untrack(typed)[field] === undefined) type(field, to[field])
    if (late.reason !== null) refuse(late.reason)
    parley.cancel(late)
  })
  const saveInfo = async (): Promise<boolean> => {
    if (!infoChanged()) return true
    const to = { ...infoOf(props.user), ...typed() }
    const expect = { ...infoOf(props.user), ...(told ? {} : seen()) }
    const outcome = await parley.saveMobileUser(props.user, expect, to)
    // Saved under other words, or by a colleague already: either way it stands there.
    if (outcome.ok || outcome.code === 'already so') return true
    told = outcome.code === 'changed'
    refuse(outcome.text)
    return false
  }
  const saveConsent = async (): Promise<boolean> => {
    if (wantsOut() === isOut()) return true
    const outcome = await parley.consent(props.user, wantsOut())
    if (!outcome.ok) setError({ field: null, text: outcome.text })
    return outcome.ok
  }
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy() || !changed()) return
    const [asTyped, out] = [typed(), wantsOut()]
    const wasOut = isOut()
    setBusy(true)
    const saved = saveInfo().then((done) => done && saveConsent())
    if (!(await saved.finally(() => setBusy(false)))) return
    forget(asTyped, out)
    // SAVE has nothing to save any more and cannot hold the focus that pressed it.
    if (!(document.activeElement instanceof HTMLInputElement)) form?.focus({ preventScroll: true })
    say(out === wasOut ? 'Saved.' : out ? 'Opted out. Nothing is sent to them any more.' : 'Opted in again.')
  }
  let form: HTMLFormElement | undefined
  return (
    <form
      ref={(element) => (form = element)}
      class="mobile-user"
      aria-label="Mobile User"
      tabindex={-1}
      onSubmit={(event) => void save(event)}
    >
      <For each={mobileUserFields}>
        {({ field, label }) => (
          <div class="field">
            <label for={`mobile-user-${field}`}>{label}</label>
            <input
              id={`mobile-user-${field}`}
              class="input"
              autocomplete="off"
              dir="auto"
              value={valueOf(field)}
              aria-invalid={error()?.field === field ? 'true' : undefined}
              aria-describedby={error()?.field === field ? 'mobile-user-error' : undefined}
              onInput={(event) => type(field, event.currentTarget.value)}
            />
            <Show when={error()?.field === field && error()}>
              {(error) => (
                <p class="error" role="alert" id="mobile-user-error">
                  {error().text}
                </p>
              )}
            </Show>
          </div>
        )}
      </For>
      <Show when={props.user.optedOut}>
        {(out) => <p class="quiet">{`Opted out since ${dateOf(out().at, now())}: ${out().word}`}</p>}
      </Show>
      <Show when={!props.isNew}>
        <label class="check">
          <input
            type="checkbox"
            checked={wantsOut()}
            onChange={(event) => setTicked(event.currentTarget.checked)}
          />
          <span>Opted Out</span>
        </label>
      </Show>
      <div role={error()?.field ? undefined : 'alert'}>
        <Show when={error()?.field === null && error()}>
          {(error) => <p class="error">{error().text}</p>}
        </Show>
      </div>
      <button type="submit" class="button small" disabled={!changed()}>
        SAVE
      </button>
    </form>
  )
}
