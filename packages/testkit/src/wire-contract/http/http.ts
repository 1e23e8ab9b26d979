/** Media types, methods, sizes, headers, and the shape of errors. @see RFC 7644 §3.1, §3.8, §3.12; RFC 9110 */
import { type Headers, otherTag, patchUrn, userBody } from '../client.js'
import { expectError, expectPlainError, expectSame, expectStatus, expectThat, isScimJson, metaOf } from '../expect.js'
import { add, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const scim = 'application/scim+json'
const json = 'application/json'

const accepts: readonly (readonly [string, typeof must, string | undefined, string | 406])[] = [
  ['none', must, undefined, scim],
  ['scim', must, scim, scim],
  ['json', must, json, json],
  ['anything', must, '*/*', scim],
  ['any-application', must, 'application/*', scim],
  ['any-case', must, 'Application/SCIM+JSON', scim],
  ['with-parameters', should, `${scim}; charset=utf-8`, scim],
  ['browser', should, 'text/html,application/xhtml+xml,*/*;q=0.8', scim],
  ['json-before-scim', should, `${scim};q=0.5, ${json}`, json],
  ['json-refused', should, `${json};q=0, */*`, scim],
  ['html-406', should, 'text/html', 406],
  ['nothing-406', should, '*/*;q=0', 406],
]

const negotiation: readonly WireCase[] = [
  ...accepts.map(([id, level, accept, expected]) =>
    level(
      `accept-${id}`,
      `Accept: ${accept ?? '(none)'} is answered ${expected}`,
      'RFC 7644 §3.1, §3.8; RFC 9110 §12.5.1',
      async (client) => {
        const { path } = await client.makeUser()
        const answer = await client.get(path, { Accept: accept })
        if (expected === 406) {
          expectError(answer, 406)
          return
        }
        expectStatus(answer, 200)
        expectSame(answer.headers['content-type']?.split(';', 1)[0], expected, 'Content-Type')
      },
    ),
  ),
  must(
    'content-type-everywhere',
    'every response with a body is application/scim+json',
    'RFC 7644 §3.1, §8.1',
    async (client) => {
      const user = await client.makeUser()
      for (const answer of [
        user,
        await client.get(user.path),
        await client.get('/Users?count=1'),
        await client.get('/ServiceProviderConfig'),
        await client.put(user.path, userBody({ userName: user.name, title: 'New' })),
        await client.get('/Users/no-such-user'),
        await client.post('/Users', '{'),
      ]) {
        expectThat(isScimJson(answer.headers['content-type']), `${answer.about}: got ${answer.headers['content-type']}`)
      }
    },
  ),
]

const contentTypes: readonly (readonly [string, typeof must, string, 201 | 415])[] = [
  ['scim', must, scim, 201],
  ['json', must, json, 201],
  ['any-case', must, 'Application/Scim+JSON', 201],
  ['charset', must, `${scim}; charset=utf-8`, 201],
  ['charset-upper', must, `${json};charset=UTF-8`, 201],
  ['charset-quoted', should, `${json}; charset="utf-8"`, 201],
  ['text-415', should, 'text/plain', 415],
  ['form-415', should, 'application/x-www-form-urlencoded', 415],
  ['xml-415', should, 'application/scim+xml', 415],
  ['other-charset-415', should, `${json}; charset=iso-8859-1`, 415],
]

const bodies: readonly WireCase[] = [
  ...contentTypes.map(([id, level, type, status]) =>
    level(
      `content-type-${id}`,
      `a body of ${type} is answered ${status}`,
      'RFC 7644 §3.1, §8.1; RFC 9110 §15.5.16',
      async (client) => {
        const answer = await client.post('/Users', userBody(), { 'Content-Type': type })
        if (status === 201) expectStatus(answer, 201)
        else expectError(answer, 415)
      },
    ),
  ),
  should('content-type-none', 'a body without Content-Type is read as JSON', 'RFC 9110 §8.3', async (client) => {
    expectStatus(await client.post('/Users', userBody(), { 'Content-Type': undefined }), 201)
  }),
  ...(
    [
      ['empty', ''],
      ['cut-off', '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":'],
      ['two-values', '{"userName":"a"}{"userName":"b"}'],
      ['list', '[]'],
      ['text', '"userName"'],
      ['null', 'null'],
      ['comment', '{"userName":"a"/* b */}'],
    ] as const
  ).map(([id, text]) =>
    must(
      `body-${id}-400`,
      'a body that is not a JSON object is 400 invalidSyntax',
      'RFC 7644 §3.12',
      async (client) => {
        expectError(await client.post('/Users', text), 400, 'invalidSyntax')
      },
    ),
  ),
  should(
    'body-duplicate-key-400',
    'a duplicate key in an object is 400 invalidSyntax',
    'RFC 8259 §4; SEC-8',
    async (client) => {
      expectError(await client.post('/Users', '{"userName":"a","userName":"b"}'), 400, 'invalidSyntax')
    },
  ),
  should(
    'body-prototype-400',
    'keys that are special in JavaScript are 400',
    'RFC 7643 §2.1 (names); SEC-8',
    async (client) => {
      expectError(await client.post('/Users', '{"userName":"a","name":{"__proto__":{"x":1}}}'), 400, 'invalidSyntax')
    },
  ),
  should('body-nul-400', 'U+0000 and a lone surrogate are 400 invalidValue', 'RFC 8259 §8.2; SEC-8', async (client) => {
    expectError(await client.post('/Users', '{"userName":"a\\u0000"}'), 400, 'invalidValue')
    expectError(await client.post('/Users', '{"userName":"a\\ud800"}'), 400, 'invalidValue')
  }),
  should('body-not-utf-8-400', 'bytes that are not UTF-8 are 400', 'RFC 8259 §8.1', async (client) => {
    const body = new Uint8Array([...new TextEncoder().encode('{"userName":"a'), 0xff, 0x22, 0x7d])
    expectError(await client.send({ method: 'POST', path: '/Users', headers: { 'Content-Type': scim }, body }), 400)
  }),
  should('body-too-deep-400', 'a body nested too deeply is 400, not a crash', 'RFC 8259 §9; SEC-8', async (client) => {
    expectError(
      await client.post('/Users', `{"userName":"a","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
      400,
      'invalidSyntax',
    )
  }),
  should('body-too-large-413', 'a body above 1 MiB is 413', 'RFC 9110 §15.5.14; SEC-8', async (client) => {
    const text = JSON.stringify(userBody({ title: 'x'.repeat(1_048_576) }))
    expectError(await client.post('/Users', text), 413)
  }),
  should('body-text-too-long-400', 'a text above 64 KiB is 400 invalidValue', 'RFC 8259 §9; SEC-8', async (client) => {
    expectError(await client.post('/Users', userBody({ title: 'x'.repeat(65_537) })), 400, 'invalidValue')
  }),
  should(
    'target-too-long-414',
    'a target above 16 KiB is 414, or refused by the platform',
    'RFC 9110 §15.5.15',
    async (client) => {
      expectStatus(await client.get(`/Users?x=${'y'.repeat(16_384)}`), [414, 431])
    },
  ),
]

const methods: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['collection', '/Users', ['PUT', 'PATCH', 'DELETE', 'OPTIONS'], ['GET', 'POST']],
  ['resource', '/Users/no-such-user', ['POST', 'OPTIONS'], ['GET', 'PUT', 'PATCH', 'DELETE']],
  ['search', '/Users/.search', ['GET', 'PUT', 'PATCH', 'DELETE'], ['POST']],
]

const methodCases: readonly WireCase[] = [
  ...methods.map(([id, path, refused, allowed]) =>
    must(
      `method-${id}-405`,
      `${refused.join(', ')} of ${path} are 405 with Allow`,
      'RFC 9110 §15.5.6, §10.2.1',
      async (client) => {
        for (const method of refused) {
          const answer = expectError(await client.send({ method, path, headers: { Accept: scim } }), 405)
          const allow = (answer.headers.allow ?? '').split(',').map((name) => name.trim())
          for (const name of allowed)
            expectThat(allow.includes(name), `${answer.about}: expected ${name} in Allow, got ${allow.join()}`)
          expectThat(!allow.includes(method), `${answer.about}: Allow names the method that was refused`)
        }
      },
    ),
  ),
  should(
    'method-override-ignored',
    'no header and no parameter overrides the method of a request',
    'RFC 9110 §9.1; SEC-17',
    async (client) => {
      const { path } = await client.makeUser()
      const headers: Headers = {
        'X-HTTP-Method-Override': 'DELETE',
        'X-Method-Override': 'DELETE',
        'X-HTTP-Method': 'DELETE',
      }
      expectStatus(await client.get(`${path}?_method=DELETE`, headers), 200)
      expectError(await client.post(`${path}?_method=DELETE`, {}, headers), 405)
      expectStatus(await client.get(path), 200)
    },
  ),
]

const errors: readonly WireCase[] = [
  must(
    'error-shape',
    'an error has schemas, status as text, and a scimType from the table if any',
    'RFC 7644 §3.12',
    async (client) => {
      const user = await client.makeUser()
      for (const [answer, scimType] of [
        [await client.get('/Users/no-such-user'), undefined],
        [await client.post('/Users', '{'), 'invalidSyntax'],
        [await client.post('/Users', {}), 'invalidValue'],
        [await client.post('/Users', userBody({ userName: user.name })), 'uniqueness'],
        [await client.get('/Users?filter=x'), 'invalidFilter'],
        [await client.patch(user.path, { op: 'remove' }), 'noTarget'],
        [await client.patch(user.path, replace('id', 'x')), 'mutability'],
        [await client.remove(user.path, { 'If-Match': otherTag }), undefined],
      ] as const) {
        expectPlainError(answer.json, answer.about)
        expectSame(answer.json.status, String(answer.status), `${answer.about}: status`)
        expectSame(answer.json.scimType, scimType, `${answer.about}: scimType`)
        expectSame(typeof answer.json.detail, 'string', `${answer.about}: detail`)
      }
    },
  ),
  should('error-echoes-nothing', 'an error does not echo the request', 'RFC 7644 §3.12; SEC-16', async (client) => {
    const text = '<script>alert(1)</script>'
    const user = await client.makeUser()
    for (const answer of [
      await client.get(`/Users/${encodeURIComponent(text)}`),
      await client.get(`/Users?filter=${encodeURIComponent(text)}`),
      await client.get(`/Users?count=${encodeURIComponent(text)}`),
      await client.post('/Users', userBody({ active: text })),
      await client.post('/Users', text),
      await client.patch(user.path, { op: text, path: text, value: text }),
    ]) {
      expectStatus(answer, [400, 404])
      expectThat(!answer.body.includes('<script>'), `${answer.about}: expected no echo, got ${answer.body}`)
    }
  }),
  should(
    'nosniff',
    'browsers may not sniff the content type of a response',
    'RFC 9110 §8.3; SEC-16',
    async (client) => {
      const { path } = await client.makeUser()
      for (const answer of [
        await client.get(path),
        await client.get('/Users/no-such-user'),
        await client.get('/Schemas'),
      ]) {
        expectSame(answer.headers['x-content-type-options'], 'nosniff', `${answer.about}: X-Content-Type-Options`)
      }
    },
  ),
  should(
    'no-framework-headers',
    'no header reveals the software of the server, and no cookie is set',
    'RFC 9110 §10.2.4; SEC-16, SEC-26',
    async (client) => {
      for (const answer of [await client.get('/Users?count=0'), await client.get('/Nothing')]) {
        for (const name of ['x-powered-by', 'server', 'set-cookie']) {
          expectSame(answer.headers[name], undefined, `${answer.about}: ${name}`)
        }
      }
    },
  ),
  should(
    'caches-ask-first',
    'responses may be cached only privately and must be revalidated',
    'RFC 9111 §5.2.2; RFC 9110 §12.5.5',
    async (client) => {
      const { path } = await client.makeUser()
      for (const answer of [await client.get(path), await client.get('/Users?count=0'), await client.get('/Schemas')]) {
        const control = answer.headers['cache-control'] ?? ''
        expectThat(
          control.includes('no-cache') || control.includes('no-store'),
          `${answer.about}: Cache-Control ${control}`,
        )
        expectThat(!control.includes('public'), `${answer.about}: Cache-Control ${control}`)
      }
      const vary = (await client.get(path)).headers.vary ?? ''
      expectThat(vary.toLowerCase().includes('accept'), `Vary: expected Accept, got ${vary}`)
    },
  ),
]

const forwarded: Headers = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'idp.example:8443',
  'X-Forwarded-Prefix': '/outer',
}

/** The same headers, with entries that a client might have sent before. */
function forgedBefore(headers: Headers): Headers {
  return {
    'X-Forwarded-Proto': `http, ${headers['X-Forwarded-Proto']}`,
    'X-Forwarded-Host': `evil.example, ${headers['X-Forwarded-Host']}`,
    'X-Forwarded-Prefix': `/evil, ${headers['X-Forwarded-Prefix']}`,
  }
}

const noHosts = [
  'a"b',
  '..',
  '.',
  'a..b',
  '.a',
  '-a.example',
  '1.2.3',
  '256.1.1.1',
  '01.2.3.4',
  '[::1',
  '[:::]',
  '[1:2]',
  '[::1::]',
]

const proxies: readonly WireCase[] = [
  should(
    'forwarded-not-believed',
    'X-Forwarded-* of untrusted clients are ignored',
    'RFC 7239 §8.1; FP-H10; SEC-15',
    async (client) => {
      const { path, json: before } = await client.makeUser()
      expectSame((await client.get(path, forwarded)).json, before, 'the resource')
    },
  ),
  should('host-in-location', 'locations have the host of the request', 'RFC 7643 §3.1; ADR 12', async (client) => {
    const { path } = await client.makeUser()
    const { location } = metaOf(await client.get(path, { Host: 'scim.other.example:8080' }))
    expectThat(String(location).includes('://scim.other.example:8080/'), `meta.location: got ${location}`)
  }),
  should('host-garbage-400', 'an invalid Host is 400', 'RFC 9110 §7.2; SEC-15', async (client) => {
    expectStatus(await client.get('/Users?count=0', { Host: 'a"b' }), 400)
  }),
  should(
    'host-name-400',
    'a Host that is neither a DNS name nor an IP address is 400, as a SCIM error',
    'RFC 9110 §7.2; RFC 3986 §3.2.2',
    async (client) => {
      for (const host of noHosts) expectError(await client.get('/Users?count=0', { Host: host }), 400)
    },
  ),
  ...on('behindProxy', [
    should(
      'forwarded-believed',
      'X-Forwarded-* of a trusted proxy are used',
      'RFC 7239 §8.1; ADR 12; FP-H10',
      async (client) => {
        const { path } = await client.makeUser()
        const { location } = metaOf(await client.get(path, forwarded))
        expectThat(String(location).startsWith('https://idp.example:8443/outer/'), `meta.location: got ${location}`)
        expectThat(String(location).endsWith(path), `meta.location: got ${location}`)
      },
    ),
    should(
      'forwarded-garbage-400',
      'invalid X-Forwarded-* of a trusted proxy are 400',
      'RFC 9110 §7.2; SEC-15',
      async (client) => {
        const { path } = await client.makeUser()
        expectError(await client.get(path, { 'X-Forwarded-Proto': 'javascript' }), 400)
        for (const host of ['evil.example/path', ...noHosts]) {
          expectError(await client.get(path, { 'X-Forwarded-Host': host }), 400)
        }
        for (const prefix of [
          '//evil.example',
          'outer',
          '/a//b',
          '/a/../b',
          '/a/./b',
          '/%2e%2e',
          '/a%2fb',
          '/%61',
          '/%',
          '/a?b',
        ]) {
          expectError(await client.get(path, { 'X-Forwarded-Prefix': prefix }), 400)
        }
      },
    ),
    should(
      'forwarded-nearest-counts',
      'entries of the client are not mistaken for those of the proxy',
      'RFC 7239 §8.1; SEC-15',
      async (client) => {
        const { path } = await client.makeUser()
        const { location } = metaOf(await client.get(path, forgedBefore(forwarded)))
        expectThat(String(location).startsWith('https://idp.example:8443/outer/'), `meta.location: got ${location}`)
      },
    ),
  ]),
  ...on('behindTwoProxies', [
    should(
      'forwarded-second-counts',
      'with two proxies the second entry from the right is used: the outer proxy wrote it',
      'RFC 7239 §8.1; SEC-15',
      async (client) => {
        const { path } = await client.makeUser()
        const inner = {
          'X-Forwarded-Proto': 'http',
          'X-Forwarded-Host': 'inner.example',
          'X-Forwarded-Prefix': '/inner',
        }
        const both = Object.fromEntries(
          Object.entries(inner).map(([name, value]) => [name, `${forwarded[name]}, ${value}`]),
        )
        for (const headers of [both, forgedBefore(both)]) {
          const { location } = metaOf(await client.get(path, headers))
          expectThat(String(location).startsWith('https://idp.example:8443/outer/'), `meta.location: got ${location}`)
        }
      },
    ),
    should(
      'forwarded-fewer-entries',
      'with fewer entries than proxies, because one replaced the header, the first entry is used',
      'RFC 7239 §8.1; ADR 51; FP-H10',
      async (client) => {
        const { path } = await client.makeUser()
        const { location } = metaOf(await client.get(path, forwarded))
        expectThat(String(location).startsWith('https://idp.example:8443/outer/'), `meta.location: got ${location}`)
      },
    ),
  ]),
  ...on('listsHosts', [
    should('host-listed', 'a listed host is accepted, in any letter case', 'RFC 9110 §4.2.3', async (client) => {
      for (const host of [
        'scim.example',
        'SCIM.Example',
        'scim.example:8443',
        'a.tenants.example',
        'a.b.tenants.example',
      ]) {
        expectStatus(await client.get('/Users?count=0', { Host: host }), 200)
      }
    }),
    should(
      'host-unlisted-421',
      'a host that is not listed is 421, and nothing is carried out',
      'RFC 9110 §15.5.20',
      async (client) => {
        for (const host of [
          'evil.example',
          'scim.example:8080',
          'tenants.example',
          'scim.example.evil.example',
          'xtenants.example',
        ]) {
          expectError(await client.get('/Users?count=0', { Host: host }), 421)
        }
        const { userName } = userBody()
        expectError(await client.post('/Users', userBody({ userName }), { Host: 'evil.example' }), 421)
        expectStatus(await client.post('/Users', userBody({ userName }), { Host: 'scim.example' }), 201)
      },
    ),
    should(
      'host-garbage-not-421',
      'an invalid Host is 400 with a list of hosts too',
      'RFC 9110 §7.2',
      async (client) => {
        expectStatus(await client.get('/Users?count=0', { Host: 'a..b' }), 400)
      },
    ),
  ]),
]

const oddities: readonly WireCase[] = [
  should(
    'patch-message-on-post-400',
    'a PATCH message sent to a collection is 400',
    'RFC 7644 §3.3; FP-H16',
    async (client) => {
      const answer = await client.post('/Users', {
        schemas: [patchUrn],
        Operations: [add('title', 'x')],
      })
      expectError(answer, 400)
    },
  ),
  should('get-body-ignored', 'a body of GET or DELETE is ignored', 'RFC 9110 §9.3.1, §9.3.5', async (client) => {
    const { path } = await client.makeUser()
    expectStatus(await client.send({ method: 'DELETE', path, headers: { 'Content-Type': scim }, body: '{"x":' }), 204)
  }),
]

/** HTTP. */
export const http: readonly WireCase[] = [...negotiation, ...bodies, ...methodCases, ...errors, ...proxies, ...oddities]
