/** Properties of merge3 for all documents and all editors. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { diff, type MergeResult, merge3 } from '../../src/entry-points/merge.js'
import type { JsonObject } from '../../src/json/value.js'
import { message, patchWith } from '../patch/support/patching.js'
import { folded, states, typeOf, written } from './support/documents.js'
import { cases } from './support/effort.js'

describe('any three documents', () => {
  test('a side that changed nothing leaves the other as it is', () => {
    fc.assert(
      fc.property(states(2), ({ kind, documents: [base = {}, edited = {}] }) => {
        const type = typeOf[kind]
        expect(written(resourceOf(merge3(base, edited, base, { type })))).toBe(written(edited))
        expect(written(resourceOf(merge3(base, base, edited, { type })))).toBe(written(edited))
        expect(written(resourceOf(merge3(base, edited, edited, { type })))).toBe(written(edited))
      }),
      cases(300),
    )
  })

  test('without conflict, mine and theirs can be exchanged', () => {
    fc.assert(
      fc.property(states(3), ({ kind, documents: [base = {}, mine = {}, theirs = {}] }) => {
        const type = typeOf[kind]
        const there = merge3(base, mine, theirs, { type })
        const back = merge3(base, theirs, mine, { type })
        expect(back.kind).toBe(there.kind)
        if (there.kind === 'merged') expect(folded(resourceOf(back))).toBe(folded(there.resource))
        if (there.kind === 'merged' || back.kind === 'merged') return
        const turned = back.conflicts.map(({ base, mine, theirs }) => ({ base, mine: theirs, theirs: mine }))
        const straight = there.conflicts.map(({ base, mine, theirs }) => ({ base, mine, theirs }))
        expect(new Set(turned.map((one) => JSON.stringify(one)))).toEqual(
          new Set(straight.map((one) => JSON.stringify(one))),
        )
      }),
      cases(300),
    )
  })

  test('the documents are left as they are, and the merged document can be written by its PATCH', () => {
    fc.assert(
      fc.property(states(3), ({ kind, documents }) => {
        const type = typeOf[kind]
        const before = JSON.stringify(documents)
        const [base = {}, mine = {}, theirs = {}] = documents
        const resource = resourceOf(merge3(base, mine, theirs, { type, strategy: 'mine' }))
        const operations = diff(theirs, resource, { type })
        expect(JSON.stringify(documents)).toBe(before)
        if (operations.length === 0) return
        expect(written(patchWith(type, theirs, message(...operations)).after)).toBe(written(resource))
      }),
      cases(300),
    )
  })
})

function resourceOf(result: MergeResult): JsonObject {
  if (result.kind === 'merged') return result.resource
  throw new Error(`conflicts: ${JSON.stringify(result.conflicts)}`)
}
