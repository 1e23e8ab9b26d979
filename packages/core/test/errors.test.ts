import { expect, test } from '@jest/globals'
import { ScimError, type ScimType, scimError, statusOfScimType } from '../src/errors.js'
import { respondToError } from '../src/http/respond.js'

test('table 9 of RFC 7644 §3.12 and table 3 of RFC 9865 §2.1: each scimType with its status (erratum 6893: sensitive is 403)', () => {
  expect(statusOfScimType).toEqual({
    invalidFilter: 400,
    tooMany: 400,
    uniqueness: 409,
    mutability: 400,
    invalidSyntax: 400,
    invalidPath: 400,
    noTarget: 400,
    invalidValue: 400,
    invalidVers: 400,
    sensitive: 403,
    invalidCursor: 400,
    expiredCursor: 400,
    invalidCount: 400,
  })
})

const withType: readonly Exclude<ScimType, 'invalidVers' | 'invalidCursor' | 'expiredCursor'>[] = [
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'sensitive',
  'invalidCount',
]

test.each(withType)('%s', (scimType) => {
  const error = scimError[scimType]('what')
  expect(error).toBeInstanceOf(ScimError)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'ScimError', message: 'what', scimType, status: statusOfScimType[scimType] })
  expect(error.headers).toEqual({})
})

test.each<[string, ScimError, number, Record<string, string>]>([
  ['badRequest', scimError.badRequest('x'), 400, {}],
  ['unauthorized', scimError.unauthorized('x'), 401, {}],
  ['forbidden', scimError.forbidden('x'), 403, {}],
  ['notFound', scimError.notFound(), 404, {}],
  ['methodNotAllowed', scimError.methodNotAllowed('GET, HEAD'), 405, { Allow: 'GET, HEAD' }],
  ['notAcceptable', scimError.notAcceptable('x'), 406, {}],
  ['preconditionFailed', scimError.preconditionFailed('x'), 412, {}],
  ['payloadTooLarge', scimError.payloadTooLarge(5), 413, {}],
  ['uriTooLong', scimError.uriTooLong(5), 414, {}],
  [
    'unsupportedMediaType',
    scimError.unsupportedMediaType('x'),
    415,
    { Accept: 'application/scim+json, application/json' },
  ],
  ['notImplemented', scimError.notImplemented('x'), 501, {}],
  ['unavailable', scimError.unavailable('x'), 503, { 'Retry-After': '1' }],
  ['unavailable later', scimError.unavailable('x', 30), 503, { 'Retry-After': '30' }],
])('%s', (_name, error, status, headers) => {
  expect({ status: error.status, headers: error.headers, scimType: error.scimType }).toEqual({
    status,
    headers,
    scimType: undefined,
  })
})

test('the underlying failure is kept as cause, and never shown', () => {
  const cause = new Error('disk')
  expect(scimError.unavailable('x', 1, cause).cause).toBe(cause)
  expect(new ScimError(500, 'x')).not.toHaveProperty('cause')
  const { body } = respondToError(new ScimError(500, 'x', { cause }), 'application/scim+json')
  expect(body).not.toContain('disk')
})

test('the body of an error (errata 7898): status is text, scimType is present or absent', () => {
  const { status, headers, body } = respondToError(scimError.noTarget('Nothing there.'), 'application/json')
  expect({ status, type: headers['Content-Type'] }).toEqual({ status: 400, type: 'application/json' })
  expect(JSON.parse(body ?? '')).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    scimType: 'noTarget',
    detail: 'Nothing there.',
    status: '400',
  })
  expect(JSON.parse(respondToError(scimError.notFound(), 'application/json').body ?? '')).not.toHaveProperty('scimType')
})
