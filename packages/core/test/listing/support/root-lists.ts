/** A server with three resource types, and its pages at the root. */
import { expect } from '@jest/globals'
import { groupType, type ResourceTypeDefinition, userType } from '../../../src/index.js'
import type { JsonObject } from '../../../src/json/value.js'
import type { ScimOptions } from '../../../src/settings/options.js'
import { type Answered, type Server, serve, user } from '../../support/server.js'

export const badgeType: ResourceTypeDefinition = {
  name: 'Badge',
  endpoint: '/Badges',
  schema: {
    id: 'urn:example:Badge',
    name: 'Badge',
    // Of the same names as attributes of users, and of other types.
    attributes: { displayName: { caseExact: true }, active: { type: 'integer' }, title: { type: 'decimal' } },
  },
}

export const resourceTypes = [userType, groupType, badgeType]
export const resources = ({ json }: Answered): readonly JsonObject[] => json.Resources as readonly JsonObject[]

export const names = (answer: Answered): readonly unknown[] =>
  resources(answer).map(({ displayName, id }) => displayName ?? id)

/** Makes the resources, in this order. */
export async function filled(all: readonly JsonObject[], options: Partial<ScimOptions> = {}): Promise<Server> {
  const server = serve({ resourceTypes, ...options })
  for (const body of all) {
    const path = 'userName' in body ? '/Users' : 'schemas' in body ? '/Groups' : '/Badges'
    const { status, json } = await server.post(path, body)
    if (status !== 201) throw new Error(JSON.stringify(json))
  }
  return server
}

export const person = (displayName: string, attributes: JsonObject = {}): JsonObject =>
  user(`${displayName}@x`, { displayName, ...attributes })

/** All pages of a walk, and the changes between them. */
export async function walked(
  server: Server,
  query: string,
  count: number,
  between: () => Promise<void> = async () => {},
): Promise<readonly JsonObject[]> {
  const seen: JsonObject[] = []
  let cursor = ''
  for (let page = 0; page < 200; page++) {
    const answer = await server.get(`/?${query}&count=${count}&cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 200 })
    expect(resources(answer).length).toBeLessThanOrEqual(count)
    seen.push(...resources(answer))
    if (answer.json.nextCursor === undefined) return seen
    // The last page is known to be the last: each page has resources.
    expect(resources(answer).length).toBeGreaterThan(0)
    cursor = String(answer.json.nextCursor)
    await between()
  }
  throw new Error('the walk does not end')
}
