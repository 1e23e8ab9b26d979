import { expect, test } from '@jest/globals'
import { type Authorizer, allow, refuse, type ScimOptions, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import type { Exchange } from '@scimkit/testkit'
import { expectRefusal, refusedSubject } from '../../src/wire-contract/access/authorization.js'
import { refusedRequests } from '../../src/wire-contract/access/refused-requests.js'
import { clientOf } from '../../src/wire-contract/client.js'

/** A provider that records the name of each call to another one. */
function noting(provider: ResourceProvider, calls: string[]): ResourceProvider {
  return new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: readonly unknown[]): unknown => {
        calls.push(String(name))
        return Reflect.apply(value, target, args)
      }
    },
  })
}

/**
 * Every path to an operation that the host refuses, with a store that records its calls: there must be none. The 403 alone,
 * which the wire contract checks, would not prove that.
 */
export function bindRefusedUnread(provider: ResourceProvider, serve: (options: ScimOptions) => Exchange): void {
  const calls: string[] = []
  // The refused operation and the subject of the running test; tests of one file run sequentially.
  const now: { refused: string; caller: string } = { refused: '', caller: '' }
  const authorize: Authorizer = ({ kind, type }) =>
    now.refused === kind || now.refused === `${kind}.${type}` ? refuse(`The host refuses ${now.refused}.`) : allow
  const client = clientOf(
    serve({
      provider: noting(provider, calls),
      authenticate: () => ({ tenant: tenantId('unread') }),
      authorize,
      me: () => ({ type: 'User', id: now.caller }),
    }),
  )
  for (const request of refusedRequests) {
    test(`refused without a call of the store: ${request.title} (${request.id})`, async () => {
      now.refused = ''
      const subject = await refusedSubject(client)
      now.refused = request.refuses
      now.caller = subject.user.id
      calls.length = 0
      expectRefusal(await request.send(client, subject, {}), request)
      expect(calls).toEqual([])
      // Without the refusal the same request reaches the store, which proves that calls are recorded.
      now.refused = ''
      await request.send(client, subject, {})
      if (request.refuses !== 'discover') expect(calls).not.toEqual([])
      await client.cleanUp()
    })
  }
}
