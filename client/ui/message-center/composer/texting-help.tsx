import type { JSX } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { enterSends, setEnterSends } from './enter-key.ts'

/** What an agent may want to know while writing, in the order of how often it is asked. */
export function TextingHelp(props: { textOnlyLimit: number }) {
  return (
    <div class="texting-help">
      <Part title="Keys">
        <p>
          <kbd>/</kbd> offers quick replies, <kbd>{'{'}</kbd> offers names. <kbd>Ctrl</kbd> <kbd>Enter</kbd>{' '}
          sends, <kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Enter</kbd> sends and asks whether to end. On a Mac it
          is <kbd>Cmd</kbd>.
        </p>
        <label class="choice">
          <input
            type="checkbox"
            checked={enterSends()}
            onChange={(event) => setEnterSends(event.currentTarget.checked)}
          />
          <span>Enter sends</span>
          <span class="quiet">
            {enterSends() ? 'Shift+Enter breaks the line' : 'Enter breaks the line, Shift+Enter sends'}
          </span>
        </label>
      </Part>
      <Part title="What Parley is for">
        <p>
          Live conversation between you and one person at a time. It is not made for automated bulk marketing:
          answering people is what comes first, also when you write to a list.
        </p>
      </Part>
      <Part title="Length">
        <p>
          Stay under 160 characters where you can. Pure CDMA networks (Sprint) handle concatenated messages
          poorly: the parts may arrive one by one, or out of order.
        </p>
        <p>
          Avoid special characters. Carriers translate them inconsistently, and one of them makes the whole
          text Unicode, with 70 characters a segment instead of 160.
        </p>
        <p>Whether longer texts are joined, split or refused is set by an account administrator.</p>
      </Part>
      <Part title="Text-only MMS">
        <p>
          The paragraph sign sends a text whole, as an MMS of up to {grouped(props.textOnlyLimit || 2_000)}{' '}
          characters from this number, without concatenation. Carriers have announced that 2,000 will rise to
          4,000: an administrator sets the limit. With fewer than 160 characters it can be kept as a quick
          reply.
        </p>
        <p>
          A text-only MMS from a mobile user is accepted only with an accompanying image, or when it is sent
          as a group message. That is up to their carrier.
        </p>
      </Part>
      <Part title="Pictures, sound and video">
        <p>
          Pictures can be sent; audio, video and PDF cannot. In the future, audio capabilities will be added.
          Which formats and sizes go out depends on the type of the number.
        </p>
        <p>
          To prepare a video for MMS, convert it to .3GP in the suggested size "CIF (352x288)", then choose
          the file in a single message or in Distribution Lists, once video can be sent.
        </p>
        <p>Known issue: Cricket disallows MMS to numbers with area code 533 (533-###-####).</p>
      </Part>
      <Part title="Ending a conversation">
        <p>
          Tell people that you close it. A quick reply for that: "This conversation has ended, send another
          message if you need anything else!"
        </p>
      </Part>
    </div>
  )
}

function Part(props: { title: string; children: JSX.Element }) {
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  )
}
