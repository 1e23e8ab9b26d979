/** Properties of PATCH for all documents: over random documents and operations. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ScimError } from '../../src/errors.js'
import { interopFrom } from '../../src/interop.js'
import { deepCopy, type JsonObject, type JsonValue } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { atOnce } from '../../src/pacing/portions.js'
import { applyOperations } from '../../src/patch/apply-operations.js'
import { membersNeeded } from '../../src/patch/members-needed.js'
import { parsePatch } from '../../src/patch/parse/parse-patch.js'
import { workCounter } from '../../src/patch/patching.js'
import { membersDelta, splitMembers } from '../../src/provider/member-rows.js'
import { ignoredNames } from '../../src/resource/ignored-names.js'
import type { Member, MembersDelta } from '../../src/resource/member.js'
import { validateDocument } from '../../src/resource/validate-document.js'
import { effort } from '../filter/support/effort.js'
import { core, enterprise, groupType, groupUrn, stored, userType } from '../resource/support/reading.js'
import { message, patchWith } from './support/patching.js'

const modes = ['lenient', 'entra', 'strict'] as const
const word = fc.constantFrom('a', 'b', 'B', 'c', 'é', '"', ']', 'x y')
const element = fc.record(
  { value: word, type: fc.constantFrom('work', 'home'), display: word },
  { requiredKeys: ['value'] },
)
const elements = fc.uniqueArray(element, {
  maxLength: 4,
  // Two of one value and type are one to `add`; case is ignored in both.
  selector: ({ value, type }) => JSON.stringify([value.toLowerCase(), type]),
})
const withPrimary = fc
  .tuple(elements, fc.nat(6))
  .map(([list, chosen]) => list.map((one, i) => (i === chosen ? { ...one, primary: true } : one)))

const attributes = fc.record(
  {
    userName: word,
    externalId: word,
    title: word,
    active: fc.boolean(),
    name: fc.record({ givenName: word, familyName: word }, { requiredKeys: [] }),
    emails: withPrimary,
    roles: elements,
    [enterprise]: fc.record({ department: word, manager: fc.record({ value: word }) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['userName'] },
)
const documents = attributes.map((given) => stored(userType, { schemas: [core], ...given } as JsonObject))

describe('on users', () => {
  test('replace of each attribute by its value changes nothing; so does adding it; so do both without path', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...modes), (document, mode) => {
        const { schemas: _schemas, id: _id, ...values } = document
        for (const op of ['replace', 'add']) {
          for (const [path, value] of Object.entries(values)) {
            expect(patchWith(userType, document, message({ op, path, value }), mode).after).toEqual(document)
          }
          expect(patchWith(userType, document, message({ op, value: values }), mode).after).toEqual(document)
        }
      }),
      effort(150),
    )
  })

  const additions = fc.oneof(
    fc.record({ path: fc.constantFrom('title', 'externalId', 'name.givenName'), value: word }),
    fc.record({ path: fc.constantFrom('emails', 'roles'), value: fc.oneof(element, elements, withPrimary) }),
    fc.record({ path: fc.constant('name'), value: fc.record({ givenName: word, middleName: word }) }),
    fc.record({
      path: fc.constantFrom('emails[type eq "work"].value', 'roles[value eq "a" and type eq "home"].display'),
      value: word,
    }),
    fc.record({ path: fc.constant(`${enterprise}:manager.value`), value: word }),
  )

  test('adding twice is adding once (RFC 7644 §3.5.2.1)', () => {
    fc.assert(
      fc.property(documents, additions, (document, addition) => {
        const body = message({ op: 'add', ...addition } as JsonObject)
        const once = patchWith(userType, document, body).after
        expect(patchWith(userType, once, body).after).toEqual(once)
      }),
      effort(300),
    )
  })

  test('a value that is added where there was none, and removed, leaves the document as before', () => {
    const fresh = fc.oneof(
      fc.record({ path: fc.constantFrom('nickName', 'timezone', `${enterprise}:division`), value: word }),
      fc.record({ path: fc.constantFrom('ims', 'photos', 'phoneNumbers'), value: elements }),
      fc.record({
        path: fc.constantFrom('ims[type eq "work"].value', 'addresses[type eq "work"].region'),
        value: word,
      }),
    )
    fc.assert(
      fc.property(documents, fresh, (document, { path, value }) => {
        const there = patchWith(userType, document, message({ op: 'add', path, value } as JsonObject)).after
        const attribute = path.split('[')[0] ?? path
        expect(patchWith(userType, there, message({ op: 'remove', path: attribute })).after).toEqual(document)
      }),
      effort(200),
    )
  })

  test('a value that is removed and added again is there again', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { schemas: _schemas, id: _id, userName: _userName, ...values } = document
        for (const [path, value] of Object.entries(values)) {
          const body = message({ op: 'remove', path }, { op: 'add', path, value })
          expect(patchWith(userType, document, body).after).toEqual(document)
        }
      }),
      effort(150),
    )
  })

  test('two patches are one patch of both', () => {
    fc.assert(
      fc.property(documents, additions, additions, (document, first, second) => {
        const ops = [{ op: 'add', ...first } as JsonObject, { op: 'add', ...second } as JsonObject]
        const [one, two] = ops as [JsonObject, JsonObject]
        const between = patchWith(userType, document, message(one)).after
        expect(patchWith(userType, document, message(...ops)).after).toEqual(
          patchWith(userType, between, message(two)).after,
        )
      }),
      effort(200),
    )
  })

  test('at most one element is ever primary, and `schemas` lists the schemas with values', () => {
    fc.assert(
      fc.property(documents, fc.array(additions, { maxLength: 4 }), (document, list) => {
        let after: JsonObject
        try {
          after = patchWith(
            userType,
            document,
            message(...list.map((one) => ({ op: 'add', ...one }) as JsonObject)),
          ).after
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError)
          return
        }
        const emails = (after.emails ?? []) as readonly JsonObject[]
        expect(emails.filter(({ primary }) => primary === true).length).toBeLessThanOrEqual(1)
        expect(after.schemas).toEqual(enterprise in after ? [core, enterprise] : [core])
      }),
      effort(200),
    )
  })
})

describe('membersNeeded is exact', () => {
  const ids = ['a', 'b', 'c', 'd', 'A']
  const id = fc.constantFrom(...ids)
  const member = fc.oneof(
    id,
    fc.record({ value: id }),
    fc.record({ value: id, type: fc.constantFrom('User', 'Group'), display: id, $ref: id }),
    fc.record({ Value: id }),
  )
  const odd = fc.constantFrom<JsonValue>(
    null,
    '',
    1,
    {},
    { value: '' },
    { value: 1 },
    { value: null },
    { type: 'User' },
    [],
  )
  const given = fc.oneof(
    { weight: 5, arbitrary: fc.array(member, { maxLength: 3 }) },
    { weight: 3, arbitrary: member },
    { weight: 1, arbitrary: fc.array(fc.oneof(member, odd), { maxLength: 3 }) },
    { weight: 1, arbitrary: odd },
  ) as fc.Arbitrary<JsonValue>
  const names = fc.constantFrom('members', 'Members', `${groupUrn}:members`)
  const byId = fc.tuple(names, id).map(([name, value]) => `${name}[value eq "${value}"]`)
  const filtered = fc.constantFrom(
    'members[type eq "User"]',
    'members[value ne "a"]',
    'members[value sw "a"]',
    'members[value eq "a" or value eq "b"]',
    'members[value eq "a" and type eq "User"]',
    'members[not (value eq "a")]',
    'members[value pr]',
    'members[display eq "a"]',
  )
  const operations = fc.oneof(
    fc.record({ op: fc.constantFrom('add', 'replace'), path: names, value: given }),
    fc.record({ op: fc.constant('remove'), path: names, value: given }),
    fc.record({ op: fc.constant('remove'), path: fc.oneof(names, byId, filtered) }),
    fc.record({ op: fc.constantFrom('add', 'replace'), value: fc.record({ members: given, displayName: id }) }),
    fc.record({ op: fc.constantFrom('add', 'replace'), value: fc.record({ displayName: id }) }),
    fc.record({ op: fc.constant('add'), value: fc.record({ members: given, MEMBERS: given }) }),
    fc.record({
      op: fc.constantFrom('add', 'replace'),
      path: fc.oneof(byId, filtered),
      value: fc.record({ value: id }),
    }),
    fc.record({
      op: fc.constantFrom('add', 'replace', 'remove'),
      path: fc.oneof(byId, filtered).map((path) => `${path}.type`),
      value: fc.constantFrom('User', 'Group'),
    }),
    fc.record({
      op: fc.constantFrom('add', 'remove'),
      path: fc.constantFrom('members.type', 'members.value'),
      value: id,
    }),
  )

  interface Change {
    readonly refused?: string
    readonly displayName?: JsonValue | undefined
    readonly delta?: MembersDelta | undefined
  }

  /** The result of the operations on a group of which they see these members. */
  function changeOf(
    all: readonly Member[],
    seen: readonly Member[],
    ops: readonly JsonObject[],
    mode: (typeof modes)[number],
  ): Change {
    const interop = interopFrom(mode)
    const parsed = parsePatch(deepCopy(message(...ops)), groupType, interop, defaultLimits)
    const before: JsonObject = {
      schemas: [groupUrn],
      id: 'g',
      displayName: 'G',
      ...(seen.length > 0 && { members: seen.map((one) => ({ ...one })) }),
    }
    const work = workCounter(defaultLimits.patchWork)
    const patching = { type: groupType, interop, ignored: ignoredNames(), isChange: true as const, work }
    try {
      const after = validateDocument(
        groupType,
        'g',
        applyOperations(deepCopy(before), parsed, patching),
        deepCopy(before),
      )
      const { resource, members } = atOnce(splitMembers(groupType, after))
      const delta = atOnce(membersDelta(seen, members))
      const had = new Set(all.map(({ value }) => value))
      // For a provider, an id to add that exists is no error; here it must not be in the list.
      for (const one of delta?.add ?? []) expect(had.has(one.value)).toBe(false)
      return { displayName: resource.displayName, delta: delta && sorted(delta) }
    } catch (error) {
      if (!(error instanceof ScimError)) throw error
      return { refused: error.scimType ?? String(error.status) }
    }
  }

  function sorted({ add, remove }: MembersDelta): MembersDelta {
    return { add: [...add].sort((x, y) => (x.value < y.value ? -1 : 1)), remove: [...remove].sort() }
  }

  function seenBy(all: readonly Member[], ops: readonly JsonObject[], mode: (typeof modes)[number]): readonly Member[] {
    const interop = interopFrom(mode)
    const need = membersNeeded(groupType, parsePatch(message(...ops), groupType, interop, defaultLimits), interop)
    if (need === 'none') return []
    if (need === 'all') return all
    // A change never requests the first so many: its effect on the rest would be unknown.
    if (!('only' in need)) throw new Error(`needs ${JSON.stringify(need)}`)
    return all.filter(({ value }) => need.only.includes(value))
  }

  const groups = fc.uniqueArray(fc.record({ value: id, type: fc.constantFrom('User', 'Group') }), {
    selector: ({ value }) => value,
  })

  test('with the requested members a PATCH has the same result as with all of them', () => {
    fc.assert(
      fc.property(
        groups,
        fc.array(operations, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...modes),
        (all, list, mode) => {
          const ops = list as unknown as readonly JsonObject[]
          let seen: readonly Member[]
          try {
            seen = seenBy(all, ops, mode)
          } catch (error) {
            expect(error).toBeInstanceOf(ScimError)
            return
          }
          expect(changeOf(all, seen, ops, mode)).toEqual(changeOf(all, all, ops, mode))
        },
      ),
      effort(3_000),
    )
  })

  test.each<[JsonObject, JsonValue]>([
    [{ op: 'add', path: 'members', value: [{ value: 'a' }, 'b'] }, { only: ['a', 'b'] }],
    [{ op: 'add', value: { members: [{ value: 'a' }], displayName: 'x' } }, { only: ['a'] }],
    [{ op: 'remove', path: 'members[value eq "a"]' }, { only: ['a'] }],
    [{ op: 'remove', path: `${groupUrn}:Members[Value EQ "a"]` }, { only: ['a'] }],
    [{ op: 'remove', path: 'members', value: [{ value: 'a' }] }, { only: ['a'] }],
    [{ op: 'replace', path: 'displayName', value: 'x' }, 'none'],
    [{ op: 'add', path: 'members', value: [] }, 'none'],
    [{ op: 'remove', path: 'members' }, 'all'],
    [{ op: 'replace', path: 'members', value: [] }, 'all'],
    [{ op: 'replace', value: { members: [{ value: 'a' }] } }, 'all'],
    [{ op: 'remove', path: 'members[type eq "User"]' }, 'all'],
  ])('%j needs %j', (operation, expected) => {
    const interop = interopFrom('lenient')
    const parsed = parsePatch(message(operation), groupType, interop, defaultLimits)
    expect(membersNeeded(groupType, parsed, interop)).toEqual(expected)
  })

  test('a type without rows of members needs none', () => {
    const interop = interopFrom('lenient')
    const parsed = parsePatch(message({ op: 'remove', path: 'emails' }), userType, interop, defaultLimits)
    expect(membersNeeded(userType, parsed, interop)).toBe('none')
  })
})
