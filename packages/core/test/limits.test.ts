import { expect, test } from '@jest/globals'
import { defaultLimits, type Limits, limitsFrom } from '../src/limits.js'

test('the defaults of SEC-8, SEC-9, SEC-10, SEC-21, ADR 14, ADR 15', () => {
  expect(defaultLimits).toMatchObject({
    bodyBytes: 1_048_576,
    groupBodyBytes: 10_485_760,
    jsonDepth: 32,
    objectKeys: 1_000,
    jsonValues: 1_000_000,
    stringLength: 65_536,
    arrayLength: 200_000,
    filterLength: 16_384,
    filterDepth: 20,
    filterTerms: 100,
    filterValuePaths: 20,
    patchOperations: 1_000,
    patchPathLength: 1_024,
    etagHeaderLength: 8_192,
    etagCount: 64,
    pageSize: 100,
    maxPageSize: 200,
    pageMembers: 10_000,
    pageBytes: 4_194_304,
    patchBodyMembers: 100,
    writeAttempts: 10,
    writeMilliseconds: 3_000,
  })
})

test('a host’s numbers override the defaults', () => {
  expect(limitsFrom()).toEqual(defaultLimits)
  expect(limitsFrom({ bodyBytes: 5, pageSize: 7 })).toEqual({ ...defaultLimits, bodyBytes: 5, pageSize: 7 })
})

test('a page is never larger than the largest page', () => {
  expect(limitsFrom({ maxPageSize: 50 })).toMatchObject({ pageSize: 50, maxPageSize: 50 })
  expect(() => limitsFrom({ maxPageSize: 50, pageSize: 51 })).toThrow(TypeError)
})

test('a tenant may use all that is in flight, unless a limit is set', () => {
  expect(limitsFrom()).toMatchObject({
    inFlight: 512,
    tenantInFlight: 512,
    waitingRequests: 1_024,
    passwordsInFlight: 2,
  })
  expect(limitsFrom({ inFlight: 9 })).toMatchObject({ inFlight: 9, tenantInFlight: 9 })
  expect(limitsFrom({ inFlight: 9, tenantInFlight: 3 })).toMatchObject({ inFlight: 9, tenantInFlight: 3 })
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', null, undefined, true])(
  '%j is not a limit',
  (value) => {
    expect(() => limitsFrom({ bodyBytes: value as number })).toThrow('limits.bodyBytes')
  },
)

test.each(['bodybytes', 'toString', '__proto__x', 'constructor'])('%s is not one of them', (name) => {
  expect(() => limitsFrom({ [name]: 1 } as Partial<Limits>)).toThrow(`unknown limit "${name}"`)
})
