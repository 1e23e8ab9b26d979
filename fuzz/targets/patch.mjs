/** PATCH as a pure function: all or nothing, and the result of a valid document is valid. @see RFC 7644 §3.5.2 */
import assert from 'node:assert'
import { applyPatch } from '@scimkit/core/patch'
import { compileResourceType, groupType, userType } from '@scimkit/core/schema'
import { isClientError } from '../expectations.mjs'

const types = [compileResourceType(userType), compileResourceType(groupType)]
const documents = [
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: '1',
    userName: 'ada',
    active: true,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [
      { value: 'a@b.example', type: 'work', primary: true },
      { value: 'h@b.example', type: 'home' },
    ],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      department: 'Mathematics',
      manager: { value: '2' },
    },
  },
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    id: '2',
    displayName: 'Team',
    members: [{ value: '1' }, { value: '3' }],
  },
]

export const target = {
  name: 'patch',
  words: [
    ...[
      '{"op":"add","path":"',
      '"op":"replace"',
      '"op":"remove"',
      '"path":"',
      '"value":',
      '[{"value":"1"}]',
      '{"op":"Replace","value":{"',
      ',{"op":"add"',
    ],
    ...[
      'emails[type eq \\"work\\"].value',
      'members[value eq \\"1\\"]',
      'name.familyName',
      'active',
      '"False"',
      'null',
      '""',
      'emails',
      'manager',
    ],
    ...[
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ':department',
      '__proto__',
      'constructor.prototype',
      'id',
      'meta',
      'schemas',
    ],
  ],
  check(text) {
    const operations = orUndefined(() => JSON.parse(text))
    // Bodies that are no object are refused before.
    if (typeof operations !== 'object' || operations === null) return
    for (const [i, type] of types.entries()) {
      for (const interop of ['lenient', 'entra', 'strict']) {
        const document = structuredClone(documents[i])
        try {
          const patched = applyPatch(document, operations, type, { interop })
          // The result is a valid document: an empty PATCH accepts it and changes nothing.
          assert.deepEqual(applyPatch(patched, [], type, { interop }), patched)
        } catch (error) {
          if (!isClientError(error)) throw error
        }
        assert.deepEqual(document, documents[i], 'the given document was changed')
      }
    }
  },
}

function orUndefined(parse) {
  try {
    return parse()
  } catch {
    return undefined
  }
}
