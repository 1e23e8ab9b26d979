/** Unusual connections: HTTP/1.0, and clients that disconnect in the middle of a body. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { sendRaw } from '../../../testkit/test/support/raw-socket.js'
import { type Served, serve } from '../support/command.js'

const token = 'a-token-of-more-than-32-characters'

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))

/** Sends half of a body and closes the connection, in each possible way. */
async function giveUp({ port }: Served, path: string): Promise<void> {
  const lines = [`POST ${path} HTTP/1.1`, 'Host: a.example', `Authorization: Bearer ${token}`]
  const about = ['Content-Type: application/scim+json', 'Content-Length: 1000']
  for (const end of ['end', 'resetAndDestroy', 'destroy'] as const) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
    socket.write(`${[...lines, ...about].join('\r\n')}\r\n\r\n{"half":`)
    await sleep(50)
    socket[end]()
    await sleep(50)
  }
}

describe.each(['express', 'koa', 'hono'])('on %s', (adapter) => {
  const args = ['--adapter', adapter, '--token', token]

  test('HTTP/1.0 without a host is answered, and locations have the address of the connection', async () => {
    const { port } = await serve([...args, '--log', 'silent'])
    const body = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}'
    const headers = [
      `Authorization: Bearer ${token}`,
      'Content-Type: application/scim+json',
      `Content-Length: ${body.length}`,
    ]
    const ask = (line: string, text = ''): Promise<string> =>
      sendRaw(Number(port), `${[line, ...headers].join('\r\n')}\r\n\r\n${text}`)
    const created = await ask('POST /scim/v2/Users HTTP/1.0', body)
    const location = `http://127.0.0.1:${port}/scim/v2/Users/`
    expect(created).toMatch(/^HTTP\/1\.[01] 201 /)
    expect(bodyOf(created)).toMatchObject({ meta: { location: expect.stringContaining(location) } })
    expect(await ask('POST /scim/v2/Users HTTP/1.1', body)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('clients that disconnect in the middle of a body print nothing on the console', async () => {
    for (const log of ['silent', 'json']) {
      const served = await serve([...args, '--log', log])
      await giveUp(served, '/scim/v2/Users')
      await giveUp(served, '/elsewhere')
      served.child.kill('SIGTERM')
      await served.exited
      const lines = served.output.stderr.split('\n').filter((line) => line !== '')
      for (const line of lines) expect(JSON.parse(line)).toMatchObject({ kind: 'request', method: 'POST', status: 400 })
      expect(lines).toHaveLength(log === 'json' ? 3 : 0)
    }
  })
})
