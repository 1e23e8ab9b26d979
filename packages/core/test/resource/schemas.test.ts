/** `schemas` in request bodies. @see RFC 7643 §3 */
import { describe, expect, test } from '@jest/globals'
import type { Interop } from '../../src/interop.js'
import type { JsonObject } from '../../src/json/value.js'
import { outcome, user } from './support/bodies.js'
import { core, enterprise, groupUrn, read, refusal, userType } from './support/reading.js'

describe('`schemas` (RFC 7643 §3; IDP-23, IDP-24; FP-M9)', () => {
  const foreign = 'urn:scim:schemas:core:1.0'
  test.each<[string, JsonObject, boolean, boolean, boolean]>([
    ['its own', { schemas: [core] }, true, true, true],
    ['its own in another case', { schemas: [core.toUpperCase()] }, true, true, true],
    ['its own and the extension', { schemas: [core, enterprise] }, true, true, true],
    ['the name in another case', { Schemas: [core] }, true, true, true],
    ['its own and an unknown one', { schemas: [core, 'urn:okta:custom:user:1.0'] }, true, true, true],
    ['one text for a list', { schemas: core }, true, true, false],
    ['missing', {}, true, true, false],
    ['null', { schemas: null }, true, true, false],
    ['empty', { schemas: [] }, true, true, false],
    ['foreign alone', { schemas: [foreign] }, false, true, false],
    ['the extension alone', { schemas: [enterprise] }, false, true, false],
    ['another type’s', { schemas: [groupUrn] }, false, true, false],
    ['a number', { schemas: [1] }, false, false, false],
    ['an object', { schemas: {} }, false, false, false],
    ['its own and a number', { schemas: [core, 1] }, false, false, false],
  ])('%s', (_title, body, lenient, entra, strict) => {
    const accepts = (interop: Interop): boolean =>
      outcome(() => read(userType, { userName: 'b', ...body }, interop)) !== 'invalidValue'
    expect([accepts('lenient'), accepts('entra'), accepts('strict')]).toEqual([lenient, entra, strict])
  })

  test('it is never taken from the body', () => {
    expect(read(userType, user({ title: 'T' })).document).toEqual({ title: 'T' })
  })

  test('unknown URNs are reported, as attributes left out are; 400 where switched off', () => {
    const body = { schemas: [core, 'urn:example:X'], userName: 'b' }
    expect(read(userType, body).ignored).toEqual(['urn:example:x'])
    expect(refusal(() => read(userType, body, { unknownSchemas: false }))).toBe('invalidValue')
  })
})
