/**
 * Every PATCH that RFC 7644 §3.5.2 prints, against documents that fit it. Bodies are as printed (§3.5.2.1's second one
 * lacks a brace in the RFC).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { interopFrom } from '../../src/interop.js'
import type { JsonObject } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { parsePatch } from '../../src/patch/parse/parse-patch.js'
import { groupType, userType } from '../resource/support/reading.js'
import { message, patchWith } from './support/patching.js'

interface Example {
  readonly title: string
  readonly type: 'User' | 'Group'
  readonly body: JsonObject
  readonly before: JsonObject
  readonly after: JsonObject
}

describe.each(['3.5.2', '3.5.2.1', '3.5.2.2', '3.5.2.3'])('RFC 7644 §%s', (section) => {
  const url = new URL(`../samples/rfc7644-${section}.json`, import.meta.url)
  const examples = JSON.parse(readFileSync(url, 'utf8')) as readonly Example[]
  test.each(examples)('$title', ({ type, body, before, after }) => {
    for (const mode of ['lenient', 'entra', 'strict'] as const) {
      expect(patchWith(type === 'User' ? userType : groupType, before, body, mode).after).toEqual(after)
    }
  })
})

test.each([
  'members',
  'name.familyName',
  'addresses[type eq "work"]',
  'members[value eq "2819c223-7f76-453a-919d-413861904646"]',
  'members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName',
])('RFC 7644 figure 8: the path %s is read', (path) => {
  const type = path.startsWith('members') ? groupType : userType
  expect(
    parsePatch(message({ op: 'add', path, value: 'x' }), type, interopFrom('lenient'), defaultLimits),
  ).toHaveLength(1)
})
