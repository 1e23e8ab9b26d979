/** Lists of users, and their pages by cursor. */
import type { JsonObject } from '../../../src/json/value.js'
import type { ScimOptions } from '../../../src/settings/options.js'
import { type Answered, type Server, serve, user } from '../../support/server.js'

export const invalidCursor = {
  status: 400,
  json: {
    scimType: 'invalidCursor',
    detail: 'Invalid cursor for this list. An empty cursor returns the first page.',
  },
}

export async function crowd(count: number, options: Partial<ScimOptions> = {}): Promise<Server> {
  const server = serve(options)
  for (let i = 0; i < count; i++) {
    await server.post('/Users', user(`user${String(i).padStart(3, '0')}`, { title: `t${i % 3}` }))
  }
  return server
}

export const names = ({ json }: Answered): readonly unknown[] =>
  (json.Resources as readonly JsonObject[]).map(({ userName, displayName }) => userName ?? displayName)

export const cursorOf = ({ json }: Answered): string => String(json.nextCursor)
