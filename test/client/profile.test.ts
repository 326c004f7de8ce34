import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mediaId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { readCompanyHere } from '#client/db/overlay.ts'
import { pngOf } from '#test/kit/pictures.ts'
import { rest, until } from './kit/fake-device.ts'
import { seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

const avatar = mediaId.parse(`m${'a'.repeat(26)}`)
const picture = {
  id: avatar,
  blob: new Blob([pngOf(9, 4).slice()], { type: 'image/png' }),
  contentType: 'image/png',
}

describe('a profile on this device', () => {
  let edge: FakeEdge
  let page: Page
  const { agent } = maya
  const me = () =>
    page.store.read(async (tx) => (await readCompanyHere(tx, agent, page.device.now())).agents.get(agent))
  const media = () => page.store.read((tx) => tx.all('media'))
  beforeEach(async () => {
    await forgetDatabases()
    edge = seededEdge(2)
    page = await openPage(edge)
    await page.live()
  })
  afterEach(() => page.close())

  it('[F31] is seen as it was saved at once, also while the edge has not heard of it', async () => {
    edge.down = true
    edge.cut()
    const pressed = await page.actions.save({
      name: 'SaveProfile',
      agent,
      expect: { name: 'Maya' },
      to: { name: 'May' },
    })
    expect(pressed.ok).toBe(true)
    expect(await me()).toMatchObject({ name: 'May' })
    expect(edge.commands()).toHaveLength(0)
    const late = await page.actions.save({
      name: 'SaveProfile',
      agent,
      expect: { name: 'Maya' },
      to: { name: 'Maia' },
    })
    expect(late).toMatchObject({ ok: false, code: 'changed' })
  })

  it('[F35] [E29] waits for its picture, which goes first; taken back, the picture is gone', async () => {
    edge.pictureAnswer = { status: 503 }
    const save = () =>
      page.actions.save({ name: 'SaveProfile', agent, expect: { avatar: null }, to: { avatar } }, picture)
    const saving = save()
    await until(async () => (await page.pending()).length > 0)
    await rest()
    // The form waits for the edge's word, and not for ever.
    page.device.pass(2_000)
    const pressed = await saving
    expect(pressed.ok).toBe(true)
    expect(await me()).toMatchObject({ avatar })
    expect(edge.commands()).toHaveLength(0)
    if (pressed.ok) await page.actions.cancel(pressed.id)
    expect(await media()).toEqual([])
    edge.pictureAnswer = null
    await save()
    await until(async () => edge.commands().length > 0 && (await page.pending()).length === 0)
    expect(edge.commands().map(({ command }) => command)).toMatchObject([
      { name: 'SaveProfile', to: { avatar } },
    ])
    // What is refused here leaves no picture behind.
    const refused = await page.actions.save(
      { name: 'SaveProfile', agent, expect: {}, to: { name: '' } },
      { ...picture, id: mediaId.parse(`m${'b'.repeat(26)}`) },
    )
    expect(refused.ok).toBe(false)
    expect((await media()).map(({ id }) => id)).toEqual([avatar])
  })

  describe('a form whose save the edge alone refuses', () => {
    const save = () =>
      page.actions.save({ name: 'SaveProfile', agent, expect: { name: 'Maya' }, to: { name: 'May' } })
    const again = { name: 'SaveProfile', agent, to: { name: 'May' } } as const
    const refusals = () => page.store.read((tx) => tx.all('refusals'))
    /** A colleague has saved another name, which this device has not heard of. */
    const beaten = () => {
      edge.holding = true
      const row = edge.row<Agent>('agents', agent)
      if (!row) throw new Error('There is no Maya.')
      edge.commit([{ kind: 'row', table: 'agents', row: { ...row, name: 'Maia' } }])
    }

    it('[P5] is told so itself, and nothing stands in the list of changes', async () => {
      beaten()
      const pressed = save()
      await until(() => edge.commands().length > 0)
      edge.release()
      expect(await pressed).toMatchObject({
        ok: false,
        code: 'changed',
        text: 'Somebody else saved Screenname meanwhile: it is "Maia" now.',
      })
      expect([await refusals(), await page.pending()]).toEqual([[], []])
      // One that is taken is answered as well.
      expect(await page.actions.save({ ...again, expect: { name: 'Maia' } })).toMatchObject({ ok: true })
      expect(edge.commands()).toHaveLength(2)
    })

    it('[P5] waits for it for two seconds and not where there is no connection; then it stands in the list', async () => {
      beaten()
      const pressed = save()
      await until(() => edge.commands().length > 0)
      page.device.pass(2_000)
      expect(await pressed).toMatchObject({ ok: true })
      edge.release()
      await until(async () => (await refusals()).length > 0)
      expect(await refusals()).toMatchObject([{ command: { name: 'SaveProfile' }, code: 'changed' }])
    })
  })

  it('a press without a connection asks the platform to wake the page once there is one, and one with it does not', async () => {
    let asked = 0
    page.device.wakeLater = () => asked++
    const away = (on: boolean) => page.actions.away(on)
    await away(true)
    await until(async () => (await page.pending()).length === 0)
    expect(asked).toBe(0)
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await away(false)
    expect(asked).toBe(1)
    edge.down = false
    page.device.tell('online')
    page.device.pass(20_000)
    await until(async () => (await page.pending()).length === 0)
  })

  it('[F33] [F175] says that its agent is idle after the time of their profile, also where that changes meanwhile', async () => {
    const idle = () => edge.said('presence').at(-1)
    // In steps, so that the pongs come: a socket that says nothing is given up.
    const pass = async (seconds: number) => {
      for (let left = seconds; left > 0; left -= 5) {
        page.device.pass(Math.min(left, 5) * 1000)
        await rest(3)
      }
    }
    const hide = (visible: boolean) => {
      page.device.isVisible = visible
      page.device.tell(visible ? 'visible' : 'hidden')
    }
    await pass(1)
    hide(false)
    await pass(298)
    expect(idle()).toMatchObject({ idle: false })
    await pass(3)
    expect(idle()).toMatchObject({ idle: true })
    hide(true)
    await pass(1)
    expect(idle()).toMatchObject({ idle: false })
    hide(false)
    await pass(60)
    // A minute has passed, and half a minute is enough from now on.
    page.engine.setIdleSeconds(30)
    await pass(1)
    expect(idle()).toMatchObject({ idle: true })
    hide(true)
    hide(false)
    await pass(29)
    expect(idle()).toMatchObject({ idle: false })
    await pass(2)
    expect(idle()).toMatchObject({ idle: true })
  })
})
