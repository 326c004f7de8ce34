import { exports } from 'cloudflare:workers'
import { toBase64 } from 'lib0/buffer'
import { closeCodes } from '#shared/wire/down.ts'
import { up } from '#shared/wire/up.ts'
import { expect, it } from 'vitest'
import { bytesOf } from '#test/fuzz/bytes.ts'
import { mutateBytes, mutateJson, mutateText } from '#test/fuzz/mutate.ts'
import { Speaker } from '#test/fuzz/speaker.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Company, customer, maya, origin, ourNumber, sam } from './company.ts'

/**
 * The same hostile bytes as in `test/fuzz`, fewer of them, through the runtime itself: its sockets, its requests,
 * its boundary between Worker and object. What is counted there is not counted again here.
 */
const seed = 1
const sockets = 300
const framesEach = 5
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
  const hostile = (): string | ArrayBuffer => {
    const said = speaker.say(up)
    const way = random.next()
    const text = JSON.stringify(way < 0.3 ? said : mutateJson(said, random))
    if (way > 0.97) return mutateBytes(new TextEncoder().encode(text), random).buffer
    return way < 0.7 ? text : mutateText(text, random)
  }
  const codes = new Map<number, number>()
  for (let socket = 0; socket < sockets; socket++) {
    const bad = await company.connect(maya, { session, greet: random.next() < 0.9 })
    for (let frame = 0; frame < framesEach; frame++) bad.say(hostile())
    // What ends every socket that is not ended by then.
    bad.say('no frame')
    const { code } = await bad.untilClosed()
    codes.set(code, (codes.get(code) ?? 0) + 1)
    bad.socket.close()
  }
  expect(colleague.closed).toBeNull()
  // Nothing but what `closeCodes` knows: a fault of ours would end a socket with 1011.
  const ours: number[] = [1000, ...Object.values(closeCodes)]
  expect([...codes.keys()].filter((code) => !ours.includes(code))).toEqual([])
  expect(codes.get(closeCodes.malformed)).toBeGreaterThan(sockets / 2)
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
