/** A server with strong tags keeps the same contract, but for what is said of weak ones (ADR 25). */
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
  'strong tags are what this server has': ['etag-is-weak'],
  'each projection has a tag of its own': ['etag-under-projection', 'attributes-meta', 'filter-version'],
  'what is computed, and the order of members, are bytes too': [
    'member-change-leaves-user',
    'member-rename-leaves-group',
    'put-unchanged-group',
  ],
  'a tag without a representation names the version alone': [
    ...writes.flatMap((write) => refusals.map((refusal) => `${write}-${refusal}-412`)),
    ...writes.slice(0, 2).map((write) => `prefer-minimal-${write}`),
    'prefer-minimal-post',
    'lost-update-412',
    'patch-large-group-204',
    'bulk-methods',
    'bulk-version',
    'bulk-circle-groups',
  ],
  'without its quotes a strong tag is no version': ['bulk-version-junk'],
}

const waivers: readonly Waiver[] = Object.entries(because).flatMap(([reason, ids]) => ids.map((id) => ({ id, reason })))

bind({ test }, wireContract({ exchange }), waivers)
