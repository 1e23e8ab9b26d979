/**
 * Accepted failures: `{driver, id, reason}`. An allowance whose check passes, or is no longer run although its driver ran,
 * is stale and counts as a failure.
 */
const display =
  'The suite expects a member as it was sent. RFC 7643 §4.2 gives members a display that the server may fill in from the ' +
  'member, and ours does: the answer has one more sub-attribute than the request.'

const sessions = 'The endpoint has no sessions, so the suite cannot open two streams in one and warns.'
const testTools =
  'It needs a test tool of the suite, such as test_missing_capability, to see a requirement about a feature that the ' +
  'endpoint does not have: it sends no requests to clients, no log messages and no notifications.'
const stateless = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
]
const twoStreams = '2025-11-25 server-sse-multiple-streams server-sse-multiple-streams-session'

export const allowances = [
  { driver: 'scim2-tester', id: 'Group check_add_attribute members', reason: display },
  { driver: 'scim2-tester', id: 'Group check_replace_attribute members', reason: display },
  { driver: 'mcp-conformance', id: twoStreams, reason: sessions },
  { driver: 'mcp-conformance-2', id: twoStreams, reason: sessions },
  ...stateless.map((id) => ({
    driver: 'mcp-conformance-2',
    id: `2026-07-28 server-stateless ${id}`,
    reason: testTools,
  })),
  {
    driver: 'mcp-conformance-2',
    id: '2026-07-28 caching sep-2549-prompts-list-caching-hints',
    reason: 'There are no prompts, so a list of them is an unknown method and has no hints for caches.',
  },
]
