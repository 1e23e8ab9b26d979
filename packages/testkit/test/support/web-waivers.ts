import type { Waiver } from '@scimkit/testkit'

/** Hostile requests that never reach a handler of web requests as they were sent. */
export const webWaivers: readonly Waiver[] = [
  'GET /Users/..',
  'GET /Users/../Groups',
  'GET /Users/%2e%2e/Groups',
  'GET /Users/%2e',
].map((id) => ({ id, reason: 'a web Request has a whole URL, whose parser resolves dot segments (WHATWG URL §4.4)' }))
