/** Which URLs the reader of key sets asks for with `fetch` (AUTH-15). */
import { describe, expect, test } from '@jest/globals'
import { webKeyFetcher } from '../../src/key-sets/web-key-fetcher.js'

function reader(allow: readonly string[], response: () => Response = () => new Response('{}')) {
  const asked: string[] = []
  const read = webKeyFetcher({
    allow,
    bytes: 100,
    fetch: async (url, { redirect }) => {
      asked.push(`${redirect} ${url}`)
      return response()
    },
  })
  return { asked, read }
}

describe('the list of permitted URLs', () => {
  test('an exact URL permits that URL, an origin all of its URLs', async () => {
    const { asked, read } = reader(['https://a.example/keys', 'https://b.example', 'https://c.example/'])
    for (const url of ['https://a.example/keys', 'https://b.example/x?y=1', 'https://c.example/z']) {
      expect(await read(url)).toEqual({})
    }
    expect(asked).toEqual([
      'manual https://a.example/keys',
      'manual https://b.example/x?y=1',
      'manual https://c.example/z',
    ])
  })

  test.each([
    'https://a.example/keys/more',
    'https://a.example/keys?x=1',
    'https://a.example/',
    'https://a.example:8443/keys',
    'http://a.example/keys',
    'https://b.example.evil.example/',
    'https://b.example@evil.example/',
    'https://user@b.example/',
    'http://b.example/',
    'x',
    '',
  ])('%s is refused without a request', async (url) => {
    const { asked, read } = reader(['https://a.example/keys', 'https://b.example'])
    await expect(read(url)).rejects.toThrow('not on the list')
    expect(asked).toEqual([])
  })

  test.each(['http://a.example', 'a.example', 'https://user@a.example', ''])('%s is no entry', (entry) => {
    expect(() => webKeyFetcher({ allow: [entry] })).toThrow(TypeError)
  })

  test('a redirect, another status, a long body and no JSON are refused', async () => {
    const responses = [
      () => new Response(null, { status: 302, headers: { location: 'https://b.example/' } }),
      () => new Response('{}', { status: 404 }),
      () => new Response(`"${'x'.repeat(100)}"`),
      () => new Response('<html>'),
      () => new Response(Uint8Array.of(0x22, 0xff, 0x22)),
    ]
    for (const response of responses) {
      await expect(reader(['https://b.example'], response).read('https://b.example/keys')).rejects.toThrow()
    }
  })
})
