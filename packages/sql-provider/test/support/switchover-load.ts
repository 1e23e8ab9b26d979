/** Clients that write without pause while the address of the database moves, and that record every wrong answer. */
import type { Exchange } from '@scimkit/testkit'
import { pause } from './postgres-statements.js'

/** One user and the client that writes it. The known state of the user is the last acknowledged write. */
export interface LoadClient {
  readonly name: string
  readonly path: string
  /** Replaced as a whole, also by a test that writes the user without the client. */
  known: Known
  /** The time of the first acknowledged write since this was last set to undefined; milliseconds of `performance.now`. */
  resumedAt: number | undefined
  /** How many writes were acknowledged, were answered 503, and had an unknown outcome. */
  readonly counts: { acknowledged: number; unavailable: number; unknown: number }
  /** Violations: a wrong 412, 404 or 304, a read that is older than the acknowledged state, other statuses. */
  readonly wrong: string[]
}

/** A state of a user: its title counts the writes. */
export interface Known {
  readonly tag: string
  readonly title: number
}

const type = { 'Content-Type': 'application/scim+json' }

/** The document with that title. */
export function titled(name: string, title: number): string {
  return JSON.stringify({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: name,
    title: String(title),
  })
}

/** Creates the user of a client. Rejects if that is not acknowledged. */
export async function loadClient(exchange: Exchange, name: string): Promise<LoadClient> {
  const made = await exchange({ method: 'POST', path: '/Users', headers: type, body: titled(name, 0) })
  if (made.status !== 201) throw new Error(`not created: ${made.status} ${made.body}`)
  const known = { tag: made.headers.etag ?? '', title: 0 }
  const counts = { acknowledged: 0, unavailable: 0, unknown: 0 }
  return { name, path: `/Users/${JSON.parse(made.body).id}`, known, resumedAt: undefined, counts, wrong: [] }
}

/** Writes and reads until `stopped` says so; then waits until the outcome of its last write is known. */
export async function writeWithoutPause(exchange: Exchange, client: LoadClient, stopped: () => boolean): Promise<void> {
  let before = client.known
  while (!stopped()) {
    const sent = client.known
    await put(exchange, client, sent)
    if (client.known !== sent) before = sent
    await get(exchange, client, before)
  }
}

async function put(exchange: Exchange, client: LoadClient, sent: Known): Promise<void> {
  const title = sent.title + 1
  const headers = { ...type, 'If-Match': sent.tag }
  const answer = await exchange({ method: 'PUT', path: client.path, headers, body: titled(client.name, title) })
  if (answer.status === 200) {
    client.counts.acknowledged += 1
    client.resumedAt ??= performance.now()
    client.known = { tag: answer.headers.etag ?? '', title }
  } else if (answer.status === 503) {
    client.counts.unavailable += 1
    if (answer.body.includes('may or may not have been committed')) await findOut(exchange, client, sent)
    // Only after a rejection: without this pause, rejected requests use the processors that the servers need to change roles.
    await pause(10)
  } else if (answer.status !== 412 || client.known === sent) {
    client.wrong.push(`PUT ${title}: ${answer.status} ${answer.body}`)
    await pause(10)
  }
}

/** The write may have been committed: the result of a read decides, and only two results are possible. */
async function findOut(exchange: Exchange, client: LoadClient, sent: Known): Promise<void> {
  client.counts.unknown += 1
  for (;;) {
    if (client.known !== sent) return
    const { status, headers, body } = await exchange({ method: 'GET', path: client.path })
    if (status === 503) {
      await pause(10)
      continue
    }
    const title = status === 200 ? Number(JSON.parse(body).title) : Number.NaN
    if (client.known !== sent) return
    if (title === sent.title || title === sent.title + 1) client.known = { tag: headers.etag ?? '', title }
    else client.wrong.push(`GET after a write with an unknown outcome: ${status} ${body}`)
    return
  }
}

/** An earlier tag never results in 304 again, and no read is older than the state that was acknowledged when it was sent. */
async function get(exchange: Exchange, client: LoadClient, before: Known): Promise<void> {
  const { known } = client
  const headers = before.tag === known.tag ? {} : { 'If-None-Match': before.tag }
  const { status, body } = await exchange({ method: 'GET', path: client.path, headers })
  if (status === 503) return
  const title = status === 200 ? Number(JSON.parse(body).title) : Number.NaN
  if (!(title >= known.title)) client.wrong.push(`GET: ${status} ${body}, known was ${known.title}`)
}
