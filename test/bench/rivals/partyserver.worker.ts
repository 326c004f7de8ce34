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
    const text = await request.text()
    const count = Number(new URL(request.url).searchParams.get('count') ?? 1)
    for (let index = 0; index < count; index++) {
      this.document.getArray('texts').push([text])
      if (count > 1) await new Promise((resolve) => setTimeout(resolve))
    }
    return new Response(null, { status: 204 })
  }
}

interface Env {
  RIVAL: DurableObjectNamespace<Rival>
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return (await getServerByName(env.RIVAL, 'bench')).fetch(request)
  },
}
