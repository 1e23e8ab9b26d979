/** An address that can be moved from one server to another, like a virtual IP or a DNS name at a switchover. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The address; connections from before a move are not changed. */
export interface MovableAddress {
  readonly url: string
  moveTo(port: number): void
  close(): Promise<void>
}

/** Listens on loopback. */
export async function movableAddress(first: number): Promise<MovableAddress> {
  const open = new Set<Socket>()
  let target = first
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    moveTo(port) {
      target = port
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
