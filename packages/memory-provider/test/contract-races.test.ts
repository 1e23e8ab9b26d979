/** The reference keeps the contract; with SCIMKIT_EFFORT=full, as often as the figures of reliability ask for. */
import { it } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, providerContract } from '@scimkit/testkit'
import { effort } from '../../testkit/test/support/effort.js'

const lengths = { short: { rounds: 50, filters: 1_000 }, full: { rounds: 10_000, filters: 100_000 } }[effort]

bind({ it }, providerContract(memoryProvider, lengths))
