import { DurableObject } from 'cloudflare:workers'

/** The floor of waking up: an object with nothing in it but the table it looks into. */
export class Empty extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never)
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY)`)
  }

  count(): number {
    return Number(this.ctx.storage.sql.exec(`SELECT count(*) AS n FROM texts`).one()['n'])
  }

  /** Ends the object; the next call wakes it. */
  die(): void {
    this.ctx.abort('asked to')
  }
}

interface Env {
  EMPTY: DurableObjectNamespace<Empty>
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const empty = env.EMPTY.get(env.EMPTY.idFromName('empty'))
    if (request.method === 'DELETE') await empty.die().catch(() => undefined)
    else return new Response(String(await empty.count()))
    return new Response(null, { status: 204 })
  },
}
