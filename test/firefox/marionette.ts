import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../e2e/server.ts'

/** The key under which WebDriver names an element. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

interface Element {
  [elementKey]: string
}

/**
 * A Firefox of the distribution, driven over Marionette: what geckodriver itself speaks, `length:[0, id, name, body]`
 * there and `length:[1, id, error, result]` back. Playwright drives only builds of its own.
 */
export class Firefox {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #socket: Socket
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #rest = Buffer.alloc(0)
  #last = 0

  private constructor(process: ChildProcess, profile: string, socket: Socket) {
    this.#process = process
    this.#profile = profile
    this.#socket = socket
    socket.on('data', (data) => this.#read(data))
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox is gone.'))
    })
  }

  static async start(program: string): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'parley-firefox-'))
    const port = await freePort()
    writeFileSync(
      join(profile, 'user.js'),
      [
        `user_pref("marionette.port", ${port});`,
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
        'user_pref("app.update.enabled", false);',
        'user_pref("intl.accept_languages", "en-US");',
      ].join('\n'),
    )
    const args = ['--headless', '--no-remote', '--marionette', '--profile', profile]
    const child = spawn(program, args, {
      stdio: 'ignore',
      env: { ...process.env, MOZ_HEADLESS_WIDTH: '1440' },
    })
    const firefox = new Firefox(child, profile, await reach(port))
    await firefox.say('WebDriver:NewSession', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
    })
    return firefox
  }

  say(name: string, body: object = {}): Promise<unknown> {
    const id = ++this.#last
    const text = JSON.stringify([0, id, name, body])
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`)
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  async go(url: string): Promise<void> {
    await this.say('WebDriver:Navigate', { url })
  }

  /** Waits until something visible is found by this XPath, and answers it. */
  async find(xpath: string, ms = 30_000): Promise<string> {
    const end = Date.now() + ms
    for (;;) {
      const found = (await this.say('WebDriver:FindElements', { using: 'xpath', value: xpath })) as Element[]
      for (const element of found) {
        const id = element[elementKey]
        const shown = await this.say('WebDriver:IsElementDisplayed', { id }).catch(() => ({ value: false }))
        if ((shown as { value: boolean }).value) return id
      }
      if (Date.now() > end) throw new Error(`Firefox does not show ${xpath}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async click(xpath: string): Promise<void> {
    await this.say('WebDriver:ElementClick', { id: await this.find(xpath) })
  }

  async type(xpath: string, text: string): Promise<void> {
    await this.say('WebDriver:ElementSendKeys', { id: await this.find(xpath), text })
  }

  /** Runs a function body in the page and answers what it returns or resolves to. */
  async run(script: string): Promise<unknown> {
    const wrapped = `const done = arguments[arguments.length - 1]; (async () => { ${script} })().then(done, (e) => done(String(e)))`
    const answer = await this.say('WebDriver:ExecuteAsyncScript', { script: wrapped, args: [] })
    return (answer as { value: unknown }).value
  }

  async screenshot(file: string): Promise<void> {
    const { value } = (await this.say('WebDriver:TakeScreenshot', { full: false })) as { value: string }
    writeFileSync(file, Buffer.from(value, 'base64'))
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#socket.destroy()
    this.#process.kill()
    await gone
    rmSync(this.#profile, { recursive: true, force: true })
  }

  #read(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data])
    for (;;) {
      const colon = this.#rest.indexOf(':')
      const length = colon < 0 ? NaN : Number(this.#rest.subarray(0, colon).toString())
      if (Number.isNaN(length) || this.#rest.length < colon + 1 + length) return
      const message: unknown = JSON.parse(this.#rest.subarray(colon + 1, colon + 1 + length).toString())
      this.#rest = this.#rest.subarray(colon + 1 + length)
      // The first thing that is said is a greeting.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message as [number, number, { message: string } | null, unknown]
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiting?.reject(new Error(error.message))
      else waiting?.resolve(result)
    }
  }
}

async function reach(port: number): Promise<Socket> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const socket = await new Promise<Socket | null>((resolve) => {
      const tried = connect(port, '127.0.0.1', () => resolve(tried))
      tried.once('error', () => resolve(null))
    })
    if (socket) return socket
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('Firefox did not open its Marionette port.')
}
