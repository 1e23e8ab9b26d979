/** Two isolates that start on an empty database at the same time. */
import type { ContractCase } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'
import { twoIsolates } from './two-isolates.js'

const requests = 16

/** Neither fails, and both use one set of tables, no matter which isolate created each table. */
export function startTogether(urls: readonly [URL, URL]): ContractCase {
  const exchange = twoIsolates(urls, '/together/scim/v2')
  const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
  const create = (userName: string) =>
    exchange({ method: 'POST', path: '/Users', headers, body: JSON.stringify({ schemas: [user], userName }) })
  return {
    id: 'd1-start-together',
    title: `${requests} first requests to two isolates on an empty database: each is 201`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const answers = await Promise.all(Array.from({ length: requests }, (_, i) => create(`first-${i}`)))
      const other = answers.find(({ status }) => status !== 201)
      if (other !== undefined) throw new Error(`expected 201, got ${other.status} ${other.body}`)
      for (const _isolate of urls) {
        const { body } = await exchange({ method: 'GET', path: '/Users', headers })
        const { totalResults } = JSON.parse(body) as { totalResults: number }
        if (totalResults !== requests)
          throw new Error(`expected ${requests} users in both isolates, got ${totalResults}`)
      }
    },
  }
}

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
