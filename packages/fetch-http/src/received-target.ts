/** A request target as the client sent it, and as the host of web requests passes it. */
export interface ReceivedTarget {
  /** Path and query as received, if the platform provides them. */
  readonly received: string
  /** Path and query of the request now: different from `received` if code before the adapter has rewritten them. */
  readonly left: string
}

/**
 * The target of a web request. Its URL has been parsed, which removes dot segments. Hosts such as `@hono/node-server`
 * pass Node's request as `env.incoming`, which has the target as the client sent it.
 */
export function receivedTarget({ url }: Request, env: unknown): ReceivedTarget {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const left = slash === -1 ? '/' : url.slice(slash)
  const sent = sentTarget(env)
  if (sent === undefined || sent === left) return { received: left, left }
  return parsedTarget(sent) === left ? { received: sent, left: sent } : { received: sent, left }
}

function sentTarget(env: unknown): string | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null || !('rawHeaders' in incoming) || !('url' in incoming)) {
    return undefined
  }
  return typeof incoming.url === 'string' ? incoming.url : undefined
}

// The target after a host has parsed it as a URL.
function parsedTarget(sent: string): string | undefined {
  const whole = sent.startsWith('/') ? `http://host${sent}` : sent
  if (!URL.canParse(whole)) return undefined
  const { pathname, search } = new URL(whole)
  return pathname + search
}
