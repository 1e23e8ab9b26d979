/** The reference passes the contract; with SCIMKIT_EFFORT=full, with the number of rounds of the reliability guarantees. */
import { it } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, type HostNotes, providerContract } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'

const lengths = { short: { rounds: 50, filters: 1_000 }, full: { rounds: 10_000, filters: 100_000 } }[effort]

const noted: string[] = []
const notes: HostNotes = {
  add: (note) => () => void noted.push(note),
  list: () => noted,
  rollsBack: false,
  waits: false,
}

bind({ it }, providerContract(memoryProvider, { ...lengths, notes: () => notes }))
