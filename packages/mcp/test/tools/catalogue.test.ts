/** The tools of types of the host: their names, what decides about each, and their arguments. */
import { describe, expect, test } from '@jest/globals'
import { createScim, defineSchema, type ResourceTypeDefinition, tenantId, userType } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { defaultBounds } from '../../src/documents/bounds.js'
import { type Catalogue, type CatalogueOptions, catalogueOf } from '../../src/tools/catalogue.js'
import { nounOf } from '../../src/tools/noun.js'

const schema = defineSchema({
  id: 'urn:example:BadgeReader',
  name: 'BadgeReader',
  attributes: {
    room: { type: 'string', required: true, uniqueness: 'server' },
    floor: { type: 'integer' },
    active: { type: 'boolean', mutability: 'readOnly' },
    installed: { type: 'dateTime', mutability: 'immutable' },
    pin: { type: 'string', mutability: 'writeOnly', returned: 'never' },
    doors: {
      type: 'complex',
      multiValued: true,
      subAttributes: { value: { type: 'string' }, weight: { type: 'decimal' } },
    },
  },
})
const badgeReader = { name: 'BadgeReader', endpoint: '/BadgeReaders', schema } satisfies ResourceTypeDefinition

async function tools(
  types: readonly ResourceTypeDefinition[],
  more: Partial<CatalogueOptions> = {},
): Promise<Catalogue> {
  const scim = createScim({ provider: memoryProvider(), resourceTypes: types })
  const permitted = await scim.permitted(scim.context({ tenant: tenantId('acme') }))
  const options = { bounds: defaultBounds, readOnly: false, supportsIdempotencyKeys: true }
  return catalogueOf(permitted, { ...options, ...more })
}

describe('the tools of a type', () => {
  test.each([
    ['User', 'user'],
    ['BadgeReader', 'badge_reader'],
    ['URLPattern', 'urlpattern'],
    ['Door2', 'door2'],
    ['IT-Asset', 'it_asset'],
  ])('%s is %s in names of tools', (type, noun) => expect(nounOf(type)).toBe(noun))

  test('have its attributes by their characteristics; no tool exists for what it does not have', async () => {
    const catalogue = await tools([badgeReader])
    expect(catalogue.names).toEqual([
      'get_badge_reader',
      'search_badge_reader',
      'preview_badge_reader',
      'create_badge_reader',
      'patch_badge_reader',
      'merge_badge_reader',
      'replace_badge_reader',
      'delete_badge_reader',
    ])
    const create = catalogue.tool('create_badge_reader')
    const { resource } = (create?.inputSchema.properties ?? {}) as Readonly<Record<string, unknown>>
    expect(resource).toMatchObject({
      required: ['room'],
      properties: {
        room: { type: 'string' },
        floor: { type: 'integer' },
        installed: { type: 'string', description: expect.stringContaining('Can be set once.') },
        doors: { type: 'array', items: { type: 'object', properties: { weight: { type: 'number' } } } },
      },
    })
    const sent = Object.keys((resource as { properties: object }).properties)
    expect(sent).not.toContain('active')
    for (const tool of catalogue.all())
      expect(JSON.stringify([tool.inputSchema, tool.outputSchema])).not.toContain('"pin"')
  })

  test('operations that the type does not offer have no tools', async () => {
    const catalogue = await tools([{ ...badgeReader, operations: ['read', 'patch'] }])
    expect(catalogue.names).toEqual([
      'get_badge_reader',
      'search_badge_reader',
      'preview_badge_reader',
      'patch_badge_reader',
      'merge_badge_reader',
    ])
  })

  test('without idempotency keys of the store create has no argument for one, and says what to do instead', async () => {
    const create = (await tools([userType], { supportsIdempotencyKeys: false })).tool('create_user')
    expect(Object.keys(create?.inputSchema.properties ?? {})).toEqual(['resource'])
    expect(create?.description).toContain('search')
  })

  test('two types with one name in names of tools are a TypeError', async () => {
    const other = { ...badgeReader, name: 'badge_reader', endpoint: '/Others' }
    await expect(tools([badgeReader, other])).rejects.toThrow(
      /two resource types have tools with the name get_badge_reader/,
    )
  })
})
