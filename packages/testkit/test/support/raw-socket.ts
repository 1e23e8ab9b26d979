import { connect } from 'node:net'

/**
 * Sends bytes unchanged and returns the received bytes after the server closes the connection, or `quiet` ms after a
 * response without further data, or after 20 seconds. For requests that HTTP clients do not send.
 */
export function sendRaw(port: number, text: string | Buffer, { hangUp = false, quiet = 200 } = {}): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text)
      // The client disconnects after half of a body.
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
