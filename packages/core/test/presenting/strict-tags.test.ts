/** ADR 25: strong tags. RFC 9110 §8.8.1: a tag changes whenever a byte of the representation does. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareGenerations } from '../../src/entry-points/provider.js'
import { ifVersion, rawVersion } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { evaluatePrecondition, evaluatePreconditionFor, parsePrecondition } from '../../src/versioning/precondition.js'
import { parseStrongHttpVersion, strongHttpVersion } from '../../src/versioning/version.js'
import { effort } from '../filter/support/effort.js'
import { base, enterprise, group, made, serve, user } from '../support/server.js'

const digest = '0123456789abcdef01234567'
const strict = (match?: string, noneMatch?: string) => parsePrecondition(match, noneMatch, defaultLimits, 'strict')

describe('the text of a tag', () => {
  test.each(['1-a', '1.5', 'x.', '.', `a.${digest}`, '1'])('version %s comes back from it', (text) => {
    const version = rawVersion(text)
    for (const part of [digest, '']) {
      expect(parseStrongHttpVersion(strongHttpVersion(version, part))).toBe(version)
      expect(parseStrongHttpVersion(`W/${strongHttpVersion(version, part)}`)).toBe(version)
    }
  })

  test.each([
    '',
    '"',
    '""',
    '"."',
    '"1-a"',
    '"1-a.x"',
    `"1-a.${digest}0"`,
    `1-a.${digest}`,
    '"1-a.0123456789abcdef0123456é"',
  ])('%s is not a tag of this server', (tag) => {
    expect(parseStrongHttpVersion(tag)).toBeUndefined()
  })
})

describe('comparison (RFC 9110 §8.8.3.2)', () => {
  const version = rawVersion('2-b')
  const tag = strongHttpVersion(version, digest)

  test('If-Match: strong, by version for a write, by representation for a read', () => {
    expect(evaluatePrecondition(strict(tag), version)).toBe('holds')
    expect(evaluatePrecondition(strict(`"x", ${tag}`), version)).toBe('holds')
    expect(evaluatePrecondition(strict('"2-b."'), version)).toBe('holds')
    expect(evaluatePrecondition(strict(`W/${tag}`), version)).toBe('match-failed')
    expect(evaluatePrecondition(strict('W/"2-b"'), version)).toBe('match-failed')
    expect(evaluatePrecondition(strict('"2-b"'), version)).toBe('match-failed')
    expect(evaluatePrecondition(strict('*'), version)).toBe('holds')
    expect(evaluatePreconditionFor(strict(tag), version, tag)).toBe('holds')
    expect(evaluatePreconditionFor(strict('*'), version, tag)).toBe('holds')
    expect(evaluatePreconditionFor(strict('"2-b."'), version, tag)).toBe('match-failed')
    expect(evaluatePreconditionFor(strict(`W/${tag}`), version, tag)).toBe('match-failed')
  })

  test('If-None-Match: weak', () => {
    for (const sent of [tag, `W/${tag}`, '*']) {
      expect(evaluatePreconditionFor(strict(undefined, sent), version, tag)).toBe('none-match-failed')
      expect(evaluatePrecondition(strict(undefined, sent), version)).toBe('none-match-failed')
    }
    expect(evaluatePreconditionFor(strict(undefined, '"2-b."'), version, tag)).toBe('holds')
  })

  test('versions given in code are compared as versions', () => {
    expect(evaluatePreconditionFor(ifVersion(version), version, tag)).toBe('holds')
    expect(evaluatePreconditionFor(ifVersion(rawVersion('1-a')), version, tag)).toBe('match-failed')
  })
})

describe('answers', () => {
  const versionOf = (tag: string) => parseStrongHttpVersion(tag)
  const server = serve({ etag: 'strict' })

  test('equal tags are equal bytes, and other bytes are other tags, for all writes, projections and requests', async () => {
    const names = ['userName', 'title', 'meta', 'meta.version', 'meta.created', 'groups', 'id', `${enterprise}:manager`]
    const step = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), title: fc.constantFrom('', 'A', '"version":""}}', 'meta') }),
      fc.record({ kind: fc.constant('join' as const), name: fc.constantFrom('g', 'h') }),
      fc.record({
        kind: fc.constant('get' as const),
        parameter: fc.constantFrom('attributes', 'excludedAttributes'),
        asked: fc.subarray(names),
        accept: fc.constantFrom('application/scim+json', 'application/json'),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
        const { path, id } = await made(server, user(`u${Math.random()}`))
        const [boss, bodies] = [await made(server, user(`b${Math.random()}`)), new Map<string, string>()]
        const { userName } = (await server.get(path)).json
        for (const one of steps) {
          if (one.kind === 'put') {
            await server.put(
              path,
              user(String(userName), { title: one.title, [enterprise]: { manager: { value: boss.id } } }),
            )
          } else if (one.kind === 'join') {
            await made(server, group(one.name, [id]))
          } else {
            const query = one.asked.length === 0 ? '' : `?${one.parameter}=${one.asked.join(',')}`
            const { headers, text } = await server.get(`${path}${query}`, { accept: one.accept })
            const bytes = `${one.accept} ${text}`
            const tag = String(headers.ETag)
            expect(bodies.get(tag) ?? bytes).toBe(bytes)
            // Without meta.version in them, two versions may be equal bytes; each has a tag of its own.
            const alike = [...bodies].filter(([known, body]) => body === bytes && versionOf(known) === versionOf(tag))
            expect(alike.every(([known]) => known === tag)).toBe(true)
            bodies.set(tag, bytes)
          }
        }
      }),
      effort(15),
    )
  })

  test('meta.version is the ETag in every spliced and every parsed answer', async () => {
    const plain = await made(server, user('plain'))
    const managed = await server.post('/Users', user('managed', { [enterprise]: { manager: { value: plain.id } } }))
    for (const path of [plain.path, `/Users/${managed.json.id}`]) {
      const { json, headers } = await server.get(path)
      expect((json.meta as JsonObject).version).toBe(headers.ETag)
      expect(headers.ETag).toMatch(/^"1-[0-9a-f]{16}-[0-9a-f]{12}\.[0-9a-f]{24}"$/)
    }
  })

  test('events name versions, and the tag of the answer', async () => {
    const own = serve({ etag: 'strict' })
    const { path, tag } = await made(own, user('ada'))
    await own.put(path, user('ada', { title: 'T' }), { 'if-match': tag })
    const [first, second] = own.writes()
    expect(second?.before).toBe(first?.after)
    expect(second?.before).toMatch(/^"1-[0-9a-f]{16}-[0-9a-f]{12}\."$/)
    expect(own.events.filter(({ kind }) => kind === 'request').map((event) => 'tag' in event && event.tag)).toContain(
      tag,
    )
    const versions = [first?.after, second?.after].map((name) => parseStrongHttpVersion(String(name)))
    expect(compareGenerations(versions[0] as never, versions[1] as never)).toBe(-1)
  })

  test('discovery documents depend on the address of the request, and so does their tag', async () => {
    const target = `${base.slice('https://scim.example'.length)}/ResourceTypes/User`
    const [here, there] = [await server.ask({ target }), await server.ask({ target, host: 'other.example' })]
    expect(here.headers.ETag).not.toBe(there.headers.ETag)
  })

  test('a weak tag from before the host changed the option is stale, and the response has the current one', async () => {
    const { path } = await made(server, user('old'))
    const refused = await server.del(path, { 'if-match': 'W/"1-0123456789abcdef01234567"' })
    expect([refused.status, refused.headers.ETag]).toEqual([
      412,
      expect.stringMatching(/^"1-[0-9a-f]{16}-[0-9a-f]{12}\."$/),
    ])
  })
})

test('etag takes weak or strict', () => {
  expect(() => serve({ etag: 'strong' as never })).toThrow(/options.etag/)
})
