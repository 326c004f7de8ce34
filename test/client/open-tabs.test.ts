import { describe, expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import * as z from 'zod/mini'
import type { AgentId } from '#shared/base/ids.ts'
import type { Parley } from '#client/state/parley.ts'
import { keptForms } from '#client/ui/shell/kept-forms.ts'
import { forgetTabs, keepTabs, readTabs } from '#client/ui/shell/kept-tabs.ts'
import { add, bringBack, close, find, move, standing } from '#client/ui/shell/open-tabs.ts'

const named = (letter: string) => conversationId.parse(`c${letter.repeat(26)}`)
const [ann, ben, cleo, dan] = [named('a'), named('b'), named('c'), named('d')] as const
const here = (...ids: (typeof ann)[]) => new Set(ids)

describe('tabs of before a reload', () => {
  it('come back in their order, whatever was opened since, once their conversations are on this device', () => {
    const back = bringBack([ann, ben, cleo])
    expect(standing(back)).toEqual([])
    // The address opens the one in front before anything else was read.
    const opened = add(add(back, ben), dan)
    expect(standing(opened)).toEqual([ben, dan])
    expect(standing(find(opened, here(ann, ben)))).toEqual([ann, ben, dan])
    expect(standing(find(find(opened, here(ann)), here(cleo)))).toEqual([ann, ben, cleo, dan])
  })

  it('stay away where the agent may not see their conversation any more, and none leads to it', () => {
    const tabs = find(bringBack([ann, ben, cleo]), here(ann, cleo))
    expect(standing(tabs)).toEqual([ann, cleo])
    expect(close(tabs, ann).next).toBe(cleo)
    expect(close(tabs, cleo).next).toBe(ann)
    // It is kept for the next reload, since its conversation may only not have arrived yet.
    expect(tabs.all).toEqual([ann, ben, cleo])
  })

  it('are not brought back twice by what changes later', () => {
    const tabs = find(bringBack([ann, ben]), here(ann, ben))
    const { tabs: closed } = close(tabs, ann)
    expect(standing(find(closed, here(ann, ben)))).toEqual([ben])
    expect(find(closed, here(ann, ben))).toBe(closed)
  })

  it('are one where a conversation joined another that is open', () => {
    expect(standing(move(bringBack([ann, ben, cleo]), cleo, ann))).toEqual([ann])
    expect(move(bringBack([ann, ben, cleo]), ann, cleo).all).toEqual([cleo, ben])
  })

  it('make room from the left for the ninth', () => {
    const tabs = 'abcdefghi'.split('').map(named).reduce(add, bringBack([]))
    expect(standing(tabs)).toEqual('bcdefghi'.split('').map(named))
  })
})

it('closing the one in front brings the next one, the last one the one before it, and the only one none', () => {
  const tabs = [ann, ben, cleo].reduce(add, bringBack([]))
  expect(close(tabs, ben).next).toBe(cleo)
  expect(close(tabs, cleo).next).toBe(ben)
  expect(close(add(bringBack([]), ann), ann).next).toBeNull()
  expect(close(tabs, dan).next).toBeNull()
})

const nothing = { tabs: [], front: 'conversation' } as const
const maya = {
  session: { account: 'northwind', agent: 'maya' as AgentId } as Parley['session'],
  shared: false,
}

describe('what a browser tab keeps for its reload', () => {
  /** The session storage of one browser tab. */
  const browserTab = (items = new Map<string, string>()) => ({
    items,
    session: () => ({
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, text: string) => void items.set(key, text),
      removeItem: (key: string) => void items.delete(key),
    }),
  })

  it("is that browser tab's and that agent's alone", () => {
    const [left, right] = [browserTab(), browserTab()]
    keepTabs('northwind:maya', { tabs: [ann, ben], front: 'info' }, left.session)
    expect(readTabs('northwind:maya', left.session)).toEqual({ tabs: [ann, ben], front: 'info' })
    expect(readTabs('northwind:maya', right.session)).toEqual(nothing)
    expect(readTabs('northwind:sam', left.session)).toEqual(nothing)
    // Whoever comes next leaves nothing of it.
    keepTabs('northwind:sam', nothing, left.session)
    expect(readTabs('northwind:maya', left.session)).toEqual(nothing)
  })

  it('is gone when it is forgotten', () => {
    const { items, session } = browserTab()
    keepTabs('northwind:maya', { ...nothing, tabs: [ann] }, session)
    keptForms(maya, session).keep('new', { to: 'Dana' })
    forgetTabs(session)
    expect(items.size).toBe(0)
  })

  it('is nothing where it is damaged, or where storage is shut', () => {
    const damaged = ['{', '[]', '{"whose":"northwind:maya","tabs":["x"]}']
    for (const text of damaged)
      expect(readTabs('northwind:maya', browserTab(new Map([['parley.tabs', text]])).session)).toEqual(
        nothing,
      )
    const shut = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    keepTabs('northwind:maya', { ...nothing, tabs: [ann] }, shut)
    forgetTabs(shut)
    expect(readTabs('northwind:maya', shut)).toEqual(nothing)
  })

  it('is also what is typed into forms and not saved, on no computer that is shared', () => {
    const { session } = browserTab()
    const typed = z.object({ to: z.string() })
    const read = (parley: Parameters<typeof keptForms>[0]) => keptForms(parley, session).read('new', typed)
    keptForms(maya, session).keep('new', { to: 'Dana' })
    expect(read(maya)).toEqual({ to: 'Dana' })
    // The page is loaded again.
    expect(read({ ...maya, session: { ...maya.session } })).toEqual({ to: 'Dana' })
    expect(keptForms(maya, session).read('other', typed)).toBeNull()
    expect(keptForms(maya, session).read('new', z.object({ from: z.string() }))).toBeNull()
    expect(read({ ...maya, session: { ...maya.session, agent: 'sam' as AgentId } })).toBeNull()
    const shared = { session: { ...maya.session }, shared: true }
    expect(read(shared)).toBeNull()
    keptForms(shared, session).keep('new', { to: 'Lee' })
    expect(read(shared)).toEqual({ to: 'Lee' })
    expect(read({ ...shared, session: { ...shared.session } })).toBeNull()
    const later = { ...maya, session: { ...maya.session } }
    keptForms(later, session).keep('new', null)
    expect(read({ ...maya, session: { ...maya.session } })).toBeNull()
  })
})
