/** More requests than a server can process, and the results. */
import { readFileSync } from 'node:fs'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The server, the number of concurrent clients that send without a pause, and the duration. */
export interface Overload {
  readonly url: string
  readonly pid: number | undefined
  readonly clients: number
  readonly milliseconds: number
  /** Concurrent PUTs of one group with `members` members. The stored data stays small, so that the memory is that of the requests. */
  readonly largeBodies: number
  readonly members: number
}

/** The results. */
export interface Seen {
  /** Number of responses by status; 0 for no response. */
  readonly statuses: Readonly<Record<number, number>>
  /** Only those to the large bodies. */
  readonly large: Readonly<Record<number, number>>
  /** 429 and 503 without `Retry-After`. */
  readonly withoutRetryAfter: number
  /** The acknowledged users: ids by name. */
  readonly created: ReadonlyMap<string, string>
  /** Milliseconds from the end of the load until ten requests in a row were answered in time. */
  readonly recovery: number
  /** MiB, the maximum; 0 if the system does not report it. */
  readonly rss: number
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const answerOfNone: Answer = { status: 0, headers: {}, body: '' }
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'

const guarded = new WeakSet<Socket>()

/** Sends a request; status 0 if the connection ends without a response. */
export function ask(
  url: string,
  { method = 'GET', body, agent }: { method?: string; body?: string | undefined; agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method, headers, ...(agent && { agent }) }, (res) => {
      let text = ''
      res.setEncoding('utf8')
      res.on('data', (part) => {
        text += part
      })
      res.on('close', () =>
        resolve(res.complete ? { status: res.statusCode ?? 0, headers: res.headers, body: text } : answerOfNone),
      )
    })
    sent.on('error', () => resolve(answerOfNone))
    // A response may arrive before the body is sent, and the connection may end after the request object is gone.
    sent.on('socket', (socket) => {
      if (!guarded.has(socket)) socket.on('error', () => undefined)
      guarded.add(socket)
    })
    sent.end(body)
  })
}

/** Overloads the server, then waits until it answers normally. */
export async function overload({ url, pid, clients, milliseconds, largeBodies, members }: Overload): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients + largeBodies, maxFreeSockets: clients })
  const [statuses, large] = [{} as Record<number, number>, {} as Record<number, number>]
  const created = new Map<string, string>()
  let withoutRetryAfter = 0
  let rss = 0
  let over = false
  const small = JSON.stringify({ schemas: [groupUrn], displayName: 'large' })
  const { id: group } = JSON.parse((await ask(`${url}/Groups`, { method: 'POST', body: small })).body)

  const note = (counts: Record<number, number>, { status, headers }: Answer): void => {
    counts[status] = (counts[status] ?? 0) + 1
    if ((status === 429 || status === 503) && headers['retry-after'] === undefined) withoutRetryAfter++
  }

  async function client(number: number): Promise<void> {
    for (let turn = 0; !over; turn++) {
      if (turn % 5 > 0) {
        note(statuses, await ask(`${url}/Users?count=1`, { agent }))
        continue
      }
      const userName = `load-${number}-${turn}`
      // Every second user has a password, which takes the server far longer.
      const password = turn % 2 === 1 ? {} : { password: `Correct-Horse-${number}` }
      const answer = await ask(`${url}/Users`, {
        method: 'POST',
        body: JSON.stringify({ schemas: [userUrn], userName, ...password }),
        agent,
      })
      note(statuses, answer)
      if (answer.status === 201) created.set(userName, String(JSON.parse(answer.body).id))
    }
  }

  async function largeBody(number: number): Promise<void> {
    const value = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
    // Never the same members, so that each PUT is a change.
    const list = Array.from({ length: members }, (_, i) => `{"value":"${value(number * 1_000 + i)}"}`).join(',')
    const body = `{"schemas":["${groupUrn}"],"displayName":"large","members":[${list}]}`
    note(large, await ask(`${url}/Groups/${group}`, { method: 'PUT', body, agent }))
  }

  async function watchMemory(): Promise<void> {
    while (!over) {
      rss = Math.max(rss, rssOf(pid))
      await sleep(100)
    }
  }

  const load = [watchMemory(), ...Array.from({ length: clients }, (_, number) => client(number))]
  await sleep(milliseconds / 10)
  const uploads = Array.from({ length: largeBodies }, (_, number) => largeBody(number))
  await sleep((milliseconds * 9) / 10)
  over = true
  const ended = performance.now()
  await recovered(url)
  const recovery = performance.now() - ended
  await Promise.all([...load, ...uploads])
  rss = Math.max(rss, rssOf(pid))
  agent.destroy()
  return { statuses, large, withoutRetryAfter, created, recovery, rss }
}

async function recovered(url: string): Promise<void> {
  const deadline = performance.now() + 120_000
  for (let good = 0; good < 10; ) {
    const asked = performance.now()
    const { status } = await ask(`${url}/Users?count=1`)
    good = status === 200 && performance.now() - asked < 250 ? good + 1 : 0
    if (performance.now() > deadline) return
  }
}

function rssOf(pid: number | undefined): number {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .find((text) => text.startsWith('VmRSS'))
    return Number(line?.split(' ').filter((part) => part !== '')[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** The names of acknowledged users that the server does not have. */
export async function lost(url: string, created: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const missing: string[] = []
  const left = [...created]
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [userName, id] = next
      const { status, body } = await ask(`${url}/Users/${id}`, { agent })
      if (status !== 200 || JSON.parse(body).userName !== userName) missing.push(userName)
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker))
  agent.destroy()
  return missing
}
