import { expect, test } from '@jest/globals'
import { type Authorizer, allow, type ResourceProvider, refuse, type ScimOptions, tenantId } from '@scimkit/core'
import type { Exchange } from '@scimkit/testkit'
import { expectRefusal, refusedSubject } from '../../src/wire-contract/authorization.js'
import { clientOf } from '../../src/wire-contract/client.js'
import { refusedRequests } from '../../src/wire-contract/refused-requests.js'

/** A provider that notes the name of each call to another one. */
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
 * Every way to ask for what the host refuses, with a store that notes what it is asked: nothing. The 403 alone, which the
 * wire contract sees, would not show that.
 */
export function bindRefusedUnread(provider: ResourceProvider, serve: (options: ScimOptions) => Exchange): void {
  const calls: string[] = []
  // What the host of the test that is running refuses, and who calls; tests of one file run one after the other.
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
    test(`refused, and the store is not asked: ${request.title} (${request.id})`, async () => {
      now.refused = ''
      const subject = await refusedSubject(client)
      now.refused = request.refuses
      now.caller = subject.user.id
      calls.length = 0
      expectRefusal(await request.send(client, subject, {}), request)
      expect(calls).toEqual([])
      // With the refusal gone the same request reaches the store, so that the silence above means something.
      now.refused = ''
      await request.send(client, subject, {})
      if (request.refuses !== 'discover') expect(calls).not.toEqual([])
      await client.cleanUp()
    })
  }
}
