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

export const target = {
  name: 'filter',
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
        assert.equal(
          printFilter(
            parseFilter(printed, type, interop, { ...defaultLimits, filterLength: 10 * printed.length + 10 }),
          ),
          printed,
        )
        for (const resource of resources) assert.equal(typeof evaluate(filter, resource), 'boolean')
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
