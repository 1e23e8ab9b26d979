/** PATCH as a pure function of a resource, for hosts that need nothing else of the kit. */
import { describe, expect, test } from '@jest/globals'
import { ScimError } from '../../src/errors.js'
import { deepCopy } from '../../src/json/value.js'
import { applyPatch } from '../../src/patch/apply-patch.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { groupType, userType } from '../../src/schema/standard/resource-types.js'

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const meta = { resourceType: 'User', version: 'W/"1-a-b"', created: '2026-01-01T00:00:00Z' }
const ada = {
  schemas: [core],
  id: 'a1',
  userName: 'ada',
  active: true,
  emails: [
    { value: 'ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  meta,
}

/** The error that a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

describe('applyPatch', () => {
  test('applies the operations in order, and keeps id and meta', () => {
    const patched = applyPatch(ada, [
      { op: 'replace', path: 'active', value: false },
      { op: 'add', path: 'emails[type eq "home"].primary', value: true },
      { op: 'remove', path: 'emails[type eq "work"]' },
      { op: 'add', value: { [enterprise]: { department: 'Engines' } } },
    ])
    expect(JSON.parse(JSON.stringify(patched))).toEqual({
      schemas: [core, enterprise],
      id: 'a1',
      userName: 'ada',
      active: false,
      emails: [{ value: 'ada@home.example', type: 'home', primary: true }],
      [enterprise]: { department: 'Engines' },
      meta,
    })
  })

  test('leaves the resource as it is, also after an error', () => {
    const before = deepCopy(ada)
    applyPatch(ada, [{ op: 'add', path: 'emails', value: [{ value: 'x@example', type: 'other', primary: true }] }])
    const late = [
      { op: 'replace', path: 'title', value: 'Countess' },
      { op: 'remove', path: 'userName' },
    ]
    expect(thrownBy(() => applyPatch(ada, late))).toMatchObject({ status: 400 })
    expect(ada).toEqual(before)
  })

  test('takes a whole PatchOp message, and a resource without id', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', value: { nickName: 'Ada' } }],
    }
    const patched = applyPatch({ schemas: [core], userName: 'ada' }, body)
    expect(JSON.parse(JSON.stringify(patched))).toEqual({ schemas: [core], userName: 'ada', nickName: 'Ada' })
  })

  test('changes the members of a group', () => {
    const group = {
      schemas: [groupType.schema.id],
      id: 'g',
      displayName: 'G',
      members: [{ value: '1' }, { value: '2' }],
    }
    const operations = [
      { op: 'remove', path: 'members[value eq "1"]' },
      { op: 'add', path: 'members', value: [{ value: '3' }, { value: '2' }] },
    ]
    expect((applyPatch(group, operations) as { members?: unknown }).members).toEqual([{ value: '2' }, { value: '3' }])
  })

  test('reports the names that it leaves out', () => {
    const ignored: string[] = []
    const operations = [{ op: 'add', value: { groups: [{ value: 'g' }], shoeSize: 42 } }]
    const patched = applyPatch(ada, operations, compileResourceType(userType), {
      onIgnored: (name) => ignored.push(name),
    })
    expect(ignored).toEqual(['groups', 'shoeSize'])
    expect(JSON.parse(JSON.stringify(patched))).toEqual(ada)
  })

  test.each<[string, object[], object]>([
    [
      'noTarget',
      [{ op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }],
      { status: 400, scimType: 'noTarget' },
    ],
    ['mutability', [{ op: 'replace', path: 'id', value: 'b' }], { status: 400, scimType: 'mutability' }],
    ['invalidPath', [{ op: 'add', path: 'emails[', value: 'x' }], { status: 400, scimType: 'invalidPath' }],
    ['invalidValue', [{ op: 'replace', path: 'active', value: { a: 1 } }], { status: 400, scimType: 'invalidValue' }],
    ['a required value', [{ op: 'remove', path: 'userName' }], { status: 400 }],
  ])('throws %s as a ScimError', (_name, operations, expected) => {
    const error = thrownBy(() => applyPatch(ada, operations, undefined, { interop: 'strict' }))
    expect(error).toBeInstanceOf(ScimError)
    expect(error).toMatchObject(expected)
  })

  test('refuses a resource of no known type, or with a name that the type does not have', () => {
    expect(() => applyPatch({ userName: 'ada' }, [])).toThrow(TypeError)
    expect(() => applyPatch({ schemas: [core], username: 'ada' }, [])).toThrow('it is userName')
    expect(() => applyPatch({ schemas: [core], userName: 'ada', shoeSize: 42 }, [])).toThrow('no attribute "shoeSize"')
  })
})
