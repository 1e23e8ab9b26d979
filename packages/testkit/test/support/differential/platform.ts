import type { WireRequest } from './requests.js'
import type { WireAnswer } from './send.js'

/** A class of requests that a platform changes or refuses before the adapter. */
export interface PlatformClass {
  readonly name: string
  readonly reason: string
  readonly applies: (request: WireRequest) => boolean
  /** True for an acceptable response there. */
  readonly accepts: (answer: WireAnswer) => boolean
}

const headerOf = ({ headers }: WireRequest, name: string): string =>
  headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? ''

const segments = ({ target }: WireRequest): readonly string[] =>
  (target.split('?', 1)[0] ?? '').toLowerCase().replaceAll('%2e', '.').split('/')

/** The behaviour of Hono on Node: node-server converts everything to a web Request, which has a complete URL. */
export const honoClasses: readonly PlatformClass[] = [
  {
    name: 'dot segments',
    reason:
      'the URL parser resolves them, encoded ones too (WHATWG URL §4.4), so the router may find nothing; the adapter sees the target as sent',
    applies: (request) => segments(request).some((segment) => segment === '.' || segment === '..'),
    accepts: ({ status }) => status >= 400 && status < 500,
  },
  {
    name: 'an invalid Host',
    reason: 'it does not form a valid URL with a target without a host: node-server refuses it with its own text',
    applies: (request) =>
      request.target.startsWith('/') &&
      ['', 'a b', 'a@b', 'a/b', '<x>', 'scim.example:', 'scim.example:99999'].includes(headerOf(request, 'host')),
    accepts: ({ status, headers }) => status === 400 && headers['content-type'] === 'application/scim+json',
  },
]
