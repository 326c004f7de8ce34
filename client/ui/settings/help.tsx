import type { JSX } from 'solid-js'
import { FirstSteps } from '../shell/first-steps.tsx'
import type { SectionProps } from './sections.ts'

/** Settings > Help: what an agent looks up when something outside of Parley is in the way. */
export function Help(_props: SectionProps) {
  return (
    <div class="parts help">
      <h2 class="page-title">Help</h2>
      <FirstSteps />
      <Part id="help-trouble" title="When messages do not come or go">
        <p>
          Parley says "The application is having trouble sending and receiving messages" when it has not
          reached the service for a minute. What you type is kept, and it goes on by itself.
        </p>
        <p>
          If it stays, the cause is often an ad blocker or a privacy setting of the browser. Disable the ad
          blocker for this site, or add this address to the trusted sites of the browser:{' '}
          <code>{location.origin}</code>
        </p>
      </Part>
      <Part id="help-browsers" title="Browsers">
        <p>
          Parley runs in the browser, on a computer, a tablet or a phone; nothing has to be installed. It is
          made for the last two versions of Chrome, Firefox, Edge and Safari, and for Chrome, Firefox and
          Safari on phones.
        </p>
        <p>
          Extensions and plug-ins of other makers are your own choice. They can read and change this page: if
          something looks or works wrong, try a window without them first.
        </p>
      </Part>
      <Part id="help-for" title="What Parley is for">
        <p>
          Live conversation between you and one person at a time. It is not made for automated bulk marketing.
        </p>
        <p>
          Conversations are kept by themselves, with who owned them, who ended them and when. Nobody has to
          store anything for an audit, and nobody can delete a conversation.
        </p>
      </Part>
      <Part id="help-consent" title="Opting in again">
        <p>
          Who sent STOP gets nothing more. For toll-free numbers the network of the carriers handles opting in
          again. For standard numbers your company does: UNSTOP from the person is enough, or, where opt-ins
          are taken by hand, an agent takes off "Opted Out" in Mobile User Info and presses SAVE.
        </p>
      </Part>
      <p class="quiet">
        Length, pictures, emoji and ending a conversation are explained beside the Reply Box, behind its
        question mark.
      </p>
    </div>
  )
}

function Part(props: { id: string; title: string; children: JSX.Element }) {
  return (
    <section class="settings-part" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.children}
    </section>
  )
}
