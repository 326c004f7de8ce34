import { createEffect, createSignal, on, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { useAttention } from '../../attention/attention.ts'
import { Icon } from '../../controls/icon.tsx'
import { Popover } from '../../controls/popover.tsx'
import { ConnectionDot } from '../../shell/connection.tsx'
import { useDesk } from '../../shell/desk.ts'
import { Online } from '../../shell/online.tsx'
import { StraysDialog, StraysLink } from '../../shell/strays.tsx'
import { Views, viewNameOf } from '../../shell/views.tsx'
import { useInboxList } from './list.ts'

/** The view's name, and who is online to its right. On a phone the name opens the list of views. */
export function InboxBar() {
  const parley = useParley()
  const desk = useDesk()
  const { editing } = useInboxList()
  const attention = useAttention()
  const [open, setOpen] = createSignal(false)
  const [strays, setStrays] = createSignal(false)
  // DONE and Cancel go away when they are pressed: the focus is where the editing began.
  let edit: HTMLButtonElement | undefined
  createEffect(
    on(
      () => editing.draft() !== null,
      (is, was) => {
        if (was && !is && document.activeElement === document.body) edit?.focus()
      },
    ),
  )
  return (
    <header class="inbox-bar">
      <h2 class="inbox-title">
        {editing.draft()?.was === null ? 'New view' : viewNameOf(parley.views(), desk.view())}
      </h2>
      <div class="phone-only">
        <Popover
          name="Views"
          placement="bottom-start"
          open={open()}
          setOpen={setOpen}
          trigger={{
            class: 'icon-button',
            label: 'Choose a view',
            get children() {
              return <Icon name="chevron" class="turned" />
            },
          }}
        >
          <Views picked={() => setOpen(false)} add={() => editing.add()} />
          <StraysLink
            press={() => {
              setOpen(false)
              setStrays(true)
            }}
          />
        </Popover>
        <StraysDialog open={strays()} close={() => setStrays(false)} />
      </div>
      <Show when={attention.isCalling()}>
        <span class="calling-sign" role="status">
          New message
        </span>
      </Show>
      <span class="spring" />
      <div class="phone-only">
        <ConnectionDot />
      </div>
      <Show
        when={editing.draft()}
        fallback={
          <>
            <Online />
            <Show when={editing.canEdit()}>
              <button
                ref={(element) => (edit = element)}
                type="button"
                class="button quiet-button"
                onClick={() => editing.edit()}
              >
                EDIT VIEW
              </button>
            </Show>
          </>
        }
      >
        <button type="button" class="button quiet-button" onClick={() => editing.cancel()}>
          Cancel
        </button>
        <button type="button" class="button small primary" onClick={() => void editing.save()}>
          DONE
        </button>
      </Show>
    </header>
  )
}
