import { getServerByName } from 'partyserver'
import { YServer } from 'y-partyserver'
import { encodeStateAsUpdate } from 'yjs'

/** The same work on y-partyserver: a POST appends to a shared array, every socket hears of it, saving is debounced. */
export class Rival extends YServer {
  static override options = { hibernate: true }

  override async onLoad(): Promise<void> {
    this.ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS saved (id INTEGER PRIMARY KEY, doc BLOB NOT NULL)`)
  }

  override async onSave(): Promise<void> {
    const bytes = encodeStateAsUpdate(this.document)
    // A row holds 2 MB; how a larger document would be cut up is not what is measured.
    this.ctx.storage.sql.exec(
      `INSERT OR REPLACE INTO saved (id, doc) VALUES (1, ?)`,
      bytes.slice(0, 1_900_000),
    )
  }

  override async onRequest(request: Request): Promise<Response> {
    this.document.getArray('texts').push([await request.text()])
    return new Response(null, { status: 204 })
  }
}

interface Env {
  RIVAL: DurableObjectNamespace<Rival>
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const rival = await getServerByName(env.RIVAL, 'bench')
    const count = Number(new URL(request.url).searchParams.get('count') ?? 1)
    if (count === 1) return rival.fetch(request)
    const body = await request.text()
    const post = () => rival.fetch(request.url, { method: 'POST', body })
    await Promise.all(Array.from({ length: count }, post))
    return new Response(null, { status: 204 })
  },
}
