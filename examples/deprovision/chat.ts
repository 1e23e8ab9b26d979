/** A chat product of another company: it has members of its own, and it is not always available. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How it responds: it works; it is down (503); it has the request and does not respond; it refuses the request (422). */
export type ChatMode = 'works' | 'down' | 'silent' | 'refuses'

/** One request that it received. */
export interface Received {
  /** The position of the change in the outbox. */
  readonly position: number
  readonly id: string
  readonly userName: string
  readonly active: boolean
  /** `repeated`: it had this change, or a newer one, before. `ignored`: it neither stored the change nor responded. */
  readonly result: 'stored' | 'repeated' | 'failed' | 'ignored'
}

/** The running product. */
export interface Chat {
  readonly url: string
  mode: ChatMode
  /** All requests, in the order of their arrival. */
  readonly received: readonly Received[]
  /** What it knows about a person. */
  member(id: string): { readonly active: boolean } | undefined
  /** Resolves when a request fulfils the condition, also an earlier one. Rejects after 30 seconds. */
  until(condition: (received: Received) => boolean): Promise<Received>
  close(): Promise<void>
}

interface Member {
  readonly position: number
  readonly active: boolean
}

const patience = 30_000

/** Starts it on a free port, on loopback only. `onReceived` runs before the change of a request is stored. */
export async function startChat(onReceived?: (received: Omit<Received, 'result'>) => unknown): Promise<Chat> {
  const members = new Map<string, Member>()
  const received: Received[] = []
  const listeners = new Set<() => void>()

  const server = createServer(async (request, response) => {
    const id = request.url?.slice('/members/'.length) ?? ''
    const asked = { id, ...(await bodyOf(request)) }
    await onReceived?.(asked)
    received.push({ ...asked, result: resultOf(asked) })
    respond(response, chat.mode)
    for (const listener of listeners) listener()
  })

  function resultOf(asked: Omit<Received, 'result'>): Received['result'] {
    if (chat.mode === 'works') return store(asked)
    return chat.mode === 'silent' ? 'ignored' : 'failed'
  }

  function store({ id, position, active }: Omit<Received, 'result'>): 'stored' | 'repeated' {
    if (position <= (members.get(id)?.position ?? 0)) return 'repeated'
    members.set(id, { position, active })
    return 'stored'
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const chat: Chat = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'works',
    received,
    member: (id) => members.get(id),
    until: (condition) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = received.find(condition)
          if (found === undefined) return
          listeners.delete(look)
          clearTimeout(timer)
          resolve(found)
        }
        const timer = setTimeout(() => {
          listeners.delete(look)
          reject(new Error(`the chat product did not receive the change within ${patience} ms`))
        }, patience)
        listeners.add(look)
        look()
      }),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return chat
}

function respond(response: ServerResponse, mode: ChatMode): void {
  switch (mode) {
    case 'works':
      response.writeHead(204).end()
      break
    case 'down':
      response.writeHead(503).end()
      break
    case 'refuses':
      response.writeHead(422).end()
      break
    case 'silent':
      break
  }
}

async function bodyOf(request: IncomingMessage): Promise<Omit<Received, 'id' | 'result'>> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  return JSON.parse(text) as Omit<Received, 'id' | 'result'>
}
