import { expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test'

/** An agent in a browser of their own. */
export class Agent {
  readonly page: Page
  readonly context: BrowserContext

  private constructor(page: Page, context: BrowserContext) {
    this.page = page
    this.context = context
  }

  static async signIn(
    browser: Browser,
    origin: string,
    name: string,
    size = { width: 1440, height: 900 },
    waitForDot = true,
  ): Promise<Agent> {
    const context = await browser.newContext({ viewport: size })
    const page = await context.newPage()
    const agent = new Agent(page, context)
    await agent.logIn(origin, name, waitForDot)
    return agent
  }

  /** An agent in a browser that is running already. */
  static async in(context: BrowserContext, origin: string, name: string, waitForDot = true): Promise<Agent> {
    const agent = new Agent(context.pages()[0] ?? (await context.newPage()), context)
    await agent.logIn(origin, name, waitForDot)
    return agent
  }

  /** An agent on a page where they have logged in already. */
  static tabOf(page: Page, context: BrowserContext): Agent {
    return new Agent(page, context)
  }

  /** Another tab of the same browser. */
  async tab(origin: string): Promise<Agent> {
    const page = await this.context.newPage()
    await page.goto(origin)
    return new Agent(page, this.context)
  }

  /**
   * By the call that the sign-in page makes: some tests fill that page in, the others need not wait for it. A phone
   * shows the dot under "Me" only.
   */
  async logIn(origin: string, name: string, waitForDot = true): Promise<void> {
    const answer = await this.context.request.post(`${origin}/api/sign-in`, {
      headers: { origin, 'user-agent': await this.page.evaluate(() => navigator.userAgent) },
      data: { email: `${name}@demo.test`, password: 'parley-demo', shared: false },
    })
    expect(answer.status()).toBe(204)
    await this.page.goto(origin)
    if (waitForDot) await this.live()
    await this.shellKept()
  }

  /** Waits until a reload without a connection would find the shell; where storage is refused there is none. */
  async shellKept(): Promise<void> {
    await this.page.evaluate(async () => {
      // Where the tests of a file keep no shell, this is no longer the browser's own.
      if (!String(navigator.serviceWorker?.register).includes('[native code]')) return
      const wait = new Promise((resolve) => setTimeout(resolve, 10_000))
      await Promise.race([navigator.serviceWorker?.ready, wait])
    })
  }

  /** Waits until the dot says that the screen is live. */
  async live(): Promise<void> {
    await expect(this.dot('Connected')).toBeVisible({ timeout: 30_000 })
  }

  dot(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  view(name: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(`^${name}, \\d+ unread`) })
  }

  /** The inbox row of a person. */
  row(title: string): Locator {
    return this.page
      .getByRole('list', { name: /conversations|inbox/i })
      .getByRole('link', { name: new RegExp(escape(title)) })
  }

  /** The same with all that stands beside its link: signs, flag and box. */
  item(title: string): Locator {
    return this.page
      .getByRole('list', { name: 'Conversations' })
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('link', { name: title, exact: true }) })
  }

  /** Opens a conversation, scrolling to it as a person would: the list draws only what is in sight. */
  async open(title: string): Promise<void> {
    const list = this.page.getByRole('list', { name: 'Conversations' })
    await expect(list.getByRole('link').first()).toBeVisible()
    const scroller = list.locator('..')
    if ((await this.row(title).count()) === 0) await scroller.evaluate((box) => (box.scrollTop = 0))
    for (let page = 0; page < 40 && (await this.row(title).count()) === 0; page++) {
      await scroller.evaluate((box) => (box.scrollTop += box.clientHeight / 2))
      await this.page.waitForTimeout(100)
    }
    await this.row(title).first().click()
    await expect(this.page.getByRole('log', { name: `Conversation with ${title}` })).toBeVisible()
  }

  thread(): Locator {
    return this.page.getByRole('log')
  }

  bubble(text: string): Locator {
    return this.thread().getByText(text, { exact: true })
  }

  /** Delivery signs by their words. */
  sign(words: string | RegExp): Locator {
    return this.thread().getByLabel(words).or(this.thread().getByText(words))
  }

  async write(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Compose a Message' }).fill(text)
  }

  async reply(text: string): Promise<void> {
    await this.write(text)
    await this.page.getByRole('button', { name: 'SEND', exact: true }).click()
    await expect(this.bubble(text).first()).toBeVisible()
  }

  async note(text: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Note', exact: true }).click()
    await this.page.getByRole('textbox', { name: 'Note', exact: true }).fill(text)
    await this.page.getByRole('button', { name: 'ADD NOTE' }).click()
    await expect(this.bubble(text).first()).toBeVisible()
    await this.page.getByRole('button', { name: 'Reply', exact: true }).click()
  }

  async claim(): Promise<void> {
    await this.page.getByRole('button', { name: 'SET OWNER' }).click()
    await this.page.getByRole('button', { name: 'CLAIM OWNERSHIP' }).click()
  }

  async end(): Promise<void> {
    await this.page.getByRole('button', { name: 'END CONVERSATION' }).click()
    await expect(this.page.getByText('Are you sure you want to CLOSE this conversation?')).toBeVisible()
    await this.page.getByRole('button', { name: 'OK', exact: true }).click()
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
