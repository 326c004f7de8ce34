import { For, Match, Show, Switch } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { createSearch, type Hit } from '#client/state/search.ts'
import { marksOf } from '#shared/rules/search.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Marked } from '../controls/marked.tsx'
import { isoTime, now, shortTime } from '../shell/clock.ts'
import { useDesk } from '../shell/desk.ts'

/** What is found on this device, as one types, and the whole history below it [F77]. */
export function SearchResults() {
  const parley = useParley()
  const desk = useDesk()
  const question = () => desk.search() ?? ''
  const search = parley.search(createSearch, question)
  const nowhere = () =>
    question().trim() !== '' && search.ready() && search.people().length + search.messages().length === 0
  const found = () => {
    const history = search.history()
    return history.kind === 'found' ? history : null
  }
  const failed = () => {
    const history = search.history()
    return history.kind === 'failed' ? history.text : null
  }
  return (
    <div class="search-results" aria-busy={search.history().kind === 'searching'}>
      <Show when={question().trim() === ''}>
        <p class="search-word">
          A name, a part of a number, a Conversation ID# or words of a message. What is on this device appears
          as you type, the full history below it.
        </p>
      </Show>
      <Results title="People and conversations" hits={search.people()} question={question()} />
      <Results title="Messages on this device" hits={search.messages()} question={question()} />
      <Show when={nowhere()}>
        <p class="search-word">Nothing on this device.</p>
      </Show>
      <Switch>
        <Match when={search.history().kind === 'searching'}>
          <p class="search-word" role="status">
            Searching the full history
          </p>
        </Match>
        <Match when={failed()}>{(text) => <p class="search-word">{text()}</p>}</Match>
        <Match when={found()}>
          {(page) => (
            <>
              <Results title="From the full history" hits={page().hits} question={question()} />
              <Show when={page().hits.length === 0}>
                <p class="search-word">Nothing more in the full history.</p>
              </Show>
              <Show when={page().behind}>
                <p class="search-word">The newest messages are still being indexed.</p>
              </Show>
              <Show when={page().more}>
                {(more) => (
                  <button type="button" class="button small search-more" onClick={() => more()()}>
                    Show more
                  </button>
                )}
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </div>
  )
}

function Results(props: { title: string; hits: Hit[]; question: string }) {
  return (
    <Show when={props.hits.length > 0}>
      <h3 class="search-heading">{props.title}</h3>
      <ul class="search-list" role="list" aria-label={props.title}>
        <For each={props.hits}>{(hit) => <Line hit={hit} question={props.question} />}</For>
      </ul>
    </Show>
  )
}

function Line(props: { hit: Hit; question: string }) {
  const desk = useDesk()
  const text = () => excerpt(props.hit.text, props.question)
  return (
    <li>
      <button
        type="button"
        class="hit"
        aria-current={desk.isOpen(props.hit.conversation) ? 'true' : undefined}
        onClick={() => desk.open(props.hit.conversation)}
      >
        <Avatar name={props.hit.title} small />
        <span class="hit-title">
          <Marked text={props.hit.title} marks={marksOf(props.hit.title, props.question)} />
        </span>
        <Show when={props.hit.at}>
          {(at) => (
            <time class="hit-time" datetime={isoTime(at())}>
              {shortTime(at(), now())}
            </time>
          )}
        </Show>
        <span class="hit-text">
          <Marked text={text()} marks={marksOf(text(), props.question)} />
        </span>
      </button>
    </li>
  )
}

/** The part of a long text in which the first word stands. */
function excerpt(text: string, question: string): string {
  const [at = 0] = marksOf(text, question)
  return at > 60 ? `… ${text.slice(at - 40)}` : text
}
