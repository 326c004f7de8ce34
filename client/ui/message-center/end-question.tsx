import { Show, untrack } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Question } from '../controls/question.tsx'
import { useDesk } from '../shell/desk.ts'
import { useActions } from './actions.ts'
import { useInboxList } from './inbox/list.ts'

/** The guide's words for closing [F228]. */
const closingWords = 'This conversation has ended, send another message if you need anything else!'

/** The guide's question before END CONVERSATION [F220, F221]; afterwards the focus is on the list again. */
export function EndQuestion() {
  const desk = useDesk()
  const list = useInboxList()
  const actions = useActions()
  const parley = useParley()
  let index = -1

  const end = async () => {
    const id = desk.ending()
    if (id === null) return
    index = list.ids().indexOf(id)
    // It is stored while the browser takes the question away.
    const ended = actions.end(id)
    desk.setEnding(null)
    await ended
  }
  /** The row that took the place of the ended one, where there was one. */
  const returnFocus = () => {
    if (index < 0) return
    const at = index
    index = -1
    requestAnimationFrame(() => {
      const next = list.ids()[Math.min(at, list.ids().length - 1)]
      if (next) list.focus(next)
    })
  }
  // Whoever wants no texts gets none at the end either.
  const mayBeTold = () => list.row(desk.ending())?.user?.optedOut == null
  /** The suggested words stand in the reply, behind what was typed there; sending and ending stay with the agent. */
  const sayFirst = () => {
    const id = desk.ending()
    if (id === null) return
    const box = untrack(() => parley.composer(() => id, 'reply'))
    const typed = box.text().trimEnd()
    if (!typed.endsWith(closingWords)) box.set(typed === '' ? closingWords : `${typed} ${closingWords}`)
    desk.setEnding(null)
    if (!desk.isOpen(id)) desk.open(id)
    desk.ask({ kind: 'write', box: 'reply' })
  }
  return (
    <Question
      open={desk.ending() !== null}
      text="Are you sure you want to CLOSE this conversation?"
      ok={() => void end()}
      cancel={() => desk.setEnding(null)}
      closed={returnFocus}
    >
      <Show when={mayBeTold()}>
        <div class="closing-words">
          <p class="quiet">To say goodbye first, you can send:</p>
          <p class="closing-text">{closingWords}</p>
          <button type="button" class="button small" onClick={sayFirst}>
            Put it into the reply
          </button>
        </div>
      </Show>
    </Question>
  )
}
