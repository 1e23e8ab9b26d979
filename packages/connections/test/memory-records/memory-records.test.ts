/** The contract of record stores, on the one in memory. */
import { describe, it } from '@jest/globals'
import { bind, recordStoreContract } from '@scimkit/testkit'
import { memoryRecords } from '../../src/memory-records/memory-records.js'

const shared = memoryRecords()

describe('records in memory', () => {
  bind(
    { it },
    recordStoreContract(() => shared),
  )
})
