/** Clients that hang up in the middle of a bulk request to an object. */
import { request } from 'node:http'
import type { ContractCase, Exchange } from '@scimkit/testkit'
import { acmeToken } from '../setups.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const headers = { Authorization: `Bearer ${acmeToken}`, 'Content-Type': 'application/scim+json' }
const creates = 300
// Milliseconds after which the client hangs up.
const moments = [2, 5, 10, 20]
const patience = 10_000

/** The object completes a request that it has begun, and answers other requests in the meantime. */
export function clientGoneCase(url: URL, exchange: Exchange): ContractCase {
  return {
    id: 'do-client-gone',
    title: `a bulk request of ${creates} creates whose client hangs up is completed, or not begun`,
    level: 'MUST',
    citation: 'ScimKit',
    run: async () => {
      const made: number[] = []
      for (const after of moments) {
        await sendAndHangUp(new URL('/exchange/scim/v2/Bulk', url), bulkOf(after), after)
        made.push(await settledCount(exchange, after))
      }
      const partial = made.find((count) => count !== creates && count !== 0)
      if (partial !== undefined) throw new Error(`expected ${creates} users or none, found ${made.join(', ')}`)
      if (!made.includes(creates)) throw new Error('no bulk request was begun before its client hung up')
    },
  }
}

function bulkOf(after: number): string {
  const Operations = Array.from({ length: creates }, (_, i) => {
    return {
      method: 'POST',
      path: '/Users',
      bulkId: `b${i}`,
      data: { schemas: [user], userName: `gone-${after}-${i}` },
    }
  })
  return JSON.stringify({ schemas: [bulkRequest], Operations })
}

function sendAndHangUp(url: URL, body: string, after: number): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, agent: false })
    sent.on('error', () => {})
    sent.end(body, () => {
      setTimeout(() => {
        sent.socket?.resetAndDestroy()
        resolve()
      }, after)
    })
  })
}

/** The number of users after it has stayed the same for a while. */
async function settledCount(exchange: Exchange, after: number): Promise<number> {
  const path = `/Users?count=0&filter=${encodeURIComponent(`userName sw "gone-${after}-"`)}`
  const deadline = Date.now() + patience
  let before = -1
  for (;;) {
    const { body } = await exchange({ method: 'GET', path, headers })
    const { totalResults } = JSON.parse(body) as { totalResults: number }
    if (totalResults === creates || (totalResults === before && Date.now() > deadline - patience / 2))
      return totalResults
    if (Date.now() > deadline) throw new Error(`the number of users still changes after ${patience} ms`)
    before = totalResults
    await new Promise((resume) => setTimeout(resume, 200))
  }
}
