import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announcerOfEnd } from './announce-end.js'
import { CannotStart } from './cannot-start.js'

// The core has limits of its own for targets (16 KiB) and tags; Node's default would answer 431 before it is asked.
const maxHeaderSize = 65_536
// Longer than the idle time of the usual proxies, so that it is they who close, and never on a request under way.
const keepAliveTimeout = 65_000

/** A server that listens. */
export interface Listening {
  readonly server: Server
  /** Takes no new connections, lets requests under way finish for at most `patience` ms, then ends what is left. */
  drain(patience: number): Promise<void>
}

/** Listens; port 0 means any that is free. Throws a CannotStart that says why the address cannot be had. */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer({ maxHeaderSize, keepAliveTimeout }, listener)
  // Node drops header fields beyond its limit (1,000 by default) and reports nothing. The size of all bounds them here.
  server.maxHeadersCount = 0
  const announceEnd = announcerOfEnd(server)
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = listenProblem(error, host, port)
    throw reason === undefined ? error : new CannotStart(reason, error)
  }
  return {
    server,
    drain(patience) {
      announceEnd()
      return drain(server, patience)
    },
  }
}

function listenProblem(error: unknown, host: string, port: number): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `port ${port} on ${host}`
  if (code === 'EADDRINUSE')
    return `Cannot listen: ${place} is in use. Choose another with --port; 0 takes any that is free.`
  if (code === 'EACCES')
    return `Cannot listen: ${place} is not allowed to this user. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `Cannot listen: this machine has no address ${host}.`
  return undefined
}

/** Where a listening server can be reached from this machine, without slash at the end. */
export function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function drain(server: Server, patience: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that was busy when close() came is idle later on, and nobody else would close it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 20)
  const giveUp = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearInterval(sweep)
  clearTimeout(giveUp)
}
