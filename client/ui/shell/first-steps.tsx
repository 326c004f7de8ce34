import { createEffect, createMemo, For, Show, type JSX } from 'solid-js'
import { createFirstSteps, firstSteps, type FirstStep } from '#client/state/first-steps.ts'
import { useParley } from '#client/state/parley.ts'
import { Icon } from '../controls/icon.tsx'
import { createRemembered } from '../controls/remembered.ts'
import { useDesk } from './desk.ts'
import '#client/styles/first-steps.css'

/** How each is done, by keys and by thumb. */
const words: Record<FirstStep, { title: string; how: () => JSX.Element; byThumb: string }> = {
  answer: {
    title: 'Answer a waiting customer',
    how: () => (
      <>
        <kbd>w</kbd> opens whoever waits longest. Write, then <kbd>Enter</kbd>.
      </>
    ),
    byThumb: 'Open a red row, which waits longest. Write, then SEND.',
  },
  note: {
    title: 'Add a note',
    how: () => (
      <>
        <kbd>n</kbd> turns the box yellow. Only colleagues see a note, and @ names one of them.
      </>
    ),
    byThumb: 'Choose Note above the box. Only colleagues see a note, and @ names one of them.',
  },
  assign: {
    title: 'Assign a conversation',
    how: () => (
      <>
        <kbd>i</kbd> makes it yours, <kbd>a</kbd> gives it to somebody else.
      </>
    ),
    byThumb: 'SET OWNER below the box makes it yours, or gives it to somebody else.',
  },
  'end offline': {
    title: 'Go offline and end one',
    how: () => (
      <>
        Open one, cut the connection and press <kbd>e</kbd>. The dot at the bottom says what waits.
      </>
    ),
    byThumb: 'Open one, cut the connection, and END CONVERSATION. Me says what waits.',
  },
  'come back': {
    title: 'Come back',
    how: () => 'Connect again. What waited goes by itself, and colleagues see it.',
    byThumb: 'Connect again. What waited goes by itself, and colleagues see it.',
  },
}

/**
 * Five steps that teach what an agent does all day, each ticked by doing it. They leave when they are put away; what
 * was done stays done on this device.
 */
export function FirstSteps(props: { canLeave?: boolean }) {
  const parley = useParley()
  const desk = useDesk()
  const seen = parley.open(createFirstSteps)
  const [kept, keep] = createRemembered<string>('parley.first-steps', (text) => text ?? '')
  const before = createMemo(() => new Set(kept().split(',')))
  const isDone = (step: FirstStep) => before().has(step) || (seen()?.has(step) ?? false)
  const count = () => firstSteps.filter(isDone).length
  createEffect(() => {
    const done = firstSteps.filter(isDone)
    if (seen() && done.some((step) => !before().has(step))) keep([...new Set([...before(), ...done])].join())
  })
  const isLeft = () => props.canLeave === true && before().has('left')
  return (
    <Show when={seen() && !isLeft()}>
      <section class="first-steps" aria-labelledby="first-steps-title">
        <header class="first-steps-head">
          <h2 id="first-steps-title">First steps</h2>
          <span class="quiet">{`${count()} of ${firstSteps.length} done`}</span>
          <Show when={props.canLeave}>
            <button
              type="button"
              class="icon-button"
              aria-label="Put the first steps away"
              title="Put away. They stay under Settings, Help."
              onClick={() => keep(`${kept()},left`)}
            >
              <Icon name="close" />
            </button>
          </Show>
        </header>
        <ol role="list">
          <For each={firstSteps}>
            {(step) => (
              <li classList={{ done: isDone(step) }}>
                <span class="first-steps-sign">
                  <Show when={isDone(step)}>
                    <Icon name="check" />
                    <span class="visually-hidden">Done: </span>
                  </Show>
                </span>
                <div>
                  <p class="first-steps-what">{words[step].title}</p>
                  <Show when={!isDone(step)}>
                    <p class="quiet">{desk.isPhone() ? words[step].byThumb : words[step].how()}</p>
                  </Show>
                </div>
              </li>
            )}
          </For>
        </ol>
        <Show when={count() === firstSteps.length}>
          <p class="quiet" role="status">
            {`That is a day's work in small.${desk.isPhone() ? '' : ' ? shows every key.'}`}
          </p>
        </Show>
      </section>
    </Show>
  )
}
