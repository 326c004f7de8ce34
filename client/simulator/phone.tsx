import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import { showAddress } from '#shared/base/phone.ts'
import { addFile, readConversation, send, type Entry } from './carrier.ts'
import { companyNumbers, companyOf } from './companies.ts'
import type { Handset } from './handsets.ts'
import { createLatest, type Revisions } from './live.ts'
import { Talk } from './talk.tsx'

/** One customer's phone. */
export function Phone(props: {
  handset: Handset
  revisions: Revisions
  onChoose: (company: string) => void
  onRemove: () => void
}) {
  const id = createUniqueId()
  const company = createMemo(() => companyOf(props.handset.company))
  const [text, setText] = createSignal('')
  const [trouble, setTrouble] = createSignal('')
  const entries = createLatest(
    () => ({
      company: company(),
      handset: props.handset.number,
      revision: props.revisions(company().channel),
    }),
    ({ company, handset }) => readConversation(company.channel, handset, company.number),
    [] as Entry[],
  )

  /** Hands a text to the carrier, which keeps it until Parley takes it. */
  const give = async (text: string, media?: { url: string; contentType: string }[]) => {
    const { channel, number } = company()
    try {
      await send({ channel, from: props.handset.number, to: number, text, media })
      setTrouble('')
      return true
    } catch {
      setTrouble('Not sent: the simulated carrier does not answer.')
      return false
    }
  }
  const attach = async (file: File) => {
    try {
      await give('', [await addFile(company().channel, file)])
    } catch {
      setTrouble('Not attached: the simulated carrier takes files up to 1.9 MB.')
    }
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const written = text()
    if (written.trim() === '') return
    setText('')
    if (!(await give(written)) && text() === '') setText(written)
  }
  const burst = () => Promise.all(Array.from({ length: 10 }, (_, index) => give(`${index + 1} of 10`)))

  return (
    <article class="phone" aria-labelledby={`${id}-name`}>
      <header class="owner">
        <div>
          <h2 id={`${id}-name`}>{props.handset.name}</h2>
          <p>{showAddress(props.handset.number)}</p>
        </div>
        <button
          type="button"
          class="remove"
          aria-label={`Remove ${props.handset.name}'s phone`}
          onClick={() => props.onRemove()}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </header>
      <div class="screen">
        <div class="contact">
          <span class="face" aria-hidden="true">
            {company().contact.slice(0, 1)}
          </span>
          <label class="hidden" for={`${id}-company`}>
            Texting with
          </label>
          <div class="whom">
            <select
              id={`${id}-company`}
              value={company().number}
              onChange={(event) => props.onChoose(event.currentTarget.value)}
            >
              <For each={companyNumbers}>
                {({ number, contact, line }) => (
                  <option value={number}>
                    {contact}, {line}
                  </option>
                )}
              </For>
            </select>
            <p>{showAddress(company().number)}</p>
          </div>
        </div>
        <Talk
          channel={company().channel}
          entries={entries()}
          name={`${props.handset.name} and ${company().contact}`}
        />
        <div class="quick" role="group" aria-label="Quick texts">
          <button type="button" onClick={() => give('STOP')}>
            STOP
          </button>
          <button type="button" onClick={() => give('UNSTOP')}>
            UNSTOP
          </button>
          <button type="button" onClick={() => give('', [picture])}>
            Picture
          </button>
          <label class="attach">
            Attach
            <input
              type="file"
              class="hidden"
              onChange={({ currentTarget }) => {
                const file = currentTarget.files?.[0]
                currentTarget.value = ''
                if (file) void attach(file)
              }}
            />
          </label>
          <button type="button" onClick={burst}>
            Burst of 10
          </button>
        </div>
        <form class="write" onSubmit={submit}>
          <label class="hidden" for={`${id}-text`}>
            Text message
          </label>
          <input
            id={`${id}-text`}
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
            placeholder="Text message"
            autocomplete="off"
            enterkeyhint="send"
          />
          <button type="submit" class="go" aria-label="Send" disabled={text().trim() === ''}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8 13V3M3.5 7.5L8 3l4.5 4.5" />
            </svg>
          </button>
        </form>
        <p class="trouble" role="alert">
          <Show when={trouble()}>{trouble()}</Show>
        </p>
      </div>
    </article>
  )
}

/** A picture that the simulated carrier always has. */
const picture = { url: 'https://media.simulator.example/front-left-tyre.png', contentType: 'image/png' }
