import { minute, second } from '#shared/base/time.ts'
import type { Device } from '#client/sync/device.ts'

/** When a page reloaded last because the edge told it to. */
const reloadedKey = 'parley:reloaded for an upgrade'
/** A page that nobody has touched for this long is idle. */
const idleAfter = 5 * second
/** A build that the edge turns away again right after a reload is not mended by reloading at once. */
const again = 10 * minute

/**
 * Takes a newer build in when nobody is at work: once the page is hidden, or untouched for five seconds. Until then
 * it goes on as without a connection [E17].
 */
export class Upgrade {
  readonly #device: Device
  /** Stores what is typed, and loads the page anew with the newer build. */
  readonly #reload: () => void
  #begun = false

  constructor(device: Device, reload: () => void) {
    this.#device = device
    this.#reload = reload
  }

  /** The edge does not speak with this build any more. Where it says so again after a reload, ten minutes pass. */
  told(): void {
    if (this.#begun) return
    this.#begun = true
    const { mirror, now, after } = this.#device
    const since = now() - Number(mirror?.get(reloadedKey) ?? 0)
    // A clock that was set back counts as long ago.
    if (since >= again || since < 0) return this.#whenQuiet()
    after(again - since, () => this.#whenQuiet())
  }

  /** Another page let a newer build in: what this one has not fetched yet of its own is gone from the device. */
  overtaken(): void {
    this.#begun = true
    this.#whenQuiet()
  }

  #whenQuiet(): void {
    const device = this.#device
    if (!device.visible()) return this.#go()
    let cancel = () => {}
    const stop = () => {
      cancel()
      untouched()
      unwatch()
    }
    const go = () => {
      stop()
      this.#go()
    }
    const wait = () => {
      cancel()
      cancel = device.after(idleAfter, go)
    }
    const untouched = device.touched(wait)
    const unwatch = device.watch((moment) => moment === 'hidden' && go())
    wait()
  }

  #go(): void {
    this.#device.mirror?.set(reloadedKey, String(this.#device.now()))
    this.#reload()
  }
}
