/** The reference keeps the contract; with SCIMKIT_EFFORT=full, as often as the figures of reliability ask for. */
import { it } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, providerContract } from '@scimkit/testkit'

const full = process.env.SCIMKIT_EFFORT === 'full'

bind(
  { it },
  providerContract(memoryProvider, full ? { rounds: 10_000, filters: 100_000 } : { rounds: 50, filters: 1_000 }),
)
