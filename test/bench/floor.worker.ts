import { DurableObject } from 'cloudflare:workers'

/**
 * The physical floor: a bare object that inserts what it is posted and tells its sockets the same bytes, sends a
 * socket that asks the frames it was given, and a page with one row in it, over the same transport and with the
 * same durability (the output gate) as Parley's. Nothing is decided here.
 */
export class Floor extends DurableObject {
  #frames: string[] = []

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never)
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`)
  }

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** The same hop as Parley's webhook: a call into the object, not a fetch. */
  insert(body: string): void {
    this.ctx.storage.sql.exec(`INSERT INTO texts (body) VALUES (?)`, body)
    for (const socket of this.ctx.getWebSockets()) socket.send(body)
  }

  hold(frames: string[]): void {
    this.#frames = frames
  }

  override webSocketMessage(socket: WebSocket): void {
    for (const frame of this.#frames) socket.send(frame)
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close(1000)
  }
}

interface Env {
  FLOOR: DurableObjectNamespace<Floor>
}

const page = `<!doctype html><title>Floor</title><div class="row" onclick="this.textContent='Pressed'">One row</div>`

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const floor = env.FLOOR.get(env.FLOOR.idFromName('floor'))
    if (request.headers.get('upgrade') === 'websocket') return floor.fetch(request)
    if (request.method === 'GET') return new Response(page, { headers: { 'content-type': 'text/html' } })
    if (request.method === 'PUT') await floor.hold(await request.json())
    else {
      const body = await request.text()
      const count = Number(new URL(request.url).searchParams.get('count') ?? 1)
      await Promise.all(Array.from({ length: count }, () => floor.insert(body)))
    }
    return new Response(null, { status: 204 })
  },
}
