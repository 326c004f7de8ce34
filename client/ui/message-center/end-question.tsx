import { Question } from '../controls/question.tsx'
import { useDesk } from '../shell/desk.ts'
import { useActions } from './actions.ts'
import { useInboxList } from './inbox/list.ts'

/** The guide's question before END CONVERSATION [F220, F221]; afterwards the focus is on the list again. */
export function EndQuestion() {
  const desk = useDesk()
  const list = useInboxList()
  const actions = useActions()
  let index = -1

  const end = async () => {
    const id = desk.ending()
    if (id === null) return
    index = list.ids().indexOf(id)
    desk.setEnding(null)
    await actions.end(id)
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
  return (
    <Question
      open={desk.ending() !== null}
      text="Are you sure you want to CLOSE this conversation?"
      ok={() => void end()}
      cancel={() => desk.setEnding(null)}
      closed={returnFocus}
    />
  )
}
