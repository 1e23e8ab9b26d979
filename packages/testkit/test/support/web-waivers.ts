import type { Waiver } from '@scimkit/testkit'

/** Hostile requests that a handler of web requests never receives unchanged. */
export const webWaivers: readonly Waiver[] = [
  'GET /Users/..',
  'GET /Users/../Groups',
  'GET /Users/%2e%2e/Groups',
  'GET /Users/%2e',
].map((id) => ({
  id,
  reason: 'a web Request has a complete URL, whose parser resolves dot segments (WHATWG URL §4.4)',
}))
