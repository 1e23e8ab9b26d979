import { connect } from 'node:net'

/**
 * Sends bytes as they are and brings what comes back until the server hangs up, an answer has come and nothing more
 * follows for `quiet` ms, or 20 seconds have passed. For what no HTTP client lets out.
 */
export function sendRaw(port: number, text: string | Buffer, { hangUp = false, quiet = 200 } = {}): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text)
      // Half of a body, and then nobody is there any more.
      if (hangUp) setTimeout(() => socket.destroy(), 50)
    })
    const giveUp = setTimeout(() => socket.destroy(), 20_000)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      socket.setTimeout(quiet, () => socket.destroy())
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(giveUp)
      resolve(received)
    })
  })
}
