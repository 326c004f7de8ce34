import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Server } from '#test/e2e/server.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Load } from './load.ts'
import { Replica } from './replica.ts'
import { contentOf, differences, historyContent, objectContent, type Content } from './stored.ts'

/**
 * `npm run soak`: Parley under the local runtime, on a port and a state folder of its own, under mixed load while its
 * processes are killed at moments that a seed chooses. `-- --minutes 30 --seed 7`. At the end nothing may be missing
 * or twice, and every replica, the object and D1 must hold the same; it ends with 1 otherwise.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
const random = makeRandom(seed)
const account = 'northwind'

const server = await Server.start()
const stop = () => void server.stop().finally(() => process.exit(1))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
const replicas: Replica[] = []
for (const [name, agent] of [
  ['maya 1', 'maya'],
  ['maya 2', 'maya'],
  ['sam 1', 'sam'],
  ['admin 1', 'admin'],
] as const)
  replicas.push(await Replica.open(server, name, agent))
const load = new Load(server, replicas, random)

console.log(`Soak: ${minutes} minutes, seed ${seed}, ${replicas.length} devices.`)
const end = Date.now() + minutes * 60_000
let kills = 0
let nextKill = Date.now() + 20_000
while (Date.now() < end) {
  if (Date.now() >= nextKill) {
    await server.kill()
    kills++
    // Agents and customers go on while it is away.
    for (let acts = random.int(12); acts > 0; acts--) await load.step()
    await server.boot()
    nextKill = Date.now() + 15_000 + random.int(45_000)
  }
  await load.step()
  await new Promise((resolve) => setTimeout(resolve, 40 + random.int(160)))
}
console.log(`${kills} kills, ${load.counts()}`)

const problems = await load.rest()
const contents = new Map<string, Content>()
for (const replica of replicas) contents.set(replica.name, contentOf(await replica.content()))
// One of the company's numbers is Twilio's, by its stand-in.
const sent = [...(await server.sent()), ...(await server.sent('northwind-twilio'))]
problems.push(...(await load.judge(sent)))
// What is stored is read from the files of a server that stands still.
for (const replica of replicas) replica.engine.stop()
await server.kill()
const object = objectContent(server.state, account)
contents.set('D1', historyContent(server.state, account))
for (const [name, content] of [['object', object] as const, ...contents]) {
  problems.push(...differences(name, content, object))
  console.log(`${digest(content, object)}  ${name}`)
}
await server.stop()
for (const problem of problems.slice(0, 40)) console.log(problem)
console.log(
  problems.length === 0
    ? `One digest over ${object.size.toLocaleString('en-US')} rows and entries; ${sent.length} texts left. Nothing is missing, nothing is twice.`
    : `${problems.length} things are wrong.`,
)
process.exit(problems.length === 0 ? 0 : 1)

/** Of what a place holds of that which the object holds. */
function digest(content: Content, object: Content): string {
  const hash = createHash('sha256')
  for (const key of [...object.keys()].toSorted()) hash.update(`${key}=${content.get(key)}\n`)
  return hash.digest('hex').slice(0, 16)
}
