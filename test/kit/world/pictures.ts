import { makeIds, type MediaId } from '#shared/base/ids.ts'
import { attach } from '#client/db/media.ts'
import type { Random } from '#test/kit/random.ts'
import { press } from './acts.ts'
import { openOne } from './desk.ts'
import type { Page } from './page.ts'
import type { Press } from './witness.ts'

/** What somebody did with pictures: those that were put into a box, and the press that sent what stood there. */
export interface Pictured {
  page: Page
  attached: MediaId[]
  press: Press | null
}

/** Puts a picture or two into a reply box, and mostly sends them with a text. */
export async function usePictures(page: Page, random: Random, word: string): Promise<Pictured | null> {
  const conversation = await openOne(page, random)
  if (!conversation) return null
  const { id, user, number } = conversation
  const ids = makeIds(() => random.bytes(16))
  const attached: MediaId[] = []
  for (let n = random.int(2); n >= 0; n--) {
    const picture = { id: ids.media(), blob: new Blob([`${word} ${n}`]), contentType: 'image/png' }
    const refusal = await page.browser.store.write((tx) => attach(tx, id, picture, page.device.now()))
    if (refusal === null) attached.push(picture.id)
  }
  if (random.int(4) === 0) return { page, attached, press: null }
  const about = { text: `picture ${word}`, user, number, box: id }
  return {
    page,
    attached,
    press: await press(page, 'send', about, (actions) => actions.send(id, about.text)),
  }
}
