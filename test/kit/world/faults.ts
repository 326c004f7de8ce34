import { minute, second } from '#shared/base/time.ts'
import { crashPoints } from '#worker/account/crash-points.ts'
import { SharedStore } from './browser.ts'
import { goodPost } from './carrier.ts'
import { numberPut, numbers, people } from './company.ts'
import type { Page } from './page.ts'
import type { World } from './world.ts'

/** Begins a fault and answers how it ends, or null where there was nothing to break. */
type Fault = (world: World) => (() => void) | null

const nothing = () => undefined

/** Everything that the world does to Parley. Coverage demands each of these names. */
export const faults: Record<string, Fault> = {
  'line held': (world) => {
    const browser = world.random.pick(world.browsers)
    browser.held = true
    world.network.hold((page) => page.browser === browser, true)
    return () => {
      browser.held = false
      world.network.hold((page) => page.browser === browser, false)
    }
  },
  'line cut': (world) => {
    const browser = world.random.pick(world.browsers)
    world.network.cut((page) => page.browser === browser, world.random.int(2) === 0)
    return nothing
  },
  'line silent': (world) => {
    const browser = world.random.pick(world.browsers)
    world.network.silence((page) => page.browser === browser)
    return nothing
  },
  offline: (world) => {
    const browser = world.random.pick(world.browsers)
    browser.online = false
    for (const page of browser.pages) page.tell('offline')
    world.network.cut((page) => page.browser === browser, true)
    return () => {
      browser.online = true
      for (const page of browser.pages) page.tell('online')
    }
  },
  'requests fail': (world) => {
    world.network.failing = 60
    return () => {
      world.network.failing = 0
    }
  },
  'clock wrong': (world) => {
    const browser = world.random.pick(world.browsers)
    browser.skew += (world.random.int(3) - 1) * world.random.int(30 * minute)
    return nothing
  },
  'replica fails': (world) => {
    const { store } = world.random.pick(world.browsers)
    if (!(store instanceof SharedStore)) return null
    store.failIn = world.random.int(6)
    return () => {
      store.failIn = null
    }
  },
  'new device': (world) => {
    if (world.browsers.length > people.length) return null
    void world.join(world.random.pick(people))
    return nothing
  },
  'page killed': (world) => {
    const page = world.random.pick(world.pages().filter(({ browser }) => browser.store.kind === 'dexie'))
    page.kill()
    world.network.cut((other) => other === page, world.random.int(2) === 0)
    return () => world.reopen(page)
  },
  'page sleeps': (world) => {
    const page = world.random.pick(world.pages())
    page.show(false)
    page.sleep()
    return () => {
      page.awake()
      page.show(true)
    }
  },
  'page turned to': (world) => {
    const two = world.browsers.find(({ pages }) => pages.size > 1)
    if (!two) return null
    const front: Page = world.random.pick([...two.pages])
    for (const page of two.pages) page.show(page === front)
    return nothing
  },
  'edge crash': (world) => {
    world.edge.crash()
    return nothing
  },
  'edge down': (world) => {
    world.edge.crash()
    world.edge.down = true
    return () => {
      world.edge.down = false
    }
  },
  'edge hibernates': (world) => (world.edge.hibernate() ? nothing : null),
  'crash point': (world) => {
    world.edge.crashAt = { point: world.random.pick(crashPoints), skip: world.random.int(2) }
    return () => {
      world.edge.crashAt = null
    }
  },
  'disk fails': (world) => {
    world.edge.disk.failIn = world.random.int(8)
    return () => {
      world.edge.disk.failIn = null
    }
  },
  'webhooks suffer': (world) => {
    const { random } = world
    const post = {
      lost: random.int(40),
      answerLost: random.int(40),
      repeated: random.int(60),
      late: random.int(50),
    }
    world.carrier.inboundPost = post
    world.carrier.receiptPost = post
    return () => {
      world.carrier.inboundPost = goodPost
      world.carrier.receiptPost = goodPost
    }
  },
  'carrier refuses': (world) => carrierIs(world, 'refuses'),
  'carrier busy': (world) => carrierIs(world, 'busy'),
  'carrier accepts silently': (world) => carrierIs(world, 'accepts silently'),
  'carrier drops': (world) => carrierIs(world, 'drops'),
  'carrier slow': (world) => carrierIs(world, 'slow'),
  'D1 down': (world) => historyIs(world, 'down'),
  'D1 slow': (world) => historyIs(world, 'slow'),
  'D1 answer lost': (world) => historyIs(world, 'answer lost'),
  'number inactive': (world) => {
    const at = world.random.int(numbers.length)
    const id = world.random.pick(numbers.slice(at, at + 1))
    world.configure(numberPut(id, at, false))
    return () => world.configure(numberPut(id, at, true))
  },
}

export const faultNames = Object.keys(faults)

/** What is drawn when something has to break: the places where an object dies are many, so they come more often. */
export const drawn = [
  ...faultNames,
  'crash point',
  'crash point',
  'crash point',
  'offline',
  'line held',
  'carrier busy',
]

/** How long a fault lasts: mostly moments, sometimes long enough that what waits is late. */
export function lengthOf(world: World): number {
  const { random } = world
  return random.int(4) === 0 ? 20 * second + random.int(100 * second) : 1 * second + random.int(15 * second)
}

function carrierIs(world: World, mode: World['carrier']['mode']): () => void {
  world.carrier.mode = mode
  return () => {
    world.carrier.mode = 'up'
  }
}

function historyIs(world: World, mode: World['history']['mode']): () => void {
  world.history.mode = mode
  return () => {
    world.history.mode = 'up'
  }
}
