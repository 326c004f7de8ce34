import { createEffect, Match, Switch } from 'solid-js'
import { render } from 'solid-js/web'
import { second } from '#shared/base/time.ts'
import { App } from '#client/ui/app.tsx'
import { forgetTabs } from '#client/ui/shell/kept-tabs.ts'
import { keepFocus } from '#client/ui/shell/keep-focus.ts'
import { clearFirst, hasPainted, nowPainted, painted } from '#client/ui/shell/painted.ts'
import { SignIn } from '#client/ui/sign-in/sign-in.tsx'
import { Gate, type Standing } from './state/gate.ts'
import { browserDevice } from './sync/browser-device.ts'
import { keepStorage } from './sync/keep-storage.ts'
import { keepShell, letNewBuildIn, whenOvertaken } from './sync/shell-worker.ts'

const gate = new Gate(
  browserDevice(),
  () => void letNewBuildIn().then(() => location.reload()),
  () => painted.then(() => import('./sync/talker.ts')),
  hasPainted,
)
whenOvertaken(() => gate.overtaken())

function Page() {
  const desk = () => only(gate.standing(), 'desk')
  const door = () => only(gate.standing(), 'door')
  createEffect(() => {
    if (!door()) return
    // Nothing of a picture stays, not for a moment.
    clearFirst()
    nowPainted()
  })
  // Its rows may be long in coming.
  createEffect(() => desk() && setTimeout(clearFirst, second))
  // Whose session merely ended finds their tabs again.
  createEffect(() => door() && !gate.remembers && forgetTabs())
  createEffect(() => {
    // On a shared computer there is nothing to keep.
    if (desk() && !gate.isShared) void keepStorage()
  })
  return (
    <Switch>
      <Match when={desk()}>{(desk) => <App parley={desk().parley} />}</Match>
      <Match when={door()}>
        {(door) => (
          <SignIn
            signIn={(email, password, shared) => gate.signIn(email, password, shared)}
            shared={gate.isShared}
            notice={door().notice}
          />
        )}
      </Match>
    </Switch>
  )
}

function only<At extends Standing['at']>(standing: Standing, at: At): Extract<Standing, { at: At }> | null {
  return standing.at === at ? (standing as Extract<Standing, { at: At }>) : null
}

const root = document.getElementById('app')
if (!root) throw new Error('The page has no #app.')
render(Page, root)
keepFocus(root)
// In a task of its own: the code is loaded in this one, and on a slow phone neither waits for the other.
setTimeout(() => void gate.arrive())
// It fetches and stores forty files: not beside the first seconds of the page.
void painted.then(() => setTimeout(() => void keepShell(), 3 * second))
