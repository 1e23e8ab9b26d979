import { describe, expect, it } from '@jest/globals'
import { defaultLimits, type JsonObject, rawVersion, userType } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { caseKey, documentOnly, type Next, type Query, type ResourceProvider } from '@scimkit/core/provider'
import { compileResourceType } from '@scimkit/core/schema'
import { memoryProvider } from '@scimkit/memory-provider'
import { testContext } from '@scimkit/testkit'

const context = testContext()
const users = compileResourceType(userType)

function nextOf(resource: JsonObject): Next {
  const { userName } = resource
  const unique = typeof userName === 'string' ? [{ attribute: 'userName', key: caseKey(userName) }] : []
  return { resource, version: rawVersion('1-a'), at: '2026-01-01T00:00:00.000Z', unique, members: undefined }
}

async function insert(provider: ResourceProvider, id: string, attributes: JsonObject): Promise<void> {
  await provider.insert({ type: 'User', id }, nextOf({ id, ...attributes }), context)
}

async function idsOf(provider: ResourceProvider, text: string): Promise<readonly string[]> {
  const filter = parseFilter(text, users, interopFrom('lenient'), defaultLimits)
  const query: Query = { filter, sort: undefined, page: { startIndex: 1, count: 100 }, needs: documentOnly }
  return (await provider.query('User', query, context)).resources.map(({ ref }) => ref.id)
}

describe('memoryProvider', () => {
  it('returns deeply frozen documents, and the same as text', async () => {
    const provider = memoryProvider()
    await insert(provider, '1', { userName: 'a', emails: [{ value: 'x' }] })
    const stored = await provider.read({ type: 'User', id: '1' }, documentOnly, context)
    if (stored === undefined || !('resource' in stored) || !('json' in stored)) throw new Error('expected both forms')
    const [email] = stored.resource.emails as readonly JsonObject[]
    expect([stored.resource, stored.resource.emails, email, stored.ref].every(Object.isFrozen)).toBe(true)
    expect(JSON.parse(String(stored.json))).toEqual(stored.resource)
  })

  it('keeps a key named __proto__ as an own property', async () => {
    const provider = memoryProvider()
    await insert(provider, '1', JSON.parse('{"userName":"a","__proto__":{"admin":true}}') as JsonObject)
    expect(await idsOf(provider, 'meta.resourceType eq "User" and userName eq "a"')).toEqual(['1'])
    expect(Object.prototype).not.toHaveProperty('admin')
    const stored = await provider.read({ type: 'User', id: '1' }, documentOnly, context)
    expect(stored && 'resource' in stored && Object.keys(stored.resource)).toContain('__proto__')
  })

  it('throws for an id that the tenant has under any type', async () => {
    const provider = memoryProvider()
    await insert(provider, '1', { userName: 'a' })
    const again = async (): Promise<unknown> =>
      provider.insert({ type: 'Group', id: '1' }, nextOf({ id: '1' }), context)
    await expect(again()).rejects.toThrow('id')
  })

  it('changes nothing if a document cannot be stored', async () => {
    const provider = memoryProvider()
    await insert(provider, '1', { userName: 'a' })
    const circular: Record<string, unknown> = { id: '1', userName: 'b' }
    circular.self = circular
    const replace = async (): Promise<unknown> =>
      provider.replace({ type: 'User', id: '1' }, rawVersion('1-a'), nextOf(circular as JsonObject), context)
    await expect(replace()).rejects.toThrow(TypeError)
    expect(await idsOf(provider, 'userName eq "a"')).toEqual(['1'])
    expect(await idsOf(provider, 'userName eq "b"')).toEqual([])
  })

  it('finds ids that are not in NFC by their normalised form', async () => {
    const provider = memoryProvider()
    await insert(provider, 'e\u0301', { userName: 'a' })
    expect(await idsOf(provider, 'id eq "\u00e9"')).toEqual(['e\u0301'])
  })

  it('uses lookups for names and ids instead of scans', async () => {
    const provider = memoryProvider()
    for (let i = 0; i < 20_000; i++) {
      await insert(provider, `id${i}`, { userName: `user${i}`, externalId: `x${i}`, displayName: `D ${i}` })
    }
    const started = performance.now()
    for (let i = 0; i < 20_000; i += 20) {
      const answers = [
        await idsOf(provider, `userName eq "USER${i}"`),
        await idsOf(provider, `externalId eq "x${i}" and active ne true`),
        await idsOf(provider, `displayName eq "d ${i}"`),
        await idsOf(provider, `id eq "id${i}"`),
      ]
      expect(answers).toEqual([[`id${i}`], [`id${i}`], [`id${i}`], [`id${i}`]])
    }
    // 4,000 scans of 20,000 users would take a minute; the bound only has to distinguish a scan from a lookup.
    expect(performance.now() - started).toBeLessThan(30_000)
  })
})
