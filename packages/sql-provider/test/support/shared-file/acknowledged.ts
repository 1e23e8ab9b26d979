/** Clients that write through several servers and remember the acknowledged writes. */
import { type HttpExchange, viaHttp } from '@scimkit/testkit'

/** The titles that must be stored, by the id of the user; several titles if the outcome of the last write is unknown. */
export interface Acknowledged {
  readonly titles: ReadonlyMap<string, ReadonlySet<string>>
  readonly writes: number
  /** 503: nothing was written, or the outcome is unknown. */
  readonly refused: number
  /** Answers that are neither success nor 503. */
  readonly wrong: readonly string[]
}

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' }
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
// Long enough that the log is filled and restarted repeatedly.
const padding = 'x'.repeat(2_000)

/** Writes for so many milliseconds: each client creates users and changes their titles, each time through another server. */
export async function writeThrough(
  exchanges: readonly HttpExchange[],
  clients: number,
  milliseconds: number,
): Promise<Acknowledged> {
  const titles = new Map<string, Set<string>>()
  const wrong: string[] = []
  let [writes, refused, turn] = [0, 0, 0]
  const end = performance.now() + milliseconds
  const exchange = (): HttpExchange => {
    turn += 1
    const chosen = exchanges[turn % exchanges.length]
    if (chosen === undefined) throw new Error('no server')
    return chosen
  }

  async function client(name: string): Promise<void> {
    const own: string[] = []
    for (let step = 0; performance.now() < end; step++) {
      const title = `${name}-${step}`
      const id = own[step % Math.max(own.length, 1)]
      if (id === undefined || step % 5 === 0) {
        const body = JSON.stringify({ schemas: [userSchema], userName: title, title, nickName: padding })
        const answer = await exchange()({ method: 'POST', path: '/Users', headers, body })
        if (answer.status === 201) {
          const made = String((JSON.parse(answer.body) as { id: unknown }).id)
          own.push(made)
          titles.set(made, new Set([title]))
          writes += 1
        } else note('POST', answer)
        continue
      }
      const operation = { op: 'replace', path: 'title', value: title }
      const body = JSON.stringify({ schemas: [patchSchema], Operations: [operation] })
      const answer = await exchange()({ method: 'PATCH', path: `/Users/${id}`, headers, body })
      if (answer.status === 200) {
        titles.set(id, new Set([title]))
        writes += 1
        continue
      }
      if (!answer.body.includes('nothing was written')) titles.get(id)?.add(title)
      note('PATCH', answer)
    }
  }

  function note(method: string, { status, body }: { readonly status: number; readonly body: string }): void {
    if (status === 503) refused += 1
    else wrong.push(`${method}: ${status} ${body}`)
  }

  await Promise.all(Array.from({ length: clients }, (_, i) => client(`c${i}`)))
  return { titles, writes, refused, wrong }
}

/** The users whose title in a server's answer is not one of the possible titles. */
export async function lostIn(url: string, { titles }: Acknowledged): Promise<readonly string[]> {
  const exchange = viaHttp(url, { timeout: 20_000, keepAlive: true })
  const lost: string[] = []
  try {
    for (const [id, possible] of titles) {
      const { status, body } = await exchange({ method: 'GET', path: `/Users/${id}`, headers })
      const title = status === 200 ? (JSON.parse(body) as { title: string }).title : `(${status})`
      if (!possible.has(title)) lost.push(`${id}: ${title}, expected ${[...possible].join(' or ')}`)
    }
  } finally {
    exchange.close()
  }
  return lost
}
