/** Requests whose clients disconnect before the response, and the effects that they must not have. */
import type { ContractCase, Exchange, ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { viaOwnConnections } from '../workerd/via-own-connections.js'

const patience = 8_000
const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }

/**
 * In Workers a request whose client has disconnected never continues, and code that waits for it waits forever. So no
 * request may wait for another one: neither to create the tables, nor for its turn to write.
 */
export function clientGone([one, two]: readonly [URL, URL]): readonly ContractCase[] {
  const ways = (database: string): readonly [asked: Exchange, givenUp: Exchange] => [
    viaOwnConnections(`${one.origin}/${database}/scim/v2`),
    viaOwnConnections(`${two.origin}/hang-up/${database}/scim/v2`),
  ]
  const put = (path: string, title: string): ExchangeRequest => {
    const body = JSON.stringify({ schemas: [user], userName: 'left', title })
    return { method: 'PUT', path, headers, body }
  }
  const described = { level: 'MUST', citation: 'ScimKit' } as const
  return [
    {
      ...described,
      id: 'd1-gone-at-first',
      title: 'the first request of an isolate is abandoned: the next ones are answered',
      run: async () => {
        const [asked, givenUp] = ways('goneAtFirst')
        await giveUp(givenUp, { method: 'GET', path: '/Users', headers }, moments[1])
        await answered(asked({ method: 'GET', path: '/Users', headers }))
      },
    },
    {
      ...described,
      id: 'd1-gone-while-writing',
      title: 'a PUT without If-Match is abandoned: the next ones of this resource are answered',
      run: async () => {
        const [asked, givenUp] = ways('goneWhileWriting')
        const body = JSON.stringify({ schemas: [user], userName: 'left' })
        const made = await answered(asked({ method: 'POST', path: '/Users', headers, body }))
        const path = `/Users/${String((JSON.parse(made.body) as { id: string }).id)}`
        for (const after of moments) {
          await giveUp(givenUp, put(path, `given up after ${after} ms`), after)
          await answered(asked(put(path, `sent after ${after} ms`)))
        }
      },
    },
  ]
}

// Milliseconds after which a request is abandoned. Each call to the slow database takes 100, so some hit the writing itself.
const moments = [110, 160, 210, 260, 310] as const

async function giveUp(exchange: Exchange, request: ExchangeRequest, after: number): Promise<void> {
  const { status, body } = await exchange({ ...request, path: `${request.path}?after=${after}` })
  if (status !== 204 && status !== 200) throw new Error(`expected an abandoned request, got ${status} ${body}`)
}

async function answered(answer: Promise<ExchangeResponse>): Promise<ExchangeResponse> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${patience} ms`)), patience)
  })
  try {
    const { status, body, ...rest } = await Promise.race([answer, silence])
    if (status >= 300) throw new Error(`expected success, got ${status} ${body}`)
    return { status, body, ...rest }
  } finally {
    clearTimeout(timer)
  }
}
