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

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const email = [
  { value: 'n@b.example', type: 'other' },
  { value: 'p@b.example', primary: true },
  { value: 'a@b.example' },
]
const members = [{ value: '1' }, { value: '9', type: 'User' }, { value: '3', $ref: '../Users/3' }]
/** Paths with values that they may have. */
const fitting = new Map([
  ...[
    ['userName', ['eve']],
    ['active', [true, 'False']],
    ['name', [{ familyName: 'x' }]],
    ['name.familyName', ['x']],
  ],
  ...[
    ['emails', [email, email.slice(1), ...email]],
    ['emails.value', ['v']],
    ['emails.primary', [true, false]],
  ],
  ...['type eq "work"', 'value ew "example"', 'not (type pr)', 'primary eq true', 'type eq "new"'].flatMap(
    (condition) => [
      [`emails[${condition}]`, email],
      [`emails[${condition}].value`, ['v@b.example']],
      [`emails[${condition}].primary`, [true]],
    ],
  ),
  ...[
    ['members', [members, members.slice(1), ...members]],
    ['members[value eq "1"]', members],
    ['displayName', ['x']],
  ],
  ...[
    ['members[value eq "3" or value eq "1"]', members],
    ['members[value pr].display', ['x']],
  ],
  ...[
    [enterprise, [{ department: 'x' }]],
    [`${enterprise}:manager`, ['2', { value: '3' }]],
    [`${user}:title`, ['x']],
  ],
  ...[
    ['id', ['1']],
    ['meta', [{}]],
    ['schemas', [[user]]],
    ['groups', [[]]],
    ['nothing', ['x']],
    ['password', ['x']],
  ],
  ...[
    ['externalId', ['x']],
    ['addresses[type eq "x"].country', ['NL']],
    ['roles', [['a'], { value: 'a' }]],
  ],
])
const paths = [...fitting.keys()]
const leaves = ['x', '', 'True', 'a@b.example', '1', '3', 0, 1.5, true, false, null]
const names = [
  'value',
  'type',
  'primary',
  'display',
  '$ref',
  'familyName',
  'emails',
  'active',
  'manager',
  'members',
  'op',
]

export const target = {
  name: 'patch',
  generate: (random) => JSON.stringify(Array.from({ length: 1 + random.below(3) }, () => operation(random))),
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

function operation(random) {
  const op = random.pick(['add', 'replace', 'remove', 'Add'])
  const path = random.pick(paths)
  const value = random.oneIn(4) ? jsonValue(random, 3) : random.pick(fitting.get(path))
  if (op === 'remove' && !random.oneIn(3)) return { op, path }
  return random.oneIn(4) ? { op, value: { [path]: value } } : { op, path, value }
}

function jsonValue(random, depth) {
  switch (depth === 0 ? 0 : random.below(4)) {
    case 1:
      return Array.from({ length: random.below(4) }, () => jsonValue(random, depth - 1))
    case 2:
    case 3: {
      const keys = Array.from({ length: random.below(4) }, () => random.pick(random.oneIn(4) ? paths : names))
      return Object.fromEntries(keys.map((key) => [key, jsonValue(random, depth - 1)]))
    }
    default:
      return random.pick(leaves)
  }
}
