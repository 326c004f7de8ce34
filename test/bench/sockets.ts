import type { Server } from '../e2e/server.ts'
import { hello } from './hello.ts'

/** Node's WebSocket takes headers, which its types do not say. */
const HeaderSocket = WebSocket as unknown as new (
  address: string,
  options: { headers: Record<string, string> },
) => WebSocket

/** Signs an agent in and answers the session's cookie. */
export async function signIn(parley: Server, name: string): Promise<string> {
  const answer = await fetch(`${parley.origin}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: parley.origin },
    body: JSON.stringify({ email: `${name}@demo.test`, password: 'parley-demo' }),
  })
  if (!answer.ok) throw new Error(`Signing in as ${name} was answered with ${answer.status}.`)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** Opens the account's socket and says nothing yet. */
export function openSocket(parley: Server, cookie: string): Promise<WebSocket> {
  return opened(
    new HeaderSocket(`ws://localhost:${parley.port}/api/socket`, {
      headers: { cookie, origin: parley.origin },
    }),
  )
}

/** Signs an agent in and opens the socket as a device does: hello, then follow. */
export async function agentSocket(parley: Server, name: string): Promise<WebSocket> {
  const socket = await openSocket(parley, await signIn(parley, name))
  const welcome = nextMessage(socket, (data) => data.includes('"welcome"'))
  socket.send(hello(name))
  await welcome
  // A device echoes what it has stored, or it would soon be told to pull.
  socket.addEventListener('message', ({ data }) => {
    const n = /^\{"t":"frame","n":(\d+)/.exec(String(data))?.[1]
    if (n && Number(n) % 32 === 0) socket.send(JSON.stringify({ t: 'echo', n: Number(n) }))
  })
  return socket
}

export function floorSocket(port: number): Promise<WebSocket> {
  return opened(new WebSocket(`ws://127.0.0.1:${port}/`))
}

/** The next message that matches. Listens from the moment of the call; a socket that ends first is a fault. */
export function nextMessage(socket: WebSocket, matches: (data: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const forget = () => {
      socket.removeEventListener('message', listen)
      socket.removeEventListener('close', lost)
    }
    const listen = ({ data }: MessageEvent) => {
      const text = String(data)
      if (!matches(text)) return
      forget()
      resolve(text)
    }
    const lost = ({ code }: CloseEvent) => reject(new Error(`The socket was closed with ${code}.`))
    socket.addEventListener('message', listen)
    socket.addEventListener('close', lost)
  })
}

/**
 * Closes a socket and gives the other end a moment to notice: an account takes only so many of one agent. The
 * local runtime's proxy does not always pass the answer to a close on, so that is not waited for.
 */
export async function closeSocket(socket: WebSocket): Promise<void> {
  const gone = new Promise((resolve) => socket.addEventListener('close', resolve))
  socket.close()
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 150))])
}

export async function opened(socket: WebSocket): Promise<WebSocket> {
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  return socket
}
