import {
  createComponent,
  createRoot,
  createSignal,
  Match,
  Switch,
  untrack,
  type Component,
  type JSX,
} from 'solid-js'

/**
 * A part of the screen whose code comes when it is first drawn: what nobody needs for reading and answering. `empty`
 * stands there until then. Code that cannot be fetched says so in its place, and is asked for again by a press or when it is
 * drawn anew. Solid's own `lazy` needs resources and suspense, which weigh more in the first load than this.
 */
export function later<Props extends object>(
  load: () => Promise<Component<Props>>,
  empty: () => JSX.Element = () => null,
): Component<Props> {
  type State = { at: 'unasked' | 'loading' | 'failed' } | { at: 'here'; part: Component<Props> }
  const [state, setState] = createRoot(() => createSignal<State>({ at: 'unasked' }))
  const fetch = async () => {
    setState({ at: 'loading' })
    try {
      setState({ at: 'here', part: await load() })
    } catch (fault) {
      console.error('A part of the screen could not be fetched.', fault)
      setState({ at: 'failed' })
    }
  }
  const part = () => {
    const current = state()
    return current.at === 'here' ? current.part : null
  }
  return (props: Props) => {
    if (untrack(state).at === 'unasked' || untrack(state).at === 'failed') void fetch()
    return (
      <Switch fallback={empty()}>
        <Match when={part()}>{(part) => createComponent(part(), props)}</Match>
        <Match when={state().at === 'failed'}>
          <p class="quiet" role="alert">
            This part could not be fetched.{' '}
            <button type="button" class="link-button" onClick={() => void fetch()}>
              Try again
            </button>
          </p>
        </Match>
      </Switch>
    )
  }
}

/** Stands in the place of a whole page until its code is here. */
export const opening = () => <p class="quiet">Opening…</p>
