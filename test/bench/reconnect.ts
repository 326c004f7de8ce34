import { hour } from '../../shared/base/time.ts'
import { down, type Welcome } from '../../shared/wire/down.ts'
import { timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'
import { hello } from './hello.ts'
import { closeSocket, floorSocket, nextMessage, openSocket, signIn } from './sockets.ts'

/** Every text to a known person changes two rows: the conversation's and the thread's head. */
const texts = 250

/**
 * From the hello of a device that was away for an hour to the last frame of what it missed, parsed; and the same
 * bytes in as many frames from the floor, on request.
 */
export async function reconnect({ parley, floor }: Machines, samples: number): Promise<Figure> {
  const cookie = await signIn(parley, 'maya')
  const write = async (round: string) => {
    for (let index = 0; index < texts; index++) {
      const from = `+1630555${1000 + index}`
      await (await parley.hook(`${round}-${index}`, 'Is it ready to be collected?', { from })).arrayBuffer()
    }
  }
  await write('before')
  const { epoch, head } = await welcomeOf(await openSocket(parley, cookie))
  await parley.simulator('/api/clock', { account: 'northwind', ms: hour })
  await write('away')

  const missed = await listen(
    await openSocket(parley, cookie),
    hello('maya', { epoch, cursor: head }),
    isLast(),
  )
  const rows = missed.messages.flatMap((text) => {
    const message = down.parse(JSON.parse(text))
    return message.t === 'frame' ? message.parts.flatMap((part) => part.rows) : []
  })
  if (rows.length < 2 * texts) throw new Error(`The delta holds ${rows.length} rows.`)
  const held = await fetch(`http://127.0.0.1:${floor.port}/`, {
    method: 'PUT',
    body: JSON.stringify(missed.messages),
  })
  if (!held.ok) throw new Error(`The floor answered ${held.status}.`)

  const ours: number[] = []
  const theirs: number[] = []
  for (let index = 0; index < samples + 5; index++) {
    const device = await openSocket(parley, cookie)
    const { took } = await listen(device, hello('maya', { epoch, cursor: head }), isLast())
    const bare = await floorSocket(floor.port)
    const { took: floorTook } = await listen(bare, 'frames', (_, count) => count === missed.messages.length)
    // The first rounds warm both up.
    if (index < 5) continue
    ours.push(took)
    theirs.push(floorTook)
  }
  return timeFigure(ours, theirs)
}

async function welcomeOf(socket: WebSocket): Promise<Welcome> {
  const heard = nextMessage(socket, (data) => data.includes('"welcome"'))
  socket.send(hello('maya'))
  const message = down.parse(JSON.parse(await heard))
  await closeSocket(socket)
  if (message.t !== 'welcome') throw new Error(`The edge greeted with ${message.t}.`)
  return message
}

/** Says one thing and parses what comes until the last of it. */
async function listen(
  socket: WebSocket,
  say: string,
  last: (message: unknown, count: number) => boolean,
): Promise<{ took: number; messages: string[] }> {
  const messages: string[] = []
  const started = performance.now()
  let took = 0
  const done = nextMessage(socket, (data) => {
    messages.push(data)
    if (!last(JSON.parse(data), messages.length)) return false
    took = performance.now() - started
    return true
  })
  socket.send(say)
  await done
  await closeSocket(socket)
  return { took, messages }
}

/** Whether a message is the frame that reaches the head which the welcome before it named. */
function isLast(): (message: unknown) => boolean {
  let head = Infinity
  return (message) => {
    const { t, answer, head: named, to } = message as Partial<Record<string, unknown>>
    if (t === 'welcome') {
      if (answer !== 'delta') throw new Error(`The edge answered the old cursor with ${String(answer)}.`)
      head = (named as { seq: number }).seq
    }
    return t === 'frame' && (to as { seq: number }).seq >= head
  }
}
