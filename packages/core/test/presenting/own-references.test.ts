/** RFC 7643 §2.3.7, §2.4: references of a host's own types have the URL of their target. */
import { expect, test } from '@jest/globals'
import { type AttributeDefinition, groupType, type ResourceTypeDefinition, userType } from '../../src/index.js'
import { base, serve } from '../support/server.js'

const urn = 'urn:example:Task'
const reference = (...referenceTypes: readonly string[]): Readonly<Record<string, AttributeDefinition>> => ({
  value: {},
  type: {},
  display: {},
  $ref: { type: 'reference', referenceTypes },
})
const task: ResourceTypeDefinition = {
  name: 'Task',
  endpoint: '/Tasks',
  schema: {
    id: urn,
    name: 'Task',
    attributes: {
      owner: { type: 'complex', subAttributes: reference('User') },
      watchers: { type: 'complex', multiValued: true, subAttributes: reference('User', 'Group') },
      link: { type: 'complex', subAttributes: reference('external') },
    },
  },
  extensions: [
    {
      required: false,
      schema: {
        id: `${urn}:more`,
        name: 'More',
        attributes: { parent: { type: 'complex', subAttributes: reference('Task', 'Device') } },
      },
    },
  ],
}

test('each has a $ref if its type is known, is served here, and is the only one or is named', async () => {
  const server = serve({ resourceTypes: [userType, groupType, task] })
  const { json } = await server.post('/Tasks', {
    schemas: [urn],
    owner: { value: 'a b', display: 'A', $ref: 'https://elsewhere.example' },
    watchers: [
      { value: 'u', type: 'User' },
      { value: 'g', type: 'Group' },
      { value: 'x', type: 'Task' },
      { value: 'y' },
    ],
    link: { value: 'z' },
    [`${urn}:more`]: { parent: { value: 't' } },
  })
  const shown = {
    owner: { value: 'a b', display: 'A', $ref: `${base}/Users/a%20b` },
    watchers: [
      { value: 'u', type: 'User', $ref: `${base}/Users/u` },
      { value: 'g', type: 'Group', $ref: `${base}/Groups/g` },
      { value: 'x', type: 'Task' },
      { value: 'y' },
    ],
    link: { value: 'z' },
    [`${urn}:more`]: { parent: { value: 't', $ref: `${base}/Tasks/t` } },
  }
  expect(json).toMatchObject(shown)
  expect((await server.get(`/Tasks/${json.id}`)).json).toEqual(json)
  expect((await server.get('/Tasks')).json.Resources).toEqual([json])
  // It is computed, never stored: the same body again changes nothing.
  const again = await server.put(`/Tasks/${json.id}`, { ...json })
  expect(again.headers.ETag).toMatch(/^W\/"1-/)
})
