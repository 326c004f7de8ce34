import { expect as patient, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { Agent } from '../e2e/people.ts'
import type { Server } from '../e2e/server.ts'

export const expect = patient.configure({ timeout: 30_000 })

export const sizes = {
  wide: { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const
export type Size = keyof typeof sizes

export type Theme = 'light' | 'dark'

/** A screen of the product as it is looked at: by who takes its picture, and by axe. */
export interface Screen {
  /** Names the picture, and stands beside the screen's file in docs/flows.md. */
  name: string
  /** Who looks; Maya, an agent, where nobody is named. */
  as?: 'admin'
  /** A browser that only screens of this word share. */
  apart?: string
  /** Everything it shows of a person's work is reached as that person would. */
  reach(stage: Stage): Promise<void>
}

/** One browser of one person, who goes from screen to screen. */
export class Stage {
  readonly server: Server
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
  readonly size: Size
  readonly #who: string
  #agent: Agent | null = null

  private constructor(
    server: Server,
    browser: Browser,
    context: BrowserContext,
    page: Page,
    who: string,
    size: Size,
  ) {
    this.server = server
    this.browser = browser
    this.context = context
    this.page = page
    this.size = size
    this.#who = who
  }

  /** `scale`: device pixels for one of CSS. */
  static async open(
    browser: Browser,
    server: Server,
    size: Size,
    who: string,
    theme: Theme,
    scale = 1,
  ): Promise<Stage> {
    const context = await browser.newContext({
      ...sizes[size],
      deviceScaleFactor: scale,
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-US',
      timezoneId: 'America/Chicago',
    })
    return new Stage(server, browser, context, await context.newPage(), who, size)
  }

  get isPhone(): boolean {
    return this.size === 'phone'
  }

  /** The person, signed in, at an address of the Message Center. */
  async inbox(path = '/inbox/open'): Promise<Agent> {
    const agent = await this.#signedIn()
    await this.page.goto(this.server.origin + path)
    // On a phone the dot stands beside the list only.
    await expect(
      this.page
        .getByRole('combobox', { name: 'To', exact: true })
        .or(this.page.getByRole('list', { name: 'Conversations' }))
        .or(this.page.getByRole('heading', { level: 2 }))
        .first(),
    ).toBeVisible()
    return agent
  }

  /** In a conversation of the Message Center. */
  async conversation(title: string): Promise<Agent> {
    const agent = await this.inbox()
    await agent.open(title)
    return agent
  }

  /** In a section of Settings. */
  async settings(path: string): Promise<Agent> {
    const agent = await this.#signedIn()
    await this.page.goto(`${this.server.origin}/settings/${path}`)
    await expect(this.page.getByRole('main').getByRole('heading').first()).toBeVisible()
    await expect(this.page.getByText('Opening…')).toHaveCount(0)
    return agent
  }

  /** Back to the list, where a phone shows one pane. */
  async back(): Promise<void> {
    if (this.isPhone) await this.page.getByRole('button', { name: 'Back to the inbox' }).click()
  }

  button(name: string | RegExp): ReturnType<Page['getByRole']> {
    return this.page.getByRole('button', { name, exact: true }).first()
  }

  /** What is shown is drawn: code is here, fonts are, nothing is on its way in. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      await document.fonts.ready
      await Promise.allSettled(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
          .map(({ finished }) => finished),
      )
    })
  }

  async theme(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme })
    // Painted once in it: before that some colours are still those of the other theme.
    await this.page.evaluate(async () => {
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
    })
  }

  async close(): Promise<void> {
    await this.context.close()
  }

  async #signedIn(): Promise<Agent> {
    this.#agent ??= await Agent.in(this.context, this.server.origin, this.#who, !this.isPhone)
    // Each screen is reached as by one who comes anew, whatever the one before left open.
    await this.page.evaluate(() => sessionStorage.clear())
    return this.#agent
  }
}

/** Each person and each word of `apart` has one browser, opened when the first of their screens is reached. */
export class Stages {
  readonly #open: (who: string) => Promise<Stage>
  readonly #stages = new Map<string, Promise<Stage>>()

  constructor(open: (who: string) => Promise<Stage>) {
    this.#open = open
  }

  for(screen: Screen): Promise<Stage> {
    const who = screen.as ?? 'maya'
    const key = `${who} ${screen.apart ?? ''}`
    const stage = this.#stages.get(key) ?? this.#open(who)
    this.#stages.set(key, stage)
    return stage
  }

  async close(): Promise<void> {
    for (const stage of this.#stages.values()) await (await stage).close()
  }
}
