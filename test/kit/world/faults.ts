import { minute, second } from '#shared/base/time.ts'
import { mobileUserOf } from '#shared/base/address.ts'
import { bulkPoints, crashPoints } from '#worker/account/crash-points.ts'
import type { Random } from '#test/kit/random.ts'
import { SharedStore, type Browser } from './browser.ts'
import { carrierModes } from './carrier.ts'
import type { Company, StorageCopy } from './company.ts'
import { customers, numberPut } from './founding.ts'
import type { Page } from './page.ts'
import { goodBulkRoad } from './bulk.ts'
import { goodRoad } from './post.ts'
import type { World } from './world.ts'

/** Where a fault happens, and what it is drawn with. */
export interface Scene {
  world: World
  company: Company
  random: Random
}

/** Begins a fault and answers how it ends, or null where there was nothing to break. */
type Fault = (scene: Scene) => (() => void) | null

const nothing = () => undefined

const lines: Record<string, Fault> = {
  'line held': ({ company, random }) => hold(company, [random.pick(company.browsers)]),
  partition: ({ company }) => hold(company, company.browsers),
  'line cut': ({ company, random }) => {
    const browser = random.pick(company.browsers)
    company.network.cut((page) => page.browser === browser, random.int(2) === 0)
    return nothing
  },
  'line flaps': ({ world, company, random }) => {
    const browser = random.pick(company.browsers)
    let over = false
    const flap = () => {
      if (over) return
      company.network.cut((page) => page.browser === browser, random.int(2) === 0)
      world.scheduler.after(200 + random.int(3000), flap)
    }
    flap()
    return () => {
      over = true
    }
  },
  'line silent': ({ company, random }) => {
    const browser = random.pick(company.browsers)
    company.network.silence((page) => page.browser === browser)
    return nothing
  },
  offline: ({ company, random }) => {
    const browser = random.pick(company.browsers)
    browser.online = false
    for (const page of browser.pages) page.tell('offline')
    company.network.cut((page) => page.browser === browser, true)
    return () => {
      browser.online = true
      for (const page of browser.pages) page.tell('online')
    }
  },
  'line floods': ({ world, company, random }) => {
    // Rare, since it costs as much as all else together.
    if (random.int(3) > 0) return null
    const browser = random.pick(company.browsers)
    const { channel, numbers } = company.plan
    for (let change = 0; change < 80; change++)
      world.scheduler.after(20 * change, () => {
        if (browser.held)
          for (const id of numbers.slice(0, 1)) company.configure(numberPut(channel, id, 0, true))
      })
    return hold(company, [browser])
  },
  'requests fail': ({ company }) => {
    company.network.failing = 60
    return () => {
      company.network.failing = 0
    }
  },
}

const pages: Record<string, Fault> = {
  'clock wrong': (scene) => turnClock(scene, scene.random.int(30 * minute)),
  'clock jumps': (scene) => turnClock(scene, 24 * 60 * minute),
  'replica fails': ({ company, random }) => {
    const { store } = random.pick(company.browsers)
    if (!(store instanceof SharedStore)) return null
    store.failIn = random.int(6)
    return () => {
      store.failIn = null
    }
  },
  'replica full': ({ company, random }) => {
    const { store } = random.pick(company.browsers)
    if (!(store instanceof SharedStore)) return null
    store.full = true
    return () => {
      store.full = false
    }
  },
  'replica emptied': ({ company, random }) => {
    const browser = random.pick(company.browsers)
    if (!(browser.store instanceof SharedStore)) return null
    const { size } = browser.pages
    for (const page of browser.pages) page.kill()
    company.network.cut((page) => page.browser === browser, true)
    company.witness.forgot(browser.name)
    browser.texts.clear()
    browser.store = new SharedStore()
    for (let tab = 0; tab < size; tab++) company.reopen(browser)
    return nothing
  },
  'record damaged': ({ company, random }) => {
    const browser = random.pick(company.browsers)
    const { store, pages } = browser
    if (!(store instanceof SharedStore) || store.failIn !== null || store.full) return null
    const { size } = pages
    for (const page of pages) page.kill()
    company.network.cut((page) => page.browser === browser, true)
    // What was read before is remembered beside a store: damage shows to who opens it anew.
    void store.damaged(random).then((damaged) => {
      browser.store = damaged
      browser.damaged = true
      for (let tab = 0; tab < size; tab++) company.reopen(browser)
    })
    return nothing
  },
  'new device': ({ company, random }) => {
    if (company.browsers.length > company.plan.people.length) return null
    void company.join(random.pick(company.plan.people))
    return nothing
  },
  'page killed': ({ company, random }) => {
    const withDatabase = company.pages().filter(({ browser }) => browser.store.kind === 'dexie')
    if (withDatabase.length === 0) return null
    const page = random.pick(withDatabase)
    page.kill()
    company.network.cut((other) => other === page, random.int(2) === 0)
    return () => company.reopen(page.browser)
  },
  'page sleeps': ({ company, random }) => {
    const all = company.pages()
    if (all.length === 0) return null
    const page = random.pick(all)
    page.show(false)
    page.sleep()
    return () => {
      page.awake()
      page.show(true)
    }
  },
  'other agent': ({ company, random }) => {
    // Whoever left has pages open and work waiting here. It goes when they are back, and not as somebody else's.
    const browser = random.pick(company.browsers)
    const others = company.plan.people.filter((agent) => agent !== browser.agent)
    if (others.length === 0 || browser.pages.size === 0) return null
    browser.signedIn = random.pick(others)
    company.network.cut((page) => page.browser === browser, true)
    return () => {
      browser.signedIn = browser.agent
      company.network.cut((page) => page.browser === browser, true)
      for (const page of browser.pages) page.wake(() => page.engine.resume())
    }
  },
  'old build': ({ company, random }) => {
    const browser = random.pick(company.browsers)
    if (!(browser.store instanceof SharedStore)) return null
    const reload = (old: boolean) => {
      const { size } = browser.pages
      for (const page of browser.pages) page.kill()
      company.network.cut((page) => page.browser === browser, true)
      browser.old = old
      for (let tab = 0; tab < size; tab++) company.reopen(browser)
    }
    reload(true)
    return () => reload(false)
  },
  'bulk suffers': ({ company, random }) => {
    const { bulk } = company
    bulk.road = { lost: random.int(50), repeated: random.int(60), dies: random.int(25), slow: random.int(15) }
    return () => {
      bulk.road = goodBulkRoad
    }
  },
  'bulk crash point': ({ company, random }) => {
    company.edge.crashAt = { point: random.pick(bulkPoints), skip: random.int(3) }
    return () => {
      company.edge.crashAt = null
    }
  },
  'page stalls': ({ world, company, random }) => {
    // Its process is busy: it takes nothing in while the account goes on, until the edge has enough of it.
    const browser = random.pick(company.browsers)
    const { channel, numbers } = company.plan
    const [number] = numbers
    if (!number || browser.pages.size === 0) return null
    for (const page of browser.pages) page.sleep()
    const stalled = [...browser.pages]
    let over = false
    const change = () => void (over || company.configure(numberPut(channel, number, 0, true)))
    for (let n = 0; n < 80; n++) world.scheduler.after(20 * n, change)
    for (let at = 31; at < 40; at += 2) world.scheduler.after(at * second, change)
    return () => {
      over = true
      for (const page of stalled) page.awake()
    }
  },
  'page turned to': ({ company, random }) => {
    const several = company.browsers.filter(({ pages }) => pages.size > 1)
    if (several.length === 0) return null
    const { pages } = random.pick(several)
    const front: Page = random.pick([...pages])
    for (const page of pages) page.show(page === front)
    return nothing
  },
}

const edges: Record<string, Fault> = {
  'edge crash': ({ company }) => {
    company.edge.crash()
    return nothing
  },
  'edge down': ({ company }) => {
    company.edge.crash()
    company.edge.down = true
    return () => {
      company.edge.down = false
    }
  },
  'edge hibernates': ({ company }) => (company.edge.hibernate() ? nothing : null),
  'edge moves': ({ company, random }) => {
    // Another machine, whose clock is a little different.
    company.edge.crash()
    company.edge.skew = random.int(4 * second) - 2 * second
    return nothing
  },
  'crash point': ({ company, random }) => {
    company.edge.crashAt = { point: random.pick(crashPoints), skip: random.int(2) }
    return () => {
      company.edge.crashAt = null
    }
  },
  'storage goes back': (scene) => goBack(scene, scene.company.copies.at(-1 - scene.random.int(3))),
  'storage goes far back': (scene) => goBack(scene, scene.company.copies[0]),
  'storage goes back into a send': (scene) => goBack(scene, scene.company.inSend),
  'storage goes back unnoticed': goBackUnnoticed,
  'thread begins anew': ({ company, random }) => {
    const user = mobileUserOf({ kind: 'phone', text: random.pick(customers) })
    return company.beginThreadAnew(user) ? nothing : null
  },
  'disk fails': ({ company, random }) => {
    const { disk } = company.edge
    if (random.int(2) === 0) disk.failIn = random.int(8)
    else disk.refuseIn = random.int(3)
    return () => {
      disk.failIn = null
      disk.refuseIn = null
    }
  },
  'disk lies': ({ company, random }) => {
    company.edge.disk.lieIn = random.int(4)
    return () => {
      company.edge.disk.lieIn = null
    }
  },
  'alarm twice': ({ company }) => alarmIs(company, 'twice'),
  'alarm late': ({ company }) => alarmIs(company, 'late'),
  'alarm never': ({ company }) => {
    const end = alarmIs(company, 'never')
    return () => {
      end()
      // An alarm that the platform gave up comes no more: what waits is found by the next start.
      company.edge.crash()
    }
  },
}

const outside: Record<string, Fault> = {
  'webhooks suffer': ({ company, random }) => {
    const { post } = company.carrier
    const road = {
      lost: random.int(40),
      answerLost: random.int(40),
      repeated: random.int(60),
      late: random.int(50),
    }
    post.inbound = road
    post.receipts = road
    return () => {
      post.inbound = goodRoad
      post.receipts = goodRoad
    }
  },
  'R2 down': ({ company }) => {
    company.carrier.post.storeDown = true
    return () => {
      company.carrier.post.storeDown = false
    }
  },
  'nudges suffer': ({ company, random }) => {
    const { post } = company.carrier
    post.nudges = { ...goodRoad, lost: random.int(60), repeated: random.int(60) }
    return () => {
      post.nudges = goodRoad
    }
  },
  'receipts missing': ({ company }) => {
    company.carrier.mute = 60
    return () => {
      company.carrier.mute = 0
    }
  },
  'D1 down': ({ world }) => historyIs(world, 'down'),
  'D1 slow': ({ world }) => historyIs(world, 'slow'),
  'D1 answer lost': ({ world }) => historyIs(world, 'answer lost'),
  'number inactive': ({ company, random }) => {
    const { channel, numbers } = company.plan
    const id = random.pick(numbers)
    const at = numbers.indexOf(id)
    company.configure(numberPut(channel, id, at, false))
    return () => company.configure(numberPut(channel, id, at, true))
  },
}

for (const mode of carrierModes)
  if (mode !== 'up')
    outside[`carrier ${mode}`] = ({ company }) => {
      company.carrier.mode = mode
      return () => {
        company.carrier.mode = 'up'
      }
    }

/** Everything that the world does to Parley. Coverage demands each of these names. */
export const faults: Readonly<Record<string, Fault>> = { ...lines, ...pages, ...edges, ...outside }
/** Drawn from streams of their own. */
const rare = ['page stalls', 'old build', 'other agent', 'bulk suffers', 'bulk crash point']

export const faultNames = Object.keys(faults)

/**
 * What is drawn when something has to break. The places where an object dies and where its disk may fail are many,
 * and a defect shows only in one of them, so they come more often.
 */
export const drawn = [
  ...faultNames.filter((name) => !rare.includes(name)),
  ...Array.from({ length: 10 }, () => 'crash point'),
  'disk fails',
  'disk fails',
  'disk fails',
  'disk lies',
  'storage goes back',
  'storage goes back into a send',
  'edge crash',
  'offline',
  'offline',
  'line held',
  'carrier busy',
  'webhooks suffer',
]

/** How long a fault lasts: mostly moments, sometimes long enough that what waits is late. */
export function lengthOf(random: Random): number {
  return random.int(4) === 0 ? 20 * second + random.int(100 * second) : 1 * second + random.int(15 * second)
}

function hold(company: Company, browsers: readonly Browser[]): () => void {
  const held = (is: boolean) => {
    for (const browser of browsers) browser.held = is
    company.network.hold((page) => browsers.includes(page.browser), is)
  }
  held(true)
  return () => held(false)
}

function turnClock({ world, company, random }: Scene, by: number): () => void {
  const browser = random.pick(company.browsers)
  browser.skew += (random.int(3) - 1) * by
  browser.skewChanged = world.scheduler.now
  return nothing
}

/**
 * The storage goes back: by an operator, who raises the epoch in D1 first, or by itself, which shows only where D1
 * has more than the copy. While it is done, D1 answers, and no flush of the life before is under way: what happens
 * where that is otherwise stands in docs/reliability.md.
 */
function goBack(
  { world, company, random }: Scene,
  copy: StorageCopy | null | undefined,
): (() => void) | null {
  const { history } = world
  if (!copy || history.mode !== 'up' || history.flushing > 0) return null
  history.steadyUntil = world.scheduler.now + minute
  const { account } = company.plan
  if (random.int(2) === 0 || history.flushedOf(account) <= copy.seq) history.raiseNow(account)
  company.goBack(copy)
  return nothing
}

/**
 * The storage goes back while nobody can ask D1. By itself: the object goes on as if nothing had been, until D1 says
 * otherwise; what it hands over meanwhile may have left before, and only the tags of commits tell devices that it is
 * another life. Or by an operator, who could still raise the epoch, and tells the object that begins what happened.
 */
function goBackUnnoticed({ world, company, random }: Scene): (() => void) | null {
  const { history } = world
  const flushed = history.flushedOf(company.plan.account)
  const older = company.copies.filter(({ seq }) => seq < flushed)
  if (older.length === 0 || history.mode !== 'up' || history.flushing > 0) return null
  const copy = random.pick(older.slice(-3))
  const byOperator = random.int(2) === 0
  if (byOperator) history.raiseNow(company.plan.account)
  company.goBack(copy, !byOperator)
  const end = historyIs(world, 'down')
  if (byOperator) company.edge.inSpiteOfAll((object) => object.suspect())
  return end
}

function alarmIs({ edge }: Company, mode: Company['edge']['alarmMode']): () => void {
  edge.alarmMode = mode
  return () => {
    edge.alarmMode = 'once'
  }
}

function historyIs({ history }: World, mode: World['history']['mode']): () => void {
  history.mode = mode
  return () => {
    history.mode = 'up'
  }
}
