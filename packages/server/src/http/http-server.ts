import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { StartupError } from '../startup-error.js'
import { connectionClose } from './connection-close.js'

// The core has its own limits for targets (16 KiB) and tags; with Node's default, Node would answer 431 before the core runs.
const maxHeaderSize = 65_536
// Longer than the idle timeout of common proxies: the proxy closes idle connections, and the server never closes one on
// which the proxy is just sending a request.
const keepAliveTimeout = 65_000

/** A server that listens. */
export interface Listening {
  readonly server: Server
  /** Accepts no new connections, lets requests in progress finish for at most `patience` ms, then closes the remaining connections. */
  drain(patience: number): Promise<void>
}

/** Listens; port 0 means a free port. Throws a StartupError with the reason if the address cannot be used. */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer({ maxHeaderSize, keepAliveTimeout }, listener)
  // Node drops header fields above its limit (1,000 by default) without a report. Here the total size limits them.
  server.maxHeadersCount = 0
  const sendConnectionClose = connectionClose(server)
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = listenProblem(error, host, port)
    throw reason === undefined ? error : new StartupError(reason, error)
  }
  return {
    server,
    drain(patience) {
      sendConnectionClose()
      return drain(server, patience)
    },
  }
}

function listenProblem(error: unknown, host: string, port: number): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `port ${port} on ${host}`
  if (code === 'EADDRINUSE')
    return `Cannot listen: ${place} is already in use. Choose another port with --port; 0 selects a free port.`
  if (code === 'EACCES')
    return `Cannot listen: ${place} is not permitted for this user. Choose a port above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `Cannot listen: this machine has no address ${host}.`
  return undefined
}

async function drain(server: Server, patience: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that was busy at close() becomes idle later, and only this sweep closes it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 20)
  const giveUp = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearInterval(sweep)
  clearTimeout(giveUp)
}
