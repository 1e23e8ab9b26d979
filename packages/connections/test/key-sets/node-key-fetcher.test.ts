/** Which addresses the reader of key sets connects to on Node (AUTH-15). */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type NodeKeyFetcherOptions, nodeKeyFetcher } from '../../src/key-sets/node-key-fetcher.js'
import { isPublicAddress } from '../../src/key-sets/public-address.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2002:7f00:1::1',
    '2001:db8::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

  test.each(['8.8.8.8', '20.190.128.1', '172.32.0.1', '100.128.0.1', '2603:1027:1:28::1', '2a00:1450:4001::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
})

describe('the reader of key sets', () => {
  const resolvesTo =
    (...addresses: readonly string[]): NonNullable<NodeKeyFetcherOptions['lookup']> =>
    (_host, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )

  test.each([
    'https://127.0.0.1/keys',
    'https://[::1]/keys',
    'https://[::ffff:127.0.0.1]/keys',
    'https://0x7f.1/keys',
    'https://2130706433/keys',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
  ])('%s is refused before a connection', async (url) => {
    await expect(nodeKeyFetcher()(url)).rejects.toThrow('private, local or reserved address')
  })

  test.each([['127.0.0.1'], ['::1'], ['10.0.0.1'], ['169.254.169.254'], ['::ffff:10.0.0.1']])(
    'a name that resolves to %s is refused, alone and beside a public address',
    async (address) => {
      for (const addresses of [[address], ['8.8.8.8', address], []]) {
        const read = nodeKeyFetcher({ lookup: resolvesTo(...addresses) })
        await expect(read('https://keys.example/')).rejects.toThrow('private, local or reserved address')
      }
    },
  )

  test('the name is resolved once, in the connection itself', async () => {
    let calls = 0
    const lookup: NonNullable<NodeKeyFetcherOptions['lookup']> = (_host, _options, done) => {
      calls += 1
      done(null, [{ address: calls === 1 ? '10.0.0.1' : '8.8.8.8', family: 4 }])
    }
    await expect(nodeKeyFetcher({ lookup })('https://keys.example/')).rejects.toThrow('private')
    expect(calls).toBe(1)
  })

  test.each(['http://example.com/keys', 'ftp://example.com/', 'https://user@example.com/', 'file:///etc/passwd', 'x'])(
    '%s is refused',
    async (url) => {
      await expect(nodeKeyFetcher()(url)).rejects.toThrow()
      await expect(nodeKeyFetcher({ allowHttpLoopback: true })(url)).rejects.toThrow()
    },
  )

  test('http is for addresses of this machine only, and only if permitted', async () => {
    const origin = await served((_req, res) => res.end('{"keys":[]}'))
    await expect(nodeKeyFetcher()(origin)).rejects.toThrow('https')
    await expect(nodeKeyFetcher({ allowPrivate: true })(origin)).rejects.toThrow('https')
    const read = nodeKeyFetcher({ allowHttpLoopback: true })
    expect(await read(origin)).toEqual({ keys: [] })
    await expect(read('http://10.0.0.1/')).rejects.toThrow('private')
  })

  test('a redirect, another status, a long body and a slow one are refused', async () => {
    const origin = await served((req, res) => {
      if (req.url === '/redirect') return void res.writeHead(302, { location: '/keys' }).end('{}')
      if (req.url === '/error') return void res.writeHead(500).end('{}')
      if (req.url === '/long') return void res.end(`"${'x'.repeat(2_000)}"`)
      if (req.url === '/text') return void res.end('<html>')
      if (req.url === '/slow') return void res.write('{')
      if (req.url === '/silent') return
      res.end('{}')
    })
    const read = nodeKeyFetcher({ allowHttpLoopback: true, bytes: 1_000, milliseconds: 300 })
    expect(await read(`${origin}/keys`)).toEqual({})
    for (const path of ['/redirect', '/error', '/long', '/text', '/slow', '/silent']) {
      await expect(read(origin + path)).rejects.toThrow()
    }
  })
})
