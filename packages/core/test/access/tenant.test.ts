/** Tenants of the access of a caller. */
import { describe, expect, test } from '@jest/globals'
import { tenantId } from '../../src/access/tenant.js'

describe('tenantId: fails closed (SEC-5, SEC-7)', () => {
  test.each(['a', 'default', 'x'.repeat(128), 'Ä b'])('%j', (name) => {
    expect(tenantId(name)).toBe(name)
  })
  test.each(['', 'x'.repeat(129), undefined, null, 1, {}, ['a']])('%j is not a tenant', (name) => {
    expect(() => tenantId(name as string)).toThrow(TypeError)
  })
})
