/** Filters: parsed, printed, evaluated. @see RFC 7644 §3.4.2.2 */
import assert from 'node:assert'
import { defaultLimits, evaluate, interopFrom, parseFilter, printFilter } from '@scimkit/core/filter'
import { compileResourceType, groupType, userType } from '@scimkit/core/schema'
import { isClientError } from '../expectations.mjs'

const types = [compileResourceType(userType), compileResourceType(groupType)]
const presets = [interopFrom('lenient'), interopFrom('entra'), interopFrom('strict')]
const resources = [
  {
    id: '1',
    userName: 'ada',
    active: true,
    name: { familyName: 'Lovelace' },
    emails: [{ value: 'a@b.example', type: 'work', primary: true }],
  },
  {
    id: '2',
    displayName: 'Team',
    members: [{ value: '1', display: 'Ada' }],
    meta: { created: '2026-01-01T00:00:00Z' },
  },
  {},
]

const paths = [
  ...['userName', 'active', 'name.familyName', 'emails', 'emails.value', 'emails.primary', 'members.value', 'id'],
  ...['meta.created', 'displayName', 'schemas', 'externalId', 'nickName', 'photos.type', 'USERNAME'],
  ...['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value', 'emails.type', 'title', 'meta'],
]
const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ']
const values = [
  ...['"ada"', '"ADA"', '"a@b.example"', '"work"', '""', '"\\u0041"', '"\\ud83d\\ude00"', '"1"', '"İ"', '"ς"', '"%_"'],
  ...['true', 'false', 'null', '0', '-1.5e3', '"2026-01-01T00:00:00Z"', '"2026-01-01T01:00:00+01:00"', '"True"'],
]

export const target = {
  name: 'filter',
  generate: (random) => generated(random, 4),
  words: [
    ...[
      ' eq ',
      ' ne ',
      ' co ',
      ' sw ',
      ' ew ',
      ' gt ',
      ' le ',
      ' pr',
      ' and ',
      ' or ',
      'not (',
      ') ',
      '[type eq "work"]',
      'true',
      'null',
    ],
    ...[
      'userName',
      'emails.value',
      'emails[',
      'name.familyName',
      'meta.created',
      'password',
      'members',
      'schemas',
      'id',
      '$ref',
      '"a\\u0041"',
    ],
    ...[
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
      'urn:ietf:params:scim:schemas:core:2.0:User:',
      '__proto__',
      'constructor',
    ],
  ],
  check(text) {
    for (const type of types) {
      for (const interop of presets) {
        const filter = orClientError(() => parseFilter(text, type, interop, defaultLimits))
        if (filter === undefined) continue
        const printed = printFilter(filter)
        // A printed filter means the same, whatever the preset: it is strict.
        const again = parseFilter(printed, type, interop, {
          ...defaultLimits,
          filterLength: 10 * printed.length + 10,
        })
        assert.equal(printFilter(again), printed)
        const opposite = orClientError(() => parseFilter(`not (${printed})`, type, interop, defaultLimits))
        for (const resource of resources) {
          const isMatch = evaluate(filter, resource)
          assert.equal(typeof isMatch, 'boolean')
          assert.equal(evaluate(again, resource), isMatch, 'the printed filter has another meaning')
          // Refused only for the limits: it has one level more.
          if (opposite !== undefined) assert.equal(evaluate(opposite, resource), !isMatch, 'not() is not the opposite')
        }
      }
    }
  },
}

function orClientError(parse) {
  try {
    return parse()
  } catch (error) {
    if (isClientError(error)) return undefined
    throw error
  }
}

/** A filter by the grammar. @see RFC 7644 §3.4.2.2 (figure 1) */
function generated(random, depth, names = paths) {
  const inner = () => generated(random, depth - 1, names)
  switch (depth === 0 ? 0 : random.below(7)) {
    case 1:
      return `${random.pick(names)} pr`
    case 2:
      return `${inner()} and ${inner()}`
    case 3:
      return `${inner()} or ${inner()}`
    case 4:
      return `not (${inner()})`
    case 5:
      return `(${inner()})`
    case 6:
      if (names !== paths) return inner()
      return `${random.pick(['emails', 'members', 'photos', 'roles'])}[${generated(random, depth - 1, ['value', 'type', 'primary', 'display'])}]`
    default:
      return `${random.pick(names)} ${random.pick(operators)} ${random.pick(values)}`
  }
}
