import { createSignal, Show } from 'solid-js'
import type { SignInAnswer } from '#client/state/parley.ts'

/** The door. The same text for every wrong answer; what was typed stays. */
export function SignIn(props: {
  signIn(email: string, password: string, shared: boolean): Promise<SignInAnswer>
  /** Somebody said so at the last sign-in here. */
  shared: boolean
  /** Why the person is here, if not for the first time: "Your session has ended." */
  notice?: string | null
}) {
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [shared, setShared] = createSignal(props.shared)
  const [error, setError] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy()) return
    setBusy(true)
    setError(null)
    try {
      const answer = await props.signIn(email().trim(), password(), shared())
      if (!answer.ok) setError(answer.text)
    } catch {
      setError('The service cannot be reached. Check the connection and try again.')
    } finally {
      setBusy(false)
    }
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={(event) => void submit(event)} aria-labelledby="sign-in-title">
        <h1 class="sign-in-title" id="sign-in-title">
          Parley
        </h1>
        <p class="sign-in-lead">The shared inbox for your company's texts.</p>
        <Show when={props.notice}>
          {(notice) => (
            <p class="sign-in-notice" role="status">
              {notice()}
            </p>
          )}
        </Show>
        <div class="field">
          <label for="sign-in-email">Email</label>
          <input
            id="sign-in-email"
            class="input"
            type="email"
            name="email"
            autocomplete="username"
            inputmode="email"
            spellcheck={false}
            required
            autofocus
            value={email()}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="sign-in-password">Password</label>
          <input
            id="sign-in-password"
            class="input"
            type="password"
            name="password"
            autocomplete="current-password"
            required
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label class="check">
            <input
              type="checkbox"
              checked={shared()}
              aria-describedby="sign-in-shared"
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
            <span>This computer is shared</span>
          </label>
          <p class="quiet" id="sign-in-shared">
            {shared()
              ? 'Nothing is kept in this browser: it needs a connection, and closing it signs you out.'
              : 'Conversations are kept in this browser, so that it opens at once and works offline.'}
          </p>
        </div>
        <div role="alert" class="sign-in-error">
          <Show when={error()}>{(error) => <p class="error">{error()}</p>}</Show>
        </div>
        <button type="submit" class="button primary wide" aria-disabled={busy() ? 'true' : undefined}>
          Log In
        </button>
      </form>
    </main>
  )
}
