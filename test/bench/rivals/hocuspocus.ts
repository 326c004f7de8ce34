import { mkdtempSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server } from '@hocuspocus/server'
import { encodeStateAsUpdate } from 'yjs'

/**
 * The same work on Hocuspocus, a plain Node process: a POST appends to a shared array, every socket hears of it.
 * It merges the updates of a tick and stores late, as it does by default. `PORT` says where it listens.
 */
const file = join(mkdtempSync(join(tmpdir(), 'hocuspocus-')), 'doc')
const server = new Server({
  port: Number(process.env['PORT']),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: true,
  async onStoreDocument({ document }) {
    writeFileSync(file, encodeStateAsUpdate(document))
  },
  async onRequest({ request, response, instance }) {
    if (request.method !== 'POST') return
    const text = await bodyOf(request)
    const count = Number(new URL(request.url ?? '', 'http://bench').searchParams.get('count') ?? 1)
    for (let index = 0; index < count; index++) {
      instance.documents.get('bench')?.getArray('texts').push([text])
      if (count > 1) await new Promise((resolve) => setTimeout(resolve))
    }
    response.writeHead(204).end()
    // An empty rejection says that the request is answered.
    return Promise.reject()
  },
})
await server.listen()

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
