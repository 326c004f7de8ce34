import { createMemo, createSignal, onCleanup, type Accessor } from 'solid-js'
import type { ConversationId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { ComposerKind } from '#client/db/composer.ts'
import type { Engine } from '#client/sync/engine.ts'
import type { BoxView } from '#client/sync/page-box.ts'
import type { Typing } from '#client/sync/typing.ts'
import { isSame } from './live.ts'
import type { ComposerBox, DraftCaret } from './parley.ts'

/**
 * Colleagues' cursors in a box, and this page's own on its way to them. A cursor behind letters that have not come
 * yet stays where it was, moved along with the text; one of a colleague who looks elsewhere by now is not drawn.
 */
export function createCarets(
  engine: Engine,
  typing: Typing,
  id: Accessor<ConversationId | null>,
  kind: ComposerKind,
  view: Accessor<Pick<BoxView, 'text' | 'move'>>,
  colleagues: (at: ConversationId) => Agent[],
): Pick<ComposerBox, 'carets' | 'caret'> {
  const [version, setVersion] = createSignal(0)
  onCleanup(engine.carets.onChange(() => setVersion((count) => count + 1)))
  let drawn: ReturnType<typeof view> | null = null
  const carets = createMemo<DraftCaret[]>((before) => {
    version()
    const now = view()
    const moved = (offset: number) => Math.min(now.text.length, now === drawn ? offset : now.move(offset))
    const conversation = id()
    if (conversation === null) return []
    const here = new Map(colleagues(conversation).map((agent) => [agent.id, agent.name]))
    const next = engine.carets.in(conversation, kind).flatMap(({ agent, epoch, at }): DraftCaret[] => {
      const name = here.get(agent)
      const known = before.find((caret) => caret.agent === agent)
      const offset = typing.offsetOf(conversation, kind, epoch, at) ?? (known ? moved(known.offset) : null)
      return name === undefined || offset === null ? [] : [{ agent, name, offset }]
    })
    drawn = now
    return isSame(before, next) ? before : next
  }, [])

  // Left without a word, a box still says so: the place that was told last is taken back.
  let told: Parameters<Engine['caret']>[0] | null = null
  const tell = (next: typeof told) => {
    if (told && (!next || next.conversation !== told.conversation)) engine.caret({ ...told, at: null })
    told = next
    if (next) engine.caret(next)
  }
  onCleanup(() => tell(null))
  return {
    carets,
    caret(offset) {
      const conversation = id()
      tell(conversation === null || offset === null ? null : typing.caretAt(conversation, kind, offset))
    },
  }
}
