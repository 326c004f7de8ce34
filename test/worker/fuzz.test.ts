import { exports } from 'cloudflare:workers'
import { toBase64 } from 'lib0/buffer'
import { up } from '#shared/wire/up.ts'
import { expect, it } from 'vitest'
import { bytesOf } from '#test/fuzz/bytes.ts'
import { mutateBytes, mutateJson, mutateText } from '#test/fuzz/mutate.ts'
import { Speaker } from '#test/fuzz/speaker.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Company, customer, maya, origin, ourNumber, sam, type Client } from './company.ts'

/**
 * The same hostile bytes as in `test/fuzz`, fewer of them, through the runtime itself: its sockets, its requests,
 * its boundary between Worker and object. What is counted there is not counted again here.
 */
const seed = 1
const frames = 1500
const posts = 400

it('[E30] hostile frames through a real socket end that socket only: the company lives on, and a colleague hears it', async () => {
  const company = await Company.found('hostile-frames')
  await company.inbound('m1', 'Hello?')
  const random = makeRandom(seed)
  const speaker = new Speaker(random)
  speaker.bytes = () => toBase64(bytesOf(random))
  const [row] = await company.conversations()
  speaker.known = ['hostile-frames', maya, sam, String(row?.id), 'up13125550142', 'n13095550100']
  const colleague = await company.connect(sam)
  await colleague.until((c) => c.heard.find(({ t }) => t === 'welcome'))
  const session = await company.signIn(maya)
  let bad: Client | null = null
  const codes = new Map<number, number>()
  for (let sent = 0; sent < frames; sent++) {
    // Ten frames a socket, so that neither the frame rate nor the first refusal hides the others.
    if (sent % 10 === 0 || bad?.closed) {
      if (bad?.closed) codes.set(bad.closed.code, (codes.get(bad.closed.code) ?? 0) + 1)
      bad?.socket.close()
      bad = await company.connect(maya, { session })
    }
    const said = speaker.say(up)
    const way = random.next()
    const changed = way < 0.3 ? said : mutateJson(said, random)
    const text = way < 0.7 ? JSON.stringify(changed) : mutateText(JSON.stringify(said), random)
    bad?.say(way > 0.97 ? mutateBytes(new TextEncoder().encode(text), random).buffer : text)
    // Gives the socket a turn to be heard and closed.
    if (sent % 3 === 0) await company.query(`SELECT 1`)
  }
  expect(colleague.closed).toBeNull()
  expect([...codes.keys()].filter((code) => ![1000, 4400, 4401, 4403, 4408, 4409].includes(code))).toEqual([])
  expect(codes.get(4400)).toBeGreaterThan(50)
  await company.inbound('m2', 'Still there?')
  await colleague.until((c) => c.frames().find((frame) => JSON.stringify(frame).includes('Still there?')))
}, 120_000)

it('[E30] hostile webhooks through the real Worker are refused or kept, and never an error of ours', async () => {
  const company = await Company.found('hostile-hooks')
  const random = makeRandom(seed)
  const statuses = new Map<number, number>()
  for (let posted = 0; posted < posts; posted++) {
    const message = { id: `m${posted}`, from: customer, to: ourNumber, text: 'Hello', media: [] }
    const way = random.next()
    const json = JSON.stringify(way < 0.4 ? mutateJson(message, random) : message)
    const bytes = new TextEncoder().encode(way < 0.7 ? json : mutateText(json, random))
    const { status } = await exports.default.fetch(`${origin}/hooks/simulator/hostile-hooks/inbound`, {
      method: 'POST',
      headers: { 'x-simulator-secret': random.next() < 0.9 ? 'simulator' : 'guess' },
      body: way > 0.85 ? mutateBytes(bytes, random) : bytes,
    })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect([...statuses.keys()].toSorted()).toEqual([204, 400, 401, 413])
  const kept = (await company.thread()).filter(({ kind }) => kind === 'inbound')
  expect(kept.length).toBeGreaterThan(50)
  await company.inbound('after', 'Still there?')
  expect((await company.thread()).at(-1)).toMatchObject({ text: 'Still there?' })
}, 120_000)
