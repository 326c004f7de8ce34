import { createComponent, createSignal, Match, Switch, type Component } from 'solid-js'

/**
 * A part of the screen that comes when it is drawn for the first time, and stays. Solid's own `lazy` needs resources
 * and suspense, which weigh more in the first load than this (as `Dynamic` does), and says nothing where the part
 * cannot be had.
 */
export function loaded<Props extends Record<string, unknown>>(
  load: () => Promise<Component<Props>>,
): Component<Props> {
  const [part, setPart] = createSignal<Component<Props> | null>(null)
  const [failed, setFailed] = createSignal(false)
  const fetchPart = () => {
    setFailed(false)
    load().then(
      (component) => setPart(() => component),
      () => setFailed(true),
    )
  }
  return (props) => {
    if (part() === null) fetchPart()
    return (
      <Switch fallback={<p class="quiet">Opening…</p>}>
        <Match when={part()}>{(component) => createComponent(component(), props)}</Match>
        <Match when={failed()}>
          <div class="empty" role="alert">
            <p class="empty-title">This page is not on this device yet.</p>
            <p class="quiet">It opens when there is a connection.</p>
            <button type="button" class="button" onClick={fetchPart}>
              Try again
            </button>
          </div>
        </Match>
      </Switch>
    )
  }
}
