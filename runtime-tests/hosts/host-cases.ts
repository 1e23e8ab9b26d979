import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { ScimOptions } from '@scimkit/core'
import type { ContractCase, ExchangeResponse } from '@scimkit/testkit'
import { acmeToken, optionsOf } from '../setups.js'
import type { Listener } from './frameworks.js'
import { exchanged, listening, type Scheme } from './opened.js'

const urn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const authorization = `Bearer ${acmeToken}`
const headers = { Authorization: authorization, 'Content-Type': 'application/scim+json' }
const user = (userName: string): string => JSON.stringify({ schemas: [urn], userName })

/** Cases that depend on a runtime's implementation of node:http: the scheme of URLs, early responses, repeated headers, disconnects. */
export function hostCases(make: (options: ScimOptions) => Listener, scheme: Scheme): readonly ContractCase[] {
  const port = listening(make(optionsOf('exchange')), scheme)
  const send = async (method: string, path: string, body?: string, more: object = {}): Promise<ExchangeResponse> =>
    exchanged(scheme, await port, {
      method,
      path,
      headers: { ...headers, ...more },
      ...(body !== undefined && { body }),
    })
  const total = async (name: string): Promise<number> =>
    JSON.parse((await send('GET', `/Users?filter=userName%20eq%20%22${name}%22`)).body).totalResults
  const must = (id: string, title: string, run: () => Promise<void>): ContractCase => ({
    id,
    title,
    level: 'MUST',
    citation: 'ScimKit',
    run,
  })
  return [
    must('host-scheme', `locations start with ${scheme}://`, async () => {
      const made = await send('POST', '/Users', user('scheme'))
      const start = `${scheme}://127.0.0.1:${await port}/scim/v2/Users/`
      const { meta } = JSON.parse(made.body)
      same(
        [made.status, String(made.headers.location).startsWith(start), meta.location.startsWith(start)],
        [201, true, true],
      )
      same((await send('HEAD', `/Users/${JSON.parse(made.body).id}`)).status, 200)
      const unchanged = await send('GET', `/Users/${JSON.parse(made.body).id}`, undefined, {
        'If-None-Match': meta.version,
      })
      same([unchanged.status, unchanged.body], [304, ''])
    }),
    must('host-early', 'a request that is rejected before its body is read gets a response', async () => {
      same((await send('POST', '/Users', user('a'), { Authorization: 'Bearer no' })).status, 401)
      same((await send('POST', '/Users', user('a'), { 'Content-Type': 'text/plain' })).status, 415)
      same((await send('POST', '/Users', ' '.repeat(3_000_000))).status, 413)
    }),
    must(
      'host-repeated',
      'of two Authorization headers none is ignored, of two If-None-Match headers none',
      async () => {
        const made = await send('POST', '/Users', user('repeated'))
        const { id, meta } = JSON.parse(made.body)
        const lines = [`GET /scim/v2/Users/${id} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: ${authorization}`]
        const tags = ['If-None-Match: W/"0-a"', `If-None-Match: ${meta.version}`]
        const answer = async (...more: readonly string[]): Promise<string> =>
          (await raw(await port, `${[...lines, ...more].join('\r\n')}\r\n\r\n`)).split('\r\n', 1)[0] ?? ''
        same((await answer(...tags)).slice(9, 12), '304')
        same((await answer('Authorization: Bearer another')).slice(9, 12), '401')
      },
    ),
    must('host-gone', 'a client that disconnects in the middle of its body writes nothing', async () => {
      const lines = ['POST /scim/v2/Users HTTP/1.1', 'Host: 127.0.0.1', `Authorization: ${authorization}`]
      const about = ['Content-Type: application/scim+json', 'Content-Length: 1000']
      await raw(await port, `${[...lines, ...about].join('\r\n')}\r\n\r\n${user('half')}`)
      const chunk = `${user('half').length.toString(16)}\r\n${user('half')}\r\n`
      await raw(await port, `${[...lines, about[0], 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n${chunk}`)
      same(await total('half'), 0)
    }),
  ]

  function raw(to: number, text: string): Promise<string> {
    return new Promise((resolve) => {
      const place = { port: to, host: '127.0.0.1', rejectUnauthorized: false }
      const socket = scheme === 'http' ? connect(place) : connectSecurely(place)
      let received = ''
      socket.on('data', (part) => {
        received += String(part)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(received))
      socket.once(scheme === 'http' ? 'connect' : 'secureConnect', () => {
        socket.write(text)
        setTimeout(() => socket.destroy(), 300)
      })
    })
  }
}

function same(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`expected ${right}, got ${left}`)
}
