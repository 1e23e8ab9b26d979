/** A server with strong tags passes the same contract, except the cases about weak tags (ADR 25). */
import { test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, viaHandler, type Waiver, wireContract } from '@scimkit/testkit'

const exchange = viaHandler(
  createScim({ provider: memoryProvider(), authenticate: noAuthentication(), etag: 'strict' }).handle,
)

const writes = ['put', 'patch', 'delete']
const refusals = [
  'if-match-stale',
  'if-match-stale-list',
  'if-match-foreign',
  'if-none-match',
  'if-none-match-star',
  'if-match-and-if-none-match',
]

const because: Readonly<Record<string, readonly string[]>> = {
  'this server has strong tags': ['etag-is-weak'],
  'each projection has a different tag': ['etag-under-projection', 'attributes-meta', 'filter-version'],
  'derived attributes and the order of members change the bytes': [
    'member-change-leaves-user',
    'member-rename-leaves-group',
    'put-unchanged-group',
  ],
  'a tag without a representation identifies only the version': [
    ...writes.flatMap((write) => refusals.map((refusal) => `${write}-${refusal}-412`)),
    ...writes.slice(0, 2).map((write) => `prefer-minimal-${write}`),
    'prefer-minimal-post',
    'lost-update-412',
    'patch-large-group-204',
    'bulk-methods',
    'bulk-version',
    'bulk-circle-groups',
  ],
  'a strong tag without quotes is not a version': ['bulk-version-junk'],
}

const waivers: readonly Waiver[] = Object.entries(because).flatMap(([reason, ids]) => ids.map((id) => ({ id, reason })))

bind({ test }, wireContract({ exchange }), waivers)
