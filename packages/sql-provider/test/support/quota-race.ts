/** Clients that create users at a quota, through one or more servers on one store. */

import type { Exchange } from '@scimkit/testkit'

/** The size of a race. */
export interface QuotaRace {
  readonly clients: number
  /** Of each client. */
  readonly creates: number
  /** The quota of the servers. */
  readonly limit: number
  /** True: every third client also removes users that any client has created. */
  readonly isRemoving: boolean
}

/** What a race saw. */
export interface QuotaRaceEnd {
  readonly created: number
  readonly removed: number
  readonly refused: number
  /** Statuses other than 201, 204, 403 and 503. A 503 says that nothing was written. */
  readonly others: readonly number[]
  /** The most users that a list has shown during the race. */
  readonly most: number
  /** How many there are after it. */
  readonly total: number
  /** How many more creates succeed until the quota is reached. */
  readonly filled: number
}

/** Runs a race to its end. */
export async function quotaRace(exchanges: readonly Exchange[], race: QuotaRace): Promise<QuotaRaceEnd> {
  const { clients, creates, limit, isRemoving } = race
  const through = (number: number): Exchange => {
    const exchange = exchanges[number % exchanges.length]
    if (exchange === undefined) throw new Error('no exchange')
    return exchange
  }
  const ids: string[] = []
  const counts = { created: 0, removed: 0, refused: 0 }
  const others: number[] = []
  let most = 0
  let isOver = false

  const create = async (exchange: Exchange, userName: string): Promise<number> => {
    const body = JSON.stringify({ schemas: [userUrn], userName })
    const answer = await exchange({ method: 'POST', path: '/Users', headers, body })
    if (answer.status === 201) {
      counts.created++
      ids.push(String((JSON.parse(answer.body) as { id: string }).id))
    } else if (answer.status === 403) counts.refused++
    else if (answer.status !== 503) others.push(answer.status)
    return answer.status
  }
  const total = async (exchange: Exchange): Promise<number> => {
    const { body } = await exchange({ method: 'GET', path: '/Users?count=0', headers: { Accept: headers.Accept } })
    return Number((JSON.parse(body) as { totalResults: number }).totalResults)
  }
  const client = async (number: number): Promise<void> => {
    const exchange = through(number)
    for (let i = 0; i < creates; i++) {
      await create(exchange, `client-${number}-${i}`)
      const id = isRemoving && number % 3 === 0 ? ids.shift() : undefined
      if (id === undefined) continue
      const { status } = await exchange({ method: 'DELETE', path: `/Users/${id}`, headers: { Accept: headers.Accept } })
      if (status === 204) counts.removed++
      else if (status === 503) ids.push(id)
      else others.push(status)
    }
  }
  const watch = async (): Promise<void> => {
    while (!isOver) most = Math.max(most, await total(through(0)))
  }

  const watching = watch()
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  isOver = true
  await watching
  const after = await total(through(1))
  const { created, removed, refused } = counts
  let filled = 0
  while (filled <= limit && (await create(through(filled), `filled-${filled}`)) === 201) filled++
  return { created, removed, refused, others, most, total: after, filled }
}

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
