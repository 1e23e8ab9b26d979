/** Isolation of 1,000 tenants by 200,000 random requests, on each store. `SCIMKIT_EFFORT=full` is the long form. */
import { describe, expect, test } from '@jest/globals'
import { proveIsolation } from '../../src/index.js'
import { effort, seed } from '../support/effort.js'
import { isolationStores } from './support/stores.js'
import { targetOn } from './support/target.js'

const [tenants, requests] = effort === 'full' ? [1_000, 200_000] : [100, 5_000]

describe.each(isolationStores)('isolation on $name (SEC-5)', ({ name, open }) => {
  test(`${tenants} tenants, ${requests} requests, seed ${seed}`, async () => {
    const store = await open()
    try {
      const started = performance.now()
      const report = await proveIsolation({ target: targetOn(store.provider), tenants, requests, seed, atOnce: 16 })
      const seconds = Math.round((performance.now() - started) / 1000)
      console.log(
        `${name}: ${report.requests} requests of ${tenants} tenants in ${seconds} s, ${report.leaks.length} leaks`,
      )
      expect(report.leaks).toEqual([])
    } finally {
      await store.close()
    }
  }, 3_600_000)
})
