import { For, Show } from 'solid-js'
import { Avatar } from '../../controls/avatar.tsx'
import type { MentionPicker } from './mention-picker.ts'

/** The team as far as it fits what is typed. */
export function MentionList(props: { picker: MentionPicker }) {
  return (
    <ul class="mention-options" role="listbox" id={props.picker.id} aria-label="Name a colleague">
      <For each={props.picker.options()}>
        {(agent) => (
          <li
            class="mention-option"
            role="option"
            id={`${props.picker.id}-${agent.id}`}
            aria-selected={props.picker.chosen()?.id === agent.id}
            // The press must not take the focus out of the box.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => props.picker.take(agent.name)}
          >
            <Avatar name={agent.name} picture={agent.avatar} small />
            {agent.name}
            <Show when={agent.away}>
              <span class="quiet">Away</span>
            </Show>
          </li>
        )}
      </For>
    </ul>
  )
}
