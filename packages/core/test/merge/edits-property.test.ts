/** Several clients edit one user: no edit is lost, or it is reported. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { merge3 } from '../../src/entry-points/merge.js'
import type { JsonObject } from '../../src/json/value.js'
import { anyCells, type Cells, cellNames, disputed, documentOf, edited, isChanged, pathOf } from './support/cells.js'
import { folded, written } from './support/documents.js'
import { cases } from './support/effort.js'

describe('edits of one user', () => {
  const clients = fc.integer({ min: 2, max: 6 })
  const owners = fc.array(fc.nat(7), { minLength: cellNames.length, maxLength: cellNames.length })
  const order = fc.array(fc.nat(), { minLength: 8, maxLength: 8 })

  test('each cell edited by one client at most: all edits survive, in any order of merging', () => {
    fc.assert(
      fc.property(anyCells, anyCells, clients, owners, order, (base, wanted, count, owner, ranks) => {
        const everybody = [...Array(count).keys()].sort((left, right) => (ranks[left] ?? 0) - (ranks[right] ?? 0))
        const ownedBy = (client: number): readonly string[] => cellNames.filter((_, i) => owner[i] === client)
        let now: JsonObject = documentOf(base)
        for (const client of everybody) {
          const result = merge3(documentOf(base), documentOf(edited(base, wanted, ownedBy(client))), now)
          expect(result).toMatchObject({ kind: 'merged', resolved: [] })
          if (result.kind === 'merged') now = result.resource
        }
        expect(written(now)).toBe(written(documentOf(edited(base, wanted, everybody.flatMap(ownedBy)))))
      }),
      cases(400),
    )
  })

  const subset = fc.subarray([...cellNames])

  test('every cell that two clients changed differently is a conflict, no other is, and a strategy resolves it', () => {
    fc.assert(
      fc.property(anyCells, anyCells, anyCells, subset, subset, (base, first, second, byMe, byThem) => {
        const mine = edited(base, first, byMe)
        const theirs = edited(base, second, byThem)
        const documents = [documentOf(base), documentOf(mine), documentOf(theirs)] as const
        const names = disputed(base, mine, theirs)

        const result = merge3(...documents)
        const conflicts = result.kind === 'conflict' ? result.conflicts : []
        expect(conflicts.map(({ path }) => path).sort()).toEqual(
          names.map((name) => pathOf(name, [base, mine, theirs])).sort(),
        )

        const [isMine, isTheirs] = [
          merge3(...documents, { strategy: 'mine' }),
          merge3(...documents, { strategy: 'theirs' }),
        ]
        expect(resourceIn(isMine)).toBe(folded(documentOf(merged(base, mine, theirs, 'mine'))))
        expect(resourceIn(isTheirs)).toBe(folded(documentOf(merged(base, mine, theirs, 'theirs'))))
        expect(isMine.resolved.length).toBe(names.length)
      }),
      cases(600),
    )
  })
})

function resourceIn(result: ReturnType<typeof merge3>): string {
  return result.kind === 'merged' ? folded(result.resource) : 'conflict'
}

function merged(base: Cells, mine: Cells, theirs: Cells, winner: 'mine' | 'theirs'): Cells {
  const [first, second] = winner === 'mine' ? [theirs, mine] : [mine, theirs]
  const changedBy = (side: Cells): readonly string[] =>
    cellNames.filter((name) => isChanged(name, base, side) && !(name === 'emails.primary' && side.get(name) === null))
  const unset = [mine, theirs].some(
    (side) => base.get('emails.primary') !== null && side.get('emails.primary') === null,
  )
  const start = unset ? new Map([...base, ['emails.primary', null] as const]) : base
  return edited(edited(start, first, changedBy(first)), second, changedBy(second))
}
