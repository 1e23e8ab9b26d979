/** A proxy for PostgreSQL that breaks connections when a test requests it. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * The fault for a client message that contains a text: `swallow` closes the connection instead of forwarding the message, `cut`
 * forwards it and closes the connection after the answer of the server, `mute` forwards it and drops all later answers.
 */
export type Fault = 'swallow' | 'cut' | 'mute'

/** A proxy in front of a server. */
export interface PostgresProxy {
  /** The connection string of the proxy. */
  readonly url: string
  /** Applies the fault to the next `times` messages with this text. */
  fail(text: string, fault: Fault, times?: number): void
  /** Closes all connections and rejects new ones. */
  leave(): Promise<void>
  /** Accepts clients again, on the same port. */
  comeBack(): Promise<void>
  /** Clients that are connected. */
  connections(): number
}

/** Listens on its own port; `leave` ends it. */
export async function postgresProxy(target: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let trap: { readonly text: string; readonly fault: Fault; left: number } | undefined

  const pass = (client: Socket): void => {
    const upstream = connect(Number(port || 5432), hostname)
    let fault: Fault | undefined
    open.add(client)
    client.on('data', (chunk) => {
      if (trap !== undefined && trap.left > 0 && chunk.includes(trap.text)) {
        trap.left -= 1
        fault = trap.fault
        if (fault === 'swallow') {
          client.destroy()
          return
        }
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (fault === undefined) client.write(chunk)
      else if (fault === 'cut') client.destroy()
    })
    client.on('close', () => {
      open.delete(client)
      upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
    for (const socket of [client, upstream]) socket.on('error', () => {})
  }

  const listen = (wanted: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const listening = createServer(pass).once('error', reject)
      listening.listen(wanted, '127.0.0.1', () => resolve(listening))
    })
  let server = await listen(0)
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)

  return {
    url: url.href,
    fail(text, fault, times = 1) {
      trap = { text, fault, left: times }
    },
    async leave() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
    async comeBack() {
      server = await listen(Number(url.port))
    },
    connections: () => open.size,
  }
}
