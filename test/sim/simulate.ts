import { minute, second } from '#shared/base/time.ts'
import { act } from '#test/kit/world/acts.ts'
import { customers, numbers } from '#test/kit/world/company.ts'
import { drawn, faults, lengthOf } from '#test/kit/world/faults.ts'
import { listOf, type Page } from '#test/kit/world/page.ts'
import { rest } from '#test/kit/world/scheduler.ts'
import { screenOf } from '#test/kit/world/screens.ts'
import { historyGaps, isIdle } from '#test/kit/world/truth.ts'
import type { Press } from '#test/kit/world/witness.ts'
import { World } from '#test/kit/world/world.ts'
import { Model, type Violation } from './model.ts'

export interface Run {
  seed: number
  violations: Violation[]
  log: string[]
  hits: ReadonlyMap<string, number>
}

/** Steps of a run: each a customer's text, an agent's press or a fault. */
const steps = 70
/** What the world gets to come to rest in, when all faults are over. */
const healing = 15 * minute

/** Plays one seed to its end. The same seed and the same code give the same run, to the last event. */
export async function simulate(seed: number): Promise<Run> {
  const complaints = console.error
  const model = new Model()
  const world = new World(seed, model)
  console.error = (...what: unknown[]) => world.note(`error: ${what.map(String).join(' ')}`)
  const unhandled = (fault: unknown) =>
    model.blame('P8', `nobody took care of ${fault instanceof Error ? fault.stack : String(fault)}`)
  process.on('unhandledRejection', unhandled)
  try {
    await new Play(world, model).run()
  } catch (fault) {
    model.blame('P8', `the world broke: ${fault instanceof Error ? fault.stack : String(fault)}`)
  } finally {
    await world.end()
    console.error = complaints
    process.off('unhandledRejection', unhandled)
  }
  return { seed, violations: model.violations, log: world.log, hits: world.hits }
}

class Play {
  readonly #world: World
  readonly #model: Model
  readonly #ends = new Set<() => void>()
  #words = 0

  constructor(world: World, model: Model) {
    this.#world = world
    this.#model = model
  }

  async run(): Promise<void> {
    const { scheduler, random } = this.#world
    await this.#world.begin()
    // Half of the seeds are calm for a while, so that what comes later meets a company at work.
    const calm = random.int(2) === 0 ? 15 : 0
    for (let step = 0; step < steps; step++) {
      await this.#step(step < calm)
      await rest()
      await scheduler.pass(random.int(10) === 0 ? random.int(30 * second) : random.int(2 * second))
      this.#model.always()
      if (step % 10 === 9) await this.#glance()
      if (this.#model.violations.length > 0) return
    }
    await this.#heal()
    await this.#judge()
  }

  async #step(calm: boolean): Promise<void> {
    const { random } = this.#world
    const luck = random.int(100)
    if (luck < 25) this.#customer()
    else if (luck < 75 || calm) await this.#agent()
    else this.#fault()
  }

  #customer(): void {
    const { random, carrier } = this.#world
    const addressed = random.int(3) === 0 ? carrier.lastTo : null
    const from = addressed ?? random.pick(customers)
    const to = `+${random.pick(numbers).slice(1)}`
    const luck = random.int(addressed ? 40 : 100)
    // Points behind a word do not count, and make each of them a text of its own.
    const points = '.'.repeat(++this.#words)
    const text =
      luck < 9
        ? `STOP${points}`
        : luck < 20
          ? `UNSTOP${points}`
          : luck < 24
            ? `HELP${points}`
            : `question ${this.#words}`
    this.#world.note(`${from} writes "${text}" to ${to}`)
    carrier.bring(from, to, text)
  }

  async #agent(): Promise<void> {
    const { random } = this.#world
    const awake = this.#world.pages().filter((page) => !page.sleeping)
    if (awake.length === 0) return
    // Who has no connection works on, and that is what has to be judged later.
    const cutOff = awake.filter(({ browser }) => browser.held || !browser.online)
    const page = random.pick(cutOff.length > 0 && random.int(2) === 0 ? cutOff : awake)
    try {
      const press = await act(page, random, `text ${++this.#words}`)
      if (press) this.#pressed(page.name, press)
    } catch (fault) {
      // A press that the database did not take was never answered "ok".
      this.#world.note(`${page.name} could not: ${String(fault)}`)
    }
  }

  #pressed(page: string, press: Press): void {
    this.#model.pressed(press)
    this.#world.hit(`pressed ${press.what}`)
    if (press.refusal !== null) this.#world.hit(`at once: ${press.refusal}`)
    const words = press.text === null ? '' : ` "${press.text.slice(0, 40)}"`
    this.#world.note(
      `${page} presses ${press.what}${words} for ${press.user ?? 'somebody'}: ${press.refusal ?? press.id ?? 'nothing'}`,
    )
  }

  #fault(): void {
    const { random, scheduler } = this.#world
    const name = random.pick(drawn)
    const end = faults[name]?.(this.#world)
    if (!end) return
    this.#world.hit(name)
    this.#world.note(`-- ${name}`)
    const over = () => {
      if (!this.#ends.delete(over)) return
      this.#world.note(`-- ${name} is over`)
      end()
    }
    this.#ends.add(over)
    scheduler.after(lengthOf(this.#world), over)
  }

  async #glance(): Promise<void> {
    for (const page of this.#world.pages()) this.#model.glance(await screenOf(page))
  }

  /** Ends every fault and gives the world time to come to rest by itself. */
  async #heal(): Promise<void> {
    const { scheduler, network } = this.#world
    this.#world.note('-- all faults end')
    for (const over of this.#ends) {
      over()
      await rest()
    }
    network.linger = 1000
    const end = scheduler.now + healing
    // Never less than what the longest patience of any part is: a pong, a repeat, a back-off of D1.
    await scheduler.pass(2 * minute)
    while (scheduler.now < end && !(await this.#rests())) await scheduler.pass(20 * second)
  }

  async #rests(): Promise<boolean> {
    if (!isIdle(this.#world)) return false
    for (const page of this.#world.pages()) if (!(await isCaughtUp(page))) return false
    return true
  }

  async #judge(): Promise<void> {
    const { random, browsers, scheduler } = this.#world
    const newcomer = await this.#world.newcomer(random.pick(browsers).agent)
    // A first copy comes in small pages here.
    for (let wait = 0; wait < 20 && !(await isCaughtUp(newcomer)); wait++) await scheduler.pass(10 * second)
    const pages = [...this.#world.pages()]
    const screens = []
    for (const page of pages) {
      const screen = await screenOf(page)
      screens.push(screen)
      if (JSON.stringify(page.listed?.rows) !== JSON.stringify((await listOf(page)).rows))
        this.#model.blame('P6', `the list on ${page.name} was not drawn again`)
    }
    this.#model.finally(screens)
    const fresh = await screenOf(newcomer)
    const [first] = screens
    if (first) this.#model.same(first, fresh)
    newcomer.kill()
    for (const gap of historyGaps(this.#world)) this.#model.blame('P6', `D1 differs: ${gap}`)
    if (!isIdle(this.#world)) this.#model.blame('P8', 'something is still under way')
    for (const screen of screens)
      for (const { entries } of screen.threads)
        for (const { kind, state, why } of entries)
          if (kind === 'outbound') this.#world.hit(`shown ${state}${why ? ` ${why}` : ''}`)
    for (const { refusal } of this.#model.acknowledgements.values())
      if (refusal !== null) this.#world.hit(`edge refused: ${refusal}`)
  }
}

/** Live, with nothing waiting in either direction. */
async function isCaughtUp(page: Page): Promise<boolean> {
  if (page.engine.status.phase !== 'live') return false
  const waiting = await page.browser.store.read((tx) => tx.all('pending'))
  if (waiting.length > 0) return false
  return (await screenOf(page)).threads.every(({ behind }) => !behind)
}
