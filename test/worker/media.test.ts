import { exports } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountId, entryId, mediaId, type AgentId } from '#shared/base/ids.ts'
import { hour, minute } from '#shared/base/time.ts'
import type { Media } from '#shared/model/entry.ts'
import { settings as settingsRow } from '#shared/rows/settings.ts'
import { jpegOf, pngOf } from '#test/kit/pictures.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { newCookie } from '#worker/http/cookie.ts'
import { linkGoodFor, openLink, sealLink } from '#worker/media/link.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, freshId, maya, origin } from './company.ts'

let carrier: FakeCarrier
beforeEach(() => {
  carrier = new FakeCarrier()
  carrier.install()
})
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

const tyre = { url: 'https://media.simulator.example/tyre.png', contentType: 'image/jpeg' }
const picture = pngOf(40, 30)
const freshMedia = () => mediaId.parse(freshId('m'))
const send = (bytes: Uint8Array) => () => new Response(bytes.slice())

async function mediaOf(company: Company): Promise<Media[]> {
  return (await company.thread()).flatMap((entry) => (entry.kind === 'inbound' ? entry.media : []))
}

const untilCopied = (company: Company) =>
  eventually(async () => {
    const media = await mediaOf(company)
    return media.length > 0 && media.every(({ copy }) => copy?.state !== 'coming') ? media : null
  })

/** A browser of an agent: requests with their session. */
async function browser(company: Company, agent: AgentId = maya) {
  const { hash, header } = await newCookie(accountId.parse(company.name))
  await company.live.openSession(hash, agent, 'test')
  const headers = { cookie: header.split(';')[0] ?? '', origin, 'sec-fetch-site': 'same-origin' }
  return {
    get: (id: string) => exports.default.fetch(`${origin}/api/media/${id}`, { headers }),
    put: (id: string, bytes: Uint8Array, as = { account: company.name, agent: String(agent) }) =>
      exports.default.fetch(`${origin}/api/media/${id}?${new URLSearchParams(as)}`, {
        method: 'PUT',
        headers,
        body: bytes.slice(),
      }),
  }
}

describe("a customer's media", () => {
  it('[F131] [P7] are copied from their carrier, told on every screen, and served to their account alone', async () => {
    carrier.files = { 'tyre.png': send(picture) }
    const company = await Company.found('media-in')
    const client = await company.connect(maya)
    await company.inbound('in-1', '', { media: [tyre] })
    const [copied] = await untilCopied(company)
    // The type is what its bytes are, whatever its carrier called it.
    expect(copied).toMatchObject({ contentType: 'image/png', copy: { state: 'kept', bytes: picture.length } })
    await client.until(() => client.frames().length >= 2)
    expect(carrier.fetched).toEqual(['tyre.png'])
    expect(await company.conversations()).toMatchObject([{ preview: 'Picture' }])

    const answer = await (await browser(company)).get(String(copied?.id))
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(picture)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toMatch(/sandbox$/)
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="picture.png"')
    const other = await Company.found('media-in-other')
    expect((await (await browser(other)).get(String(copied?.id))).status).toBe(404)
    expect((await (await browser(company)).get(freshMedia())).status).toBe(404)
    expect((await exports.default.fetch(`${origin}/api/media/${copied?.id}`)).status).toBe(401)
  })

  it('[F133] sound and film come as files to keep, and nothing that runs is served as what it is', async () => {
    carrier.files = {
      'voice.amr': () => new Response('#!AMR\n...'),
      'page.html': () => new Response('<script>alert(1)</script>'),
    }
    const company = await Company.found('media-files')
    await company.inbound('in-1', 'Listen', {
      media: [
        { url: 'https://media.simulator.example/voice.amr', contentType: 'audio/amr' },
        { url: 'https://media.simulator.example/page.html', contentType: 'text/html' },
      ],
    })
    const media = await untilCopied(company)
    const { get } = await browser(company)
    const [voice, page] = await Promise.all(media.map(({ id }) => get(String(id))))
    expect(voice?.headers.get('content-disposition')).toBe('attachment; filename="audio.amr"')
    expect(page?.headers.get('content-type')).toBe('application/octet-stream')
    expect(page?.headers.get('content-disposition')).toBe('attachment; filename="file.bin"')
  })

  it('[fault W8] what a carrier does not have is asked for again, and then said to be lost', async () => {
    const company = await Company.found('media-lost')
    await company.inbound('in-1', 'Look', { media: [tyre] })
    for (const [times, pass] of [minute, 2 * minute, 10 * minute].entries()) {
      await eventually(async () => carrier.fetched.length === times + 1)
      expect(await mediaOf(company)).toMatchObject([{ copy: { state: 'coming' } }])
      await eventually(
        async () =>
          (await company.query<{ tries: number }>(`SELECT tries FROM media_copies`))[0]?.tries === times + 1,
      )
      await company.live.shiftClock(pass)
    }
    expect(await untilCopied(company)).toMatchObject([
      { copy: { state: 'lost', why: 'The carrier does not have it any more.' } },
    ])
    expect(await company.query(`SELECT id FROM media_copies`)).toEqual([])
    await company.live.shiftClock(48 * hour)
    expect(carrier.fetched).toHaveLength(4)
  })

  it('[P8] [fault W6] a crash before or after the fetch only fetches once more', async () => {
    carrier.files = { 'tyre.png': send(picture) }
    const company = await Company.found('media-crash')
    const struck: string[] = []
    DevAccount.crash = (at, account) => {
      if ((at !== 'before-copy' && at !== 'after-copy') || struck.includes(at)) return
      struck.push(at)
      account.die(at)
    }
    await company.inbound('in-1', '', { media: [tyre] })
    for (const point of ['before-copy', 'after-copy']) {
      await eventually(async () => struck.includes(point))
      await eventually(() => company.live.shiftClock(2 * minute).catch(() => null))
    }
    expect(await untilCopied(company)).toMatchObject([{ copy: { state: 'kept' } }])
  })

  it('[F134] an account that takes no media fetches and keeps none, and the text says so', async () => {
    const company = await Company.found('media-off')
    const [row] = await company.query<{ body: string }>(`SELECT body FROM rows WHERE tbl = 'settings'`)
    const settings = settingsRow.parse(JSON.parse(row?.body ?? ''))
    await company.live.found(
      'media-off',
      [{ table: 'settings', row: { ...settings, inboundMedia: 'disallow' } }],
      [],
    )
    await company.inbound('in-1', 'Look', { media: [tyre] })
    expect(await mediaOf(company)).toEqual([
      { url: '', contentType: 'image/jpeg', copy: { state: 'not allowed' } },
    ])
    await company.live.shiftClock(minute)
    expect(carrier.fetched).toEqual([])
  })
})

describe('a picture that an agent brings', () => {
  it('[E29] is kept once under its name, without what its camera wrote, and never replaced', async () => {
    const company = await Company.found('media-up')
    const { get, put } = await browser(company)
    const id = freshMedia()
    const photo = jpegOf({ width: 20, height: 10, exif: { orientation: 1, note: 'GPS 41.88' } })
    expect((await put(id, photo)).status).toBe(204)
    expect((await put(id, photo)).status).toBe(204)
    const kept = await (await get(id)).text()
    expect(kept).toContain('JFIF')
    expect(kept).not.toContain('GPS')
    expect((await put(id, picture)).status).toBe(422)
    expect(await (await get(id)).text()).toBe(kept)
    expect(await company.query(`SELECT id, agent FROM uploads`)).toEqual([{ id, agent: maya }])
    expect((await env.MEDIA.list({ prefix: 'accounts/media-up/' })).objects).toHaveLength(1)
  })

  it.each([
    ['F122', 'a PDF', '%PDF-1.7', 415, /PDF/],
    ['F124', 'a film', '\0\0\0\x14ftyp3gp4', 415, /Video/],
    ['F119', 'a page that calls itself a picture', '<html>', 415, /JPEG, PNG or GIF/],
    ['E30', 'six megabytes', 'x'.repeat(6_000_000), 413, /5.2 MB/],
  ])('[%s] %s is refused by its bytes', async (_, _what, text, status, words) => {
    const company = await Company.found('media-refused')
    const { put } = await browser(company)
    const answer = await put(freshMedia(), new TextEncoder().encode(text))
    expect(answer.status).toBe(status)
    expect((await answer.json<{ text: string }>()).text).toMatch(words)
    expect(await company.query(`SELECT id FROM uploads`)).toEqual([])
  })

  it("[P7] [E12] is taken for its own replica only, and another account's name says nothing", async () => {
    const company = await Company.found('media-own')
    const other = await Company.found('media-own-other')
    const { put } = await browser(company)
    const id = freshMedia()
    expect((await put(id, picture, { account: other.name, agent: maya })).status).toBe(409)
    expect((await put('not-an-id', picture)).status).toBe(400)
    expect((await put(id, picture)).status).toBe(204)
    const theirs = await browser(other)
    expect((await theirs.get(id)).status).toBe(404)
    expect((await theirs.put(id, pngOf(8, 8))).status).toBe(204)
  })

  it("[E29] [P7] a carrier's link opens one picture for a day, and no other can be made from it", async () => {
    const company = await Company.found('media-link')
    const { put } = await browser(company)
    const id = freshMedia()
    await put(id, picture)
    const account = accountId.parse(company.name)
    const message = entryId.parse(`${freshId('x')}:0`)
    const link = (key: string, now: number) => sealLink({ account, media: id, message }, key, now)
    const path = await link(env.CHANNEL_KEY, Date.now())
    const get = (path: string) => exports.default.fetch(`${origin}${path}`)
    const answer = await get(path)
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(picture)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(path).not.toContain(company.name)
    const token = path.slice(3)
    expect(await openLink(token, env.CHANNEL_KEY, Date.now() + linkGoodFor + minute)).toBeNull()
    const turned = (token[30] === 'A' ? 'B' : 'A') + token.slice(31)
    for (const bad of [
      `/m/${token.slice(0, 30)}${turned}`,
      `/m/${id}`,
      '/m/',
      await link(btoa('x'.repeat(32)), Date.now()),
      await link(env.CHANNEL_KEY, Date.now() - 25 * hour),
    ])
      expect((await get(bad)).status).toBe(404)
  })
})
