import { bodyOf, creation, described, ensure, get, isSuccess, remove, tally, uniqueName } from './client.js'
import type { Race } from './race.js'

const clients = 32

// Spellings of one name: letter case and Unicode composition do not make names different.
const spellings: readonly ((name: string) => string)[] = [
  (name) => name.normalize('NFC'),
  (name) => name.normalize('NFD'),
  (name) => name.normalize('NFC').toUpperCase(),
  (name) => name.normalize('NFD').toUpperCase(),
  (name) => alternating(name.normalize('NFC')),
  (name) => alternating(name.normalize('NFD')),
]

/** 32 clients create the same user under different spellings of one name: exactly one succeeds. */
export const uniqueNames: Race = {
  id: 'race-unique-names',
  title: `${clients} creates of one userName in mixed case, NFC and NFD: one 201, ${clients - 1} × 409 uniqueness`,
  level: 'MUST',
  citation: 'RFC 7644 §3.3; RFC 7643 §4.1.1; REL-4',
  counts: { short: 50, full: 10_000 },
  run: async (exchange, count) => {
    for (let round = 0; round < count; round++) {
      const name = uniqueName('zoë.ångström')
      const requests = Array.from({ length: clients }, (_, i) => creation(spelling(i + round)(name)))
      const responses = await Promise.all(requests.map(exchange))
      const where = `round ${round}`
      const winners = responses.filter(isSuccess)
      const duplicates = responses.filter(
        (response) => response.status === 409 && bodyOf(response).scimType === 'uniqueness',
      )
      ensure(
        winners.length === 1 && winners[0]?.status === 201 && duplicates.length === clients - 1,
        () => `${where}: expected 1 × 201 and ${clients - 1} × 409 uniqueness, got ${tally(responses)}`,
      )
      const found = await exchange(get(`/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(name)}`)}`))
      ensure(bodyOf(found).totalResults === 1, () => `${where}: expected to find one user, got ${described(found)}`)
      await exchange(remove({ path: `/Users/${encodeURIComponent(String(bodyOf(winners[0]).id))}` }))
    }
  },
}

const spelling = (i: number): ((name: string) => string) => spellings[i % spellings.length] ?? ((name) => name)

function alternating(name: string): string {
  return [...name].map((character, i) => (i % 2 === 0 ? character.toUpperCase() : character)).join('')
}
