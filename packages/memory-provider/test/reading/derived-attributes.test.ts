/** The groups of a resource: their cost and its limit. */
import { describe, expect, it } from '@jest/globals'
import { documentOnly, type Needs, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { context, insert, listOf } from '../support/resources.js'

const groupsOnly: Needs = { members: 'none', derived: true }

/** A user in a hundred groups that are nested in each other. */
async function dense(options: Parameters<typeof memoryProvider>[0] = {}): Promise<ResourceProvider> {
  const provider = memoryProvider(options)
  await insert(provider, { type: 'User', id: 'u' }, { userName: 'u' })
  const ids = Array.from({ length: 100 }, (_, i) => `g${i}`)
  for (const id of ids) {
    await insert(provider, { type: 'Group', id }, { displayName: id }, [...ids.filter((other) => other !== id), 'u'])
  }
  return provider
}

describe('dense groups', () => {
  it('are returned once each', async () => {
    const provider = await dense()
    const stored = await provider.read({ type: 'User', id: 'u' }, groupsOnly, context)
    const groups = stored?.derived?.groups ?? []
    expect(groups.length).toBe(100)
    expect(new Set(groups.map(({ value }) => value)).size).toBe(100)
    expect(groups.every(({ type }) => type === 'direct')).toBe(true)
  })

  it('are bounded by groupEdges: the read is refused with groups, and succeeds without them', async () => {
    const provider = await dense({ groupEdges: 5_000 })
    const ref = { type: 'User', id: 'u' }
    await expect(provider.read(ref, groupsOnly, context)).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
      message: expect.stringMatching(/5000.*groupEdges.*excludedAttributes=groups/),
    })
    expect(await provider.read(ref, { members: 'none', derived: 'manager' }, context)).toMatchObject({ ref })
    expect(await provider.read(ref, documentOnly, context)).toMatchObject({ ref })
    await expect((await dense({ groupEdges: 100 * 100 })).read(ref, groupsOnly, context)).resolves.toMatchObject({
      ref,
    })
  })

  it('count the followed memberships as cost of a filter on groups', async () => {
    const provider = await dense({ scanWork: 100 })
    await expect(provider.query('User', listOf('groups.display eq "none"'), context)).rejects.toMatchObject({
      scimType: 'tooMany',
    })
  })

  it.each([0, -1, 1.5, Number.NaN])('groupEdges %p is a TypeError', (groupEdges) => {
    expect(() => memoryProvider({ groupEdges })).toThrow(TypeError)
    expect(() => memoryProvider({ scanWork: groupEdges })).toThrow(TypeError)
  })
})
