/** The primary element of a list after a merge. */
import { describe, expect, test } from '@jest/globals'
import { type Conflict, type MergeOptions, merge3 } from '../../../src/entry-points/merge.js'
import type { JsonObject, JsonValue } from '../../../src/index.js'
import { ada, emails, outcome } from '../support/ada.js'

describe('primary', () => {
  const [workEmail = {}, homeEmail = {}] = ada.emails as readonly JsonObject[]
  const club = { value: 'ada@club.example', type: 'other' }
  const three = { ...ada, emails: [workEmail, homeEmail, club] }
  const notWork = { ...workEmail, primary: false }

  test('is one value: a side that moved it decides', () => {
    const mine = { emails: [notWork, { ...homeEmail, primary: true }, club] }
    const theirs = { emails: [{ ...workEmail, display: 'Office' }, homeEmail, club] }
    expect(outcome(mine, theirs, {}, three)).toEqual({
      emails: [{ ...notWork, display: 'Office' }, { ...homeEmail, primary: true }, club],
    })
  })

  test('moved to two elements is a conflict, and a strategy names the element', () => {
    const mine = { emails: [notWork, { ...homeEmail, primary: true }, club] }
    const theirs = { emails: [notWork, homeEmail, { ...club, primary: true }] }
    expect(outcome(mine, theirs, {}, three)).toEqual(['emails[primary eq true]'])
    const primaryWith = (strategy: MergeOptions['strategy']): JsonValue => {
      const result = merge3(three, { ...three, ...mine }, { ...three, ...theirs }, strategy ? { strategy } : {})
      const list = result.kind === 'merged' ? (result.resource.emails as readonly JsonObject[]) : []
      return list.filter((one) => one.primary === true).map((one) => one.type ?? null)
    }
    expect(primaryWith('mine')).toEqual(['home'])
    expect(primaryWith('theirs')).toEqual(['other'])
    expect(primaryWith(() => ({ type: 'work', value: 'ADA@work.example' }))).toEqual(['work'])
    expect(primaryWith(() => null)).toEqual([])
    expect(() => primaryWith(() => ({ value: 'nobody' }))).toThrow('returned none of the merged elements')
  })

  test('may be the only part left of an element', () => {
    const base = { ...ada, addresses: [{ locality: 'Bath', primary: true }] }
    const mine = { addresses: [{ primary: true }] }
    expect(outcome(mine, {}, {}, base)).toEqual(mine)
    expect(outcome({}, mine, {}, base)).toEqual(mine)
  })

  test('is the other side’s where one side moved it to an element that did not stay', () => {
    const moved = { emails: [notWork, { ...homeEmail, primary: true }] }
    for (const [mine, theirs, strategy] of [
      [moved, emails('work'), 'theirs'],
      [emails('work'), moved, 'mine'],
    ] as const) {
      const result = merge3(ada, { ...ada, ...mine }, { ...ada, ...theirs }, { strategy })
      expect(result).toMatchObject({
        kind: 'merged',
        resource: emails('work'),
        resolved: [{ path: 'emails[value eq "ada@home.example"]', by: strategy, value: undefined }],
      })
    }
    expect(merge3(ada, { ...ada, ...moved }, { ...ada, ...emails('work') })).toMatchObject({
      kind: 'conflict',
      conflicts: [{ path: 'emails[value eq "ada@home.example"]' }],
      partial: emails('work'),
    })
  })

  test('is no conflict between a removed element and one that stays', () => {
    const moved = { emails: [notWork, { ...homeEmail, primary: true }] }
    const other = { emails: [notWork, { ...club, primary: true }] }
    for (const [mine, theirs, emails] of [
      [moved, other, 'theirs'],
      [other, moved, 'mine'],
    ] as const) {
      const strategies = { emails, 'emails.primary': emails === 'mine' ? 'theirs' : 'mine' } as const
      const result = merge3(ada, { ...ada, ...mine }, { ...ada, ...theirs }, { strategies })
      expect(result).toMatchObject({ kind: 'merged', resource: other })
      expect(result.resolved.map(({ path }) => path)).toEqual(['emails[value eq "ada@home.example"]'])
    }
  })

  test('is a conflict while no strategy has decided whether its element stays, and may be resolved', () => {
    const moved = { emails: [notWork, { ...homeEmail, primary: true }] }
    const other = { emails: [notWork, { ...club, primary: true }] }
    expect(outcome(moved, other)).toEqual(['emails[value eq "ada@home.example"]', 'emails[primary eq true]'])
    for (const answer of ['mine', ({ mine }: Conflict) => ({ ...(mine as JsonObject) })] as const) {
      const result = merge3(
        ada,
        { ...ada, ...moved },
        { ...ada, ...other },
        { strategies: { 'emails.primary': answer } },
      )
      expect(result).toMatchObject({ kind: 'conflict', partial: other })
      expect(result.resolved).toMatchObject([{ value: { type: 'home' } }])
    }
  })

  test('stays with the element that one side removed and the strategy keeps', () => {
    const display = { ...workEmail, display: 'Office' }
    expect(outcome(emails('home'), emails(display, 'home'), { strategy: 'theirs' })).toEqual(emails(display, 'home'))
    expect(outcome(emails(display, 'home'), emails('home'), { strategy: 'mine' })).toEqual(emails('home', display))
    expect(outcome(emails(display, 'home'), emails('home'), { strategy: () => workEmail })).toEqual(
      emails('home', 'work'),
    )
    const given = { ...workEmail, primary: false }
    expect(outcome(emails(display, 'home'), emails('home'), { strategy: () => given })).toEqual(emails('home', given))
  })

  test('given to an element that the other side removed is a conflict; taken from it is none', () => {
    const moved = { emails: [notWork, { ...homeEmail, primary: true }] }
    expect(outcome(moved, emails('work'))).toEqual(['emails[value eq "ada@home.example"]'])
    expect(outcome(moved, emails('home'))).toEqual({ emails: [{ ...homeEmail, primary: true }] })
  })
})
