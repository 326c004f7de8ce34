import { minute, second } from '#shared/base/time.ts'
import { pullEarlier } from '#client/sync/earlier.ts'
import { act } from '#test/kit/world/acts.ts'
import { SharedStore } from '#test/kit/world/browser.ts'
import type { Company } from '#test/kit/world/company.ts'
import { tooManyConnections } from '#test/kit/world/edge.ts'
import { atTheDesk, changeAutoReply } from '#test/kit/world/desk.ts'
import { drawn, faults, lengthOf } from '#test/kit/world/faults.ts'
import { addressOf, automatic, customers, nobodysNumber, plans } from '#test/kit/world/founding.ts'
import { boxOf, goOn, keyOf, useKeys, type Keyed } from '#test/kit/world/keys.ts'
import { sendToLists } from '#test/kit/world/mailing.ts'
import { listOf, type Page } from '#test/kit/world/page.ts'
import { usePictures } from '#test/kit/world/pictures.ts'
import { rest } from '#test/kit/world/scheduler.ts'
import { screenOf } from '#test/kit/world/screens.ts'
import { historyGaps, isIdle, replicaGaps } from '#test/kit/world/truth.ts'
import type { Press } from '#test/kit/world/witness.ts'
import { World } from '#test/kit/world/world.ts'
import type { Random } from '#test/kit/random.ts'
import { short, steps, type Course } from './course.ts'
import { Model, type Violation } from './model.ts'

export interface Run {
  seed: number
  violations: Violation[]
  log: string[]
  hits: ReadonlyMap<string, number>
}

/** Steps from one copy of the objects' storage to the next: what a restore goes back to. */
const copyEvery = 3
/** What the world gets to come to rest in, when all faults are over. */
const healing = 15 * minute

/**
 * Plays one seed to its end. The same seed and the same code give the same run, to the last event. Each step draws
 * from a stream of its own, so that a run `without` some steps is the same run in all others.
 */
export async function simulate(
  seed: number,
  without: ReadonlySet<number> = new Set(),
  course = short,
): Promise<Run> {
  const complaints = console.error
  const models = new Map<string, Model>()
  const world = new World(
    seed,
    (account) => {
      const numbers = plans.find((plan) => plan.account === account)?.numbers.map(addressOf) ?? []
      const elsewhere = (text: string) =>
        [...models].some(([other, model]) => other !== account && model.knows(text))
      const model = new Model(
        numbers,
        () => world.scheduler.now,
        elsewhere,
        () => world.answers,
      )
      models.set(account, model)
      return model
    },
    course.answers,
  )
  const violations = () => [...models.values()].flatMap((model) => model.violations)
  const blame = (promise: string, what: string) => [...models.values()][0]?.blame(promise, what)
  console.error = (...what: unknown[]) => world.note(`error: ${what.map(String).join(' ')}`)
  const unhandled = (fault: unknown) =>
    blame('P8', `nobody took care of ${fault instanceof Error ? fault.stack : String(fault)}`)
  process.on('unhandledRejection', unhandled)
  try {
    await new Play(world, models, without, course).run()
  } catch (fault) {
    blame('P8', `the world broke: ${fault instanceof Error ? fault.stack : String(fault)}`)
  } finally {
    await world.end()
    console.error = complaints
    process.off('unhandledRejection', unhandled)
  }
  if (world.hits.has(tooManyConnections)) blame('P8', 'an object had more than six connections open')
  return { seed, violations: violations(), log: world.log, hits: world.hits }
}

/** A company with the model that judges it. */
interface Judged {
  company: Company
  model: Model
}

class Play {
  readonly #world: World
  readonly #judged: Judged[]
  readonly #without: ReadonlySet<number>
  readonly #course: Course
  readonly #ends = new Set<() => void>()

  constructor(
    world: World,
    models: ReadonlyMap<string, Model>,
    without: ReadonlySet<number>,
    course: Course,
  ) {
    this.#world = world
    this.#without = without
    this.#course = course
    this.#judged = world.companies.flatMap((company) => {
      const model = models.get(company.plan.account)
      return model ? [{ company, model }] : []
    })
  }

  async run(): Promise<void> {
    const { scheduler } = this.#world
    await this.#world.begin()
    // In a third of them somebody sends to lists.
    const mails = this.#world.stream('mails').int(3) === 0
    const length = this.#course.length(this.#world.stream('length'), mails)
    const calm = this.#world.stream('calm').int(2) === 0 ? this.#course.calm(length) : 0
    for (let step = 0; step < length; step++) {
      const random = this.#world.stream(`step ${step}`)
      const pause = random.int(10) === 0 ? random.int(30 * second) : random.int(2 * second)
      const [first, second_] = this.#judged
      const judged = random.int(6) === 0 ? (second_ ?? first) : first
      if (judged && !this.#without.has(step)) await this.#step(step, judged, random, step < calm)
      if (judged && !this.#without.has(step)) await this.#keys(step, judged)
      if (judged && !this.#without.has(step)) await this.#desk(step, judged)
      if (judged && !this.#without.has(step)) await this.#pictures(step, judged)
      if (judged && !this.#without.has(step)) await this.#autoReplies(step, judged)
      if (judged && !this.#without.has(step)) this.#rare(step, judged)
      if (judged && mails && !this.#without.has(step)) await this.#mail(step, judged)
      await rest()
      await scheduler.pass(pause)
      if (step % copyEvery === 0) for (const { company } of this.#judged) company.copies.push(company.copy())
      await this.#look(step)
      if (this.#judged.some(({ model }) => model.violations.length > 0)) return
    }
    await this.#heal()
    for (const judged of this.#judged) await this.#judge(judged)
  }

  async #step(step: number, judged: Judged, random: Random, calm: boolean): Promise<void> {
    const luck = random.int(100)
    if (luck < 25) this.#customer(step, judged.company, random)
    else if (luck < 75 || calm) await this.#agent(step, judged, random)
    else this.#fault(step, judged.company, random)
  }

  #customer(step: number, { carrier, plan, note, waitedFor }: Company, random: Random): void {
    const addressed = random.int(3) === 0 ? carrier.lastTo : null
    // Whoever is about to get a text is the one to watch: it may not leave any more where they opt out in time.
    const awaited = this.#course.watched && random.int(4) === 0 ? waitedFor() : null
    const from = awaited ?? addressed ?? random.pick(customers)
    const to = random.int(9) === 0 ? nobodysNumber : addressOf(random.pick(plan.numbers))
    const luck = random.int(awaited ? 15 : addressed ? 40 : 100)
    // Points behind a word do not count, and make each of them a text of its own.
    const points = '.'.repeat(step + 1)
    const text =
      luck < 9
        ? `STOP${points}`
        : luck < 20
          ? `UNSTOP${points}`
          : luck < 24
            ? `HELP${points}`
            : `question ${step}`
    note(`#${step} ${from} writes "${text}" to ${to}`)
    carrier.bring(from, to, text)
  }

  async #agent(step: number, { company, model }: Judged, random: Random): Promise<void> {
    const awake = company.pages().filter((page) => !page.sleeping)
    if (awake.length === 0) return
    // Who has no connection works on, and that is what has to be judged later.
    const cutOff = awake.filter(({ browser }) => browser.held || !browser.online)
    const page = random.pick(cutOff.length > 0 && random.int(2) === 0 ? cutOff : awake)
    try {
      const press = await act(page, company.plan, random, `text ${step}`)
      if (press) this.#pressed(step, page, company, model, press)
    } catch (fault) {
      // A press that the database did not take was never answered "ok".
      company.note(`#${step} ${page.name} could not: ${String(fault)}`)
    }
  }

  /** In some steps somebody types as well, drawn from a stream of its own. */
  async #keys(step: number, { company, model }: Judged): Promise<void> {
    const random = this.#world.stream(`keys ${step}`)
    if (random.int(3) > 0) return
    const awake = company.pages().filter((page) => !page.sleeping)
    if (awake.length === 0) return
    const cutOff = awake.filter(({ browser }) => browser.held || !browser.online)
    const page = random.pick(cutOff.length > 0 && random.int(2) === 0 ? cutOff : awake)
    try {
      const keyed = await useKeys(page, random, step, this.#course.watched)
      if (keyed) this.#keyed(step, company, model, keyed, random)
    } catch (fault) {
      company.note(`#${step} ${page.name} could not use its box: ${String(fault)}`)
    }
  }

  /** In some steps somebody does what is not answering, drawn from a stream of its own. */
  async #desk(step: number, judged: Judged): Promise<void> {
    const random = this.#world.stream(`desk ${step}`)
    if (random.int(7) === 0)
      await this.#somebody(step, judged, random, (page) => atTheDesk(page, random, `desk ${step}`))
  }

  /** Where the company answers automatically somebody changes how now and then, drawn from a stream of its own. */
  async #autoReplies(step: number, judged: Judged): Promise<void> {
    const random = this.#world.stream(`auto-replies ${step}`)
    if (this.#world.answers && random.int(12) === 0)
      await this.#somebody(step, judged, random, (page) => changeAutoReply(page, random, `step ${step}`))
  }

  /** Has somebody do something on a page that is open, if there is one. */
  async #somebody(
    step: number,
    { company, model }: Judged,
    random: Random,
    act: (page: Page) => Promise<Press | null>,
  ): Promise<void> {
    const awake = company.pages().filter((page) => !page.sleeping)
    if (awake.length === 0) return
    const page = random.pick(awake)
    try {
      const press = await act(page)
      if (press) this.#pressed(step, page, company, model, press)
    } catch (fault) {
      company.note(`#${step} ${page.name} could not: ${String(fault)}`)
    }
  }

  /** In some steps somebody puts pictures into a box and sends them, drawn from a stream of its own. */
  async #pictures(step: number, { company, model }: Judged): Promise<void> {
    const random = this.#world.stream(`pictures ${step}`)
    if (random.int(10) > 0) return
    const awake = company.pages().filter((page) => !page.sleeping)
    if (awake.length === 0) return
    const page = random.pick(awake)
    try {
      const pictured = await usePictures(page, random, `step ${step}`)
      if (!pictured) return
      for (const id of pictured.attached) model.attached(page.browser.name, id)
      company.note(`#${step} ${page.name} attaches ${pictured.attached.join(' ')}`)
      if (pictured.press) this.#pressed(step, page, company, model, pictured.press)
    } catch (fault) {
      company.note(`#${step} ${page.name} could not: ${String(fault)}`)
    }
  }

  /** In some steps somebody changes a distribution list or sends to it, or its queue suffers: a stream of its own. */
  async #mail(step: number, judged: Judged): Promise<void> {
    const { company } = judged
    const random = this.#world.stream(`mail ${step}`)
    if (random.int(this.#course.mailsEvery) > 0) return
    const luck = random.int(100)
    if (luck < 20) {
      const [fault, length] = luck < 12 ? ['bulk suffers', lengthOf(random)] : ['bulk crash point', minute]
      return this.#begin(step, fault, company, random, () => length)
    }
    await this.#somebody(step, judged, random, (page) =>
      sendToLists(page, company.plan, random, `mail ${step}`),
    )
  }

  #keyed(step: number, company: Company, model: Model, keyed: Keyed, random: Random): void {
    const { page, kind, conversation, typed, removed, press, died } = keyed
    const { hit, scheduler } = this.#world
    model.drafts.keyed(keyed)
    const what = typed ? 'typed' : removed ? 'removed' : press ? 'sent' : 'taken from beside'
    hit(`keys ${what}`)
    if (typed && (page.browser.held || !page.browser.online)) hit('keys typed offline')
    company.note(
      `#${step} ${page.name} keys "${typed || removed}" ${what} in the ${kind} box of ${conversation}`,
    )
    if (press) this.#pressed(step, page, company, model, press)
    if (!died) return
    hit('keys killed')
    page.kill()
    company.network.cut((other) => other === page, true)
    scheduler.after(random.int(5000), () => company.reopen(page.browser))
  }

  #pressed(step: number, page: Page, company: Company, model: Model, press: Press): void {
    const { hit } = this.#world
    model.pressed(press)
    hit(`pressed ${press.what}`)
    if (press.refusal !== null) hit(`at once: ${press.refusal}`)
    const words = press.text === null ? '' : ` "${press.text.slice(0, 40)}"`
    company.note(
      `#${step} ${page.name} presses ${press.what}${words} for ${press.user ?? 'somebody'}: ${press.refusal ?? press.id ?? 'nothing'}`,
    )
  }

  #fault(step: number, company: Company, random: Random): void {
    this.#begin(step, random.pick(drawn), company, random, () => lengthOf(random))
  }

  /** What lasts long or costs as much as all else together is rare, and drawn from a stream of its own. */
  #rare(step: number, { company }: Judged): void {
    const random = this.#world.stream(`rare ${step}`)
    if (random.int(250) === 0)
      this.#begin(step, 'old build', company, random, () => 20 * second + random.int(100 * second))
    if (random.int(250) === 0)
      this.#begin(step, 'other agent', company, random, () => 20 * second + random.int(60 * second))
    if (random.int(600) === 0) this.#begin(step, 'page stalls', company, random, () => 42 * second)
  }

  #begin(step: number, name: string, company: Company, random: Random, length: () => number): void {
    const { scheduler, hit } = this.#world
    const end = faults[name]?.({ world: this.#world, company, random })
    if (!end) return
    hit(name)
    company.note(`#${step} -- ${name}`)
    const over = () => {
      if (!this.#ends.delete(over)) return
      company.note(`#${step} -- ${name} is over`)
      end()
    }
    this.#ends.add(over)
    scheduler.after(length(), over)
  }

  /** After every step: what must hold at any moment, on one screen after the other. */
  async #look(step: number): Promise<void> {
    const pages = this.#judged.flatMap(({ company, model }) =>
      company.pages().map((page) => ({ page, model })),
    )
    for (const { model } of this.#judged) model.always()
    const seen = pages[step % Math.max(1, pages.length)]
    if (seen) seen.model.glance(await screenOf(seen.page))
  }

  /** Ends every fault and gives the world time to come to rest by itself. */
  async #heal(): Promise<void> {
    const { scheduler, note } = this.#world
    note('-- all faults end')
    for (const over of this.#ends) {
      over()
      await rest()
    }
    for (const { company } of this.#judged) company.network.linger = 1000
    const end = scheduler.now + healing
    // Never less than what the longest patience of any part is: a pong, a repeat, a back-off of D1.
    await scheduler.pass(2 * minute)
    while (scheduler.now < end && !(await this.#rests())) await scheduler.pass(20 * second)
  }

  async #rests(): Promise<boolean> {
    for (const { company } of this.#judged) {
      if (!isIdle(company)) return false
      for (const page of company.pages()) if (!(await isCaughtUp(page))) return false
    }
    return true
  }

  /** Everybody opens each conversation in which something was typed, and reads its boxes. */
  async #judgeDrafts(pages: readonly Page[], model: Model): Promise<void> {
    const { boxes } = model.drafts
    const ids = new Set(boxes.map(({ conversation }) => conversation))
    let extra = 0
    for (const id of ids) {
      const here: Page[] = []
      for (const page of pages)
        if (await page.browser.store.read(async (tx) => (await tx.get('conversations', id))?.row))
          here.push(page)
      // An account that went back may have lost it.
      if (here.length < pages.length) continue
      const mine = boxes.filter(({ conversation }) => conversation === id)
      for (const page of here) {
        page.show(true)
        page.engine.look({ viewing: id, writing: null })
        const { store } = page.browser
        // What a full disk did not take goes along with the next key.
        if (store instanceof SharedStore && store.hasFailed)
          for (const box of mine)
            if (page.typing.read(id, box.kind) !== '') {
              const typed = keyOf(lastStep, extra++)
              goOn(page, box, typed)
              model.drafts.keyed({ ...box, page, typed, removed: '', press: null, died: false })
            }
      }
      await this.#world.scheduler.pass(5 * second)
      for (const box of mine) model.drafts.judge(here.map((page) => boxOf(page, box)))
    }
  }

  async #judge({ company, model }: Judged): Promise<void> {
    const { scheduler, history, hit } = this.#world
    const random = this.#world.stream(`newcomer ${company.plan.account}`)
    const newcomer = await company.newcomer(random.pick(company.browsers).agent)
    // A first copy comes in small pages here.
    for (let wait = 0; wait < 20 && !(await isCaughtUp(newcomer)); wait++) await scheduler.pass(10 * second)
    const pages = company.pages()
    const screens = []
    for (const page of pages) {
      const screen = await screenOf(page)
      screens.push(screen)
      if (page.listed && JSON.stringify(page.listed.rows) !== JSON.stringify((await listOf(page)).rows))
        model.blame('P6', `the list on ${page.name} was not drawn again`)
    }
    model.finally(screens)
    await this.#judgeDrafts(pages, model)
    const fresh = await screenOf(newcomer)
    const [first] = screens
    if (first) model.same(first, fresh)
    // Pages of one browser have one replica.
    const replicas = new Map([...pages, newcomer].map((page) => [page.browser.store, page]))
    for (const page of replicas.values())
      for (const gap of await replicaGaps(company, page)) model.blame('P6', `${page.name}: ${gap}`)
    for (const browser of company.browsers) {
      const lines = company.network.open(browser)
      const most = browser.store instanceof SharedStore ? 1 : browser.pages.size
      if (lines > most) model.blame('P6', `${lines} pages of ${browser.name} talk at once`)
    }
    for (const gap of historyGaps(company, history)) model.blame('P6', `D1 differs: ${gap}`)
    if (!isIdle(company)) model.blame('P8', 'something is still under way')
    // What D1 has of a person is what this company has of them, and nothing of anybody else's.
    for (const { user } of fresh.threads)
      void pullEarlier(newcomer.engine.parts, user as Parameters<typeof pullEarlier>[1], 1_000_000)
    await scheduler.pass(10 * second)
    model.glance(await screenOf(newcomer))
    newcomer.kill()
    for (const screen of screens)
      for (const { entries } of screen.threads)
        for (const { kind, state, why, text } of entries) {
          if (kind !== 'outbound') continue
          hit(`shown ${state}${why ? ` ${why}` : ''}`)
          if (text.startsWith(automatic)) hit('shown auto-reply')
        }
    for (const { state, counts } of fresh.broadcasts) {
      hit(`broadcast ${state}`)
      for (const [name, count] of Object.entries(counts)) if (count > 0) hit(`mailed ${name}`)
    }
    for (const { refusal } of model.acknowledgements.values())
      if (refusal !== null) hit(`edge refused: ${refusal}`)
  }
}

/** A key of the end, which no step uses. */
const lastStep = steps + 1

/** Live, with nothing waiting in either direction. */
async function isCaughtUp(page: Page): Promise<boolean> {
  if (page.engine.status.phase !== 'live') return false
  const waiting = await page.browser.store.read((tx) => tx.all('pending'))
  if (waiting.length > 0) return false
  const behind = (await screenOf(page)).threads.filter((thread) => thread.behind)
  // A thread that is damaged on a device is fetched by whoever opens it.
  if (page.browser.damaged)
    for (const { user } of behind) page.engine.want(user as Parameters<typeof page.engine.want>[0])
  return behind.length === 0
}
