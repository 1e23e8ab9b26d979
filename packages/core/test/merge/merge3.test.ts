/** The results of merge3 for the edits of two clients, case by case. */
import { describe, expect, test } from '@jest/globals'
import { type Conflict, merge3 } from '../../src/entry-points/merge.js'
import type { JsonObject } from '../../src/index.js'
import { core, enterprise, groupUrn } from '../resource/support/reading.js'
import { ada, emails, outcome, work } from './support/ada.js'
import { deviceExtension, deviceType, deviceUrn } from './support/documents.js'

describe('attributes', () => {
  test('the changes of each side are in the result, and so are its removals', () => {
    expect(outcome({ title: 'Countess' }, { nickName: 'Ada' })).toEqual({ title: 'Countess', nickName: 'Ada' })
    expect(outcome({ title: null }, { nickName: 'Ada' })).toEqual({ nickName: 'Ada' })
    const gone = merge3(ada, { ...ada, title: null }, ada)
    expect(gone.kind === 'merged' && 'title' in gone.resource).toBe(false)
  })

  test('two values for one attribute are a conflict, with all three', () => {
    const result = merge3(ada, { ...ada, title: 'Countess' }, { ...ada, title: 'Author' })
    expect(result).toMatchObject({
      kind: 'conflict',
      conflicts: [{ path: 'title', base: 'Analyst', mine: 'Countess', theirs: 'Author' }],
      resolved: [],
      partial: { title: 'Author' },
    })
    expect(result).not.toHaveProperty('resource')
  })

  test('to remove a value that the other side changed is a conflict', () => {
    expect(outcome({ title: null }, { title: 'Author' })).toEqual(['title'])
  })

  test('the same change on both sides is no conflict, in any case where case is ignored', () => {
    expect(outcome({ title: 'Countess' }, { title: 'countess' })).toEqual({ title: 'countess' })
    expect(outcome({ externalId: 'a' }, { externalId: 'A' })).toEqual(['externalId'])
    expect(outcome({ profileUrl: [] }, { profileUrl: null })).toEqual({})
  })

  test('a new spelling is kept, unless the other side has a new value', () => {
    expect(outcome({ title: 'ANALYST' }, {})).toEqual({ title: 'ANALYST' })
    expect(outcome({ title: 'ANALYST' }, { title: 'Author' })).toEqual({ title: 'Author' })
  })

  test('names in any case are one attribute', () => {
    expect(outcome({ TITLE: 'Countess', title: null } as JsonObject, {})).toEqual({ title: 'Countess' })
  })

  test('values that only the server sets are theirs', () => {
    const theirs = { meta: { resourceType: 'User', version: 'W/"2"' }, groups: [{ value: 'g' }] }
    const mine = { id: 'x', meta: { version: 'W/"0"' }, groups: [{ value: 'h' }], schemas: [core] }
    expect(outcome(mine, theirs)).toEqual(theirs)
  })
})

describe('parts', () => {
  test('of a name are merged one by one', () => {
    const result = outcome(
      { name: { givenName: 'Augusta', familyName: 'Byron' } },
      { name: { givenName: 'Ada', familyName: 'King' } },
    )
    expect(result).toEqual({ name: { givenName: 'Augusta', familyName: 'King' } })
    expect(outcome({ name: { givenName: 'Ada', familyName: 'King' } }, { name: { givenName: 'Ada' } })).toEqual([
      'name.familyName',
    ])
    expect(outcome({ name: null }, { name: { givenName: 'Ada', familyName: 'King' } })).toEqual(['name.familyName'])
  })

  test('of an extension too, and `schemas` shows whether it is there', () => {
    const without = { schemas: [core], [enterprise]: null }
    expect(
      outcome(
        { [enterprise]: { department: 'Poetry', manager: { value: '7' } } },
        { [enterprise]: { department: 'Engines' } },
      ),
    ).toEqual({
      [enterprise]: { department: 'Poetry' },
    })
    expect(outcome({ [enterprise]: { department: 'Poetry' } }, { [enterprise]: { department: 'Looms' } })).toEqual([
      `${enterprise}:department`,
    ])
    expect(outcome({}, {}, {}, { ...ada, ...without })).toEqual({})
    const brought = outcome({ [enterprise]: { department: 'Poetry' } }, {}, {}, { ...ada, ...without })
    expect(brought).toMatchObject({ schemas: [core, enterprise] })
    expect(outcome({ [enterprise]: null }, {})).toEqual({ schemas: [core] })
  })

  test('a new manager does not have the name of the old one', () => {
    const manager = (value: string): JsonObject => ({ [enterprise]: { department: 'Engines', manager: { value } } })
    expect(outcome(manager('8'), {})).toEqual(manager('8'))
    expect(outcome(manager('8'), manager('9'))).toEqual([`${enterprise}:manager.value`])
  })
})

describe('lists', () => {
  const newWork = { value: 'ada@engines.example', type: 'work', primary: true }
  const newHome = { value: 'ada@ockham.example', type: 'home' }
  const phone = { value: '+44', type: 'work' }

  test('a work address changed by one and a home address by the other both survive', () => {
    expect(outcome(emails(newWork, 'home'), emails('work', newHome))).toEqual(emails(newWork, newHome))
    const [workPlace, home] = ada.addresses as readonly JsonObject[]
    const mine = { addresses: [{ type: 'work', locality: 'Paris' }, home ?? {}] }
    const theirs = { addresses: [{ type: 'home', locality: 'Bath' }, workPlace ?? {}] }
    expect(outcome(mine, theirs)).toEqual({
      addresses: [
        { type: 'home', locality: 'Bath' },
        { type: 'work', locality: 'Paris' },
      ],
    })
  })

  test('elements that a side added are added, elements that a side removed are removed', () => {
    const other = { value: 'ada@club.example', type: 'other' }
    expect(outcome(emails('work', 'home', other), emails('work'))).toEqual(emails('work', other))
    expect(outcome({ phoneNumbers: [phone] }, { phoneNumbers: [{ value: '+33', type: 'home' }] })).toEqual({
      phoneNumbers: [{ value: '+33', type: 'home' }, phone],
    })
  })

  test('one element with two new values, or changed on one side and removed on the other, is a conflict about that element', () => {
    expect(outcome(emails(newWork, 'home'), emails({ ...newWork, value: 'x@y' }, 'home'))).toEqual([`${work}.value`])
    expect(outcome(emails('work'), emails('work', { value: 'ada@home.example', type: 'club' }))).toEqual([
      'emails[value eq "ada@home.example"]',
    ])
  })

  test('an element is named by a selector that no other element has', () => {
    const two = {
      emails: [
        { value: 'a"]', type: 'work' },
        { value: 'b', type: 'work' },
      ],
    }
    const display = (text: string): JsonObject => ({
      emails: [
        { value: 'a"]', type: 'work', display: text },
        { value: 'b', type: 'work' },
      ],
    })
    expect(outcome(display('x'), display('y'), {}, { ...ada, ...two })).toEqual(['emails[value eq "a\\"]"].display'])
  })

  test('both added one address: its parts are merged', () => {
    expect(
      outcome({ phoneNumbers: [{ ...phone, display: 'Desk' }] }, { phoneNumbers: [{ ...phone, primary: true }] }),
    ).toEqual({
      phoneNumbers: [{ ...phone, display: 'Desk', primary: true }],
    })
  })

  test('one side changed the address to the one that the other has added: it is there once', () => {
    const added = { value: 'ada@engines.example', type: 'work' }
    expect(outcome(emails({ ...added, primary: true }, 'home'), emails('work', 'home', added))).toEqual(
      emails('home', { ...added, primary: true }),
    )
    expect(
      outcome(emails('work', 'home', added), emails({ ...added, display: 'Engines', primary: true }, 'home')),
    ).toEqual(emails({ ...added, display: 'Engines', primary: true }, 'home'))
  })

  test('members are identified by their id alone', () => {
    const group = {
      schemas: [groupUrn],
      id: 'g',
      displayName: 'Guides',
      members: [
        { value: '1', type: 'User' },
        { value: '2', type: 'User' },
      ],
    }
    const mine = { members: [{ value: '1' }, { value: '2' }, { value: '3' }] }
    const theirs = { members: [{ value: '2', type: 'User', display: 'Bo' }] }
    expect(outcome(mine, theirs, {}, group)).toEqual({
      members: [{ value: '2', type: 'User', display: 'Bo' }, { value: '3' }],
    })
  })

  test('a member whose name the server looked up again has not changed', () => {
    const group = { schemas: [groupUrn], id: 'g', displayName: 'Guides', members: [{ value: '1' }, { value: '2' }] }
    const theirs = { members: [{ value: '1' }, { value: '2', display: 'Bo' }] }
    expect(outcome({ members: [{ value: '1' }] }, theirs, {}, group)).toEqual({ members: [{ value: '1' }] })
  })

  test('attributes of a member that only the server knows cannot be added by mine', () => {
    const group = { schemas: [groupUrn], id: 'g', displayName: 'Guides', members: [{ value: '1' }] }
    const mine = { members: [{ value: '1' }, { value: '2', type: 'User', display: 'Bo', $ref: '../Users/2' }] }
    expect(outcome(mine, {}, {}, group)).toEqual({ members: [{ value: '1' }, { value: '2', type: 'User' }] })
  })

  test('a member without an id that I have added is kept, for the server to refuse', () => {
    const group = { schemas: [groupUrn], id: 'g', displayName: 'Guides', members: [{ value: '1' }] }
    for (const stray of [{ $ref: '../Users/7' }, { display: 'Bo' }, { $ref: '../Users/7', type: 'User' }, {}]) {
      const mine = { members: [{ value: '1' }, stray] }
      expect(outcome(mine, { members: [{ value: '2' }] }, {}, group)).toEqual({ members: [{ value: '2' }, stray] })
      expect(outcome(mine, { members: null }, {}, group)).toEqual({ members: [stray] })
      expect(outcome(mine, mine, {}, group)).toMatchObject({ members: [{ value: '1' }, stray] })
    }
  })

  test('a member without an id that the server has returned does not count as written by mine', () => {
    const stray = { display: 'Bo' }
    const group = { schemas: [groupUrn], id: 'g', displayName: 'Guides', members: [{ value: '1' }, stray] }
    const theirs = { members: [{ value: '1' }, { value: '2' }] }
    expect(outcome({ displayName: 'Guards' }, theirs, {}, group)).toEqual({ displayName: 'Guards', ...theirs })
    const members = [{ value: '1' }, { $ref: '../Users/7' }]
    expect(outcome({ displayName: 'Guards' }, { members }, {}, group)).toEqual({ displayName: 'Guards', members })
  })

  test('duplicates in a list are combined', () => {
    const [workEmail] = ada.emails as readonly JsonObject[]
    expect(outcome(emails('work', 'home', { ...workEmail, value: 'ADA@work.example' }), {})).toEqual({})
  })

  test('two elements that became one are one', () => {
    const base = {
      ...ada,
      emails: [
        { value: 'a', type: 'home' },
        { value: 'b', type: 'work' },
      ],
    }
    const mine = emails({ value: 'a', type: 'work' }, { value: 'b', type: 'work' })
    const theirs = emails({ value: 'a', type: 'home' }, { value: 'a', type: 'work' })
    expect(outcome(mine, theirs, {}, base)).toEqual(emails({ value: 'a', type: 'work' }))
  })

  test('plain values are a set', () => {
    const device = { schemas: [deviceUrn], id: 'd', serial: 's', tags: ['a', 'b', 'c'] }
    const result = outcome({ tags: ['A', 'c', 'x'] }, { tags: ['d', 'c', 'b', 'a'] }, { type: deviceType }, device)
    expect(result).toEqual({ tags: ['d', 'c', 'A', 'x'] })
  })
})

describe('strategies', () => {
  const mine = { title: 'Countess', nickName: 'A', name: { givenName: 'Augusta', familyName: 'King' } }
  const theirs = { title: 'Author', nickName: 'B', name: { givenName: 'Adah', familyName: 'Lovelace' } }

  test('one for all, or one for each; the longest name wins and case is ignored', () => {
    expect(outcome(mine, theirs, { strategy: 'mine' })).toEqual(mine)
    expect(outcome(mine, theirs, { strategy: 'theirs' })).toEqual(theirs)
    const strategies = { TITLE: 'theirs', name: 'mine', 'Name.FamilyName': 'theirs' } as const
    expect(outcome(mine, theirs, { strategies })).toEqual(['nickName'])
    expect(outcome(mine, theirs, { strategies, strategy: 'mine' })).toEqual({
      title: 'Author',
      nickName: 'A',
      name: { givenName: 'Augusta', familyName: 'Lovelace' },
    })
  })

  test('extensions by URN, as a whole or by attribute', () => {
    const [poetry, looms] = ['Poetry', 'Looms'].map((department) => ({ [enterprise]: { department } }))
    for (const name of [enterprise.toUpperCase(), `${enterprise}:department`, 'department']) {
      expect(outcome(poetry ?? {}, looms ?? {}, { strategies: { [name]: 'mine' } })).toEqual(poetry)
    }
  })

  test('of three names for one place the longest wins', () => {
    const [eight, nine] = ['8', '9'].map((value) => ({ [enterprise]: { department: 'Engines', manager: { value } } }))
    const strategies = { [enterprise]: 'fail', [`${enterprise}:manager`]: 'mine' } as const
    expect(outcome(eight ?? {}, nine ?? {}, { strategies, strategy: 'theirs' })).toEqual(eight)
  })

  test('a function receives the conflict and returns the value', () => {
    const seen: Conflict[] = []
    const strategy = (conflict: Conflict): unknown => {
      seen.push(conflict)
      return `${conflict.mine} and ${conflict.theirs}`
    }
    const result = merge3(
      ada,
      { ...ada, title: 'Countess' },
      { ...ada, title: 'Author' },
      { strategies: { title: strategy } },
    )
    expect(seen).toEqual([{ path: 'title', base: 'Analyst', mine: 'Countess', theirs: 'Author' }])
    expect(result).toMatchObject({
      kind: 'merged',
      resource: { title: 'Countess and Author' },
      resolved: [{ path: 'title', by: 'function', value: 'Countess and Author' }],
    })
  })

  test('the result of a function must fit', () => {
    const give = (value: unknown) => () => outcome({ title: 'a' }, { title: 'b' }, { strategy: () => value })
    expect(give(null)()).toEqual({})
    expect(give(7)).toThrow('the strategy for title returned a value that title cannot have')
    expect(give(Promise.resolve('x'))).toThrow('the strategy for title returned a value that is not JSON')
    expect(give(new Date())).toThrow('not JSON')
    const refuse = (): never => {
      throw new RangeError('no decision here')
    }
    expect(() => outcome({ title: 'a' }, { title: 'b' }, { strategy: refuse })).toThrow(RangeError)
  })

  test('a member without an id is not a valid result for a member', () => {
    const group = { schemas: [groupUrn], id: 'g', displayName: 'Guides', members: [{ value: '1' }] }
    const give = (value: unknown) => () =>
      outcome({ members: [{ value: '1', type: 'User' }] }, { members: null }, { strategy: () => value }, group)
    expect(give({ value: '2' })()).toEqual({ members: [{ value: '2' }] })
    expect(give(null)()).toEqual({})
    expect(give({ display: 'Bo' })).toThrow(
      'the strategy for members[value eq "1"] returned a reference without a value',
    )
  })

  test('an unknown name or strategy is a TypeError', () => {
    expect(() => outcome({}, {}, { strategies: { tilte: 'mine' } })).toThrow(
      new TypeError('strategies: User has no attribute "tilte"'),
    )
    expect(() => outcome({}, {}, { strategies: { title: 'mien' as 'mine' } })).toThrow(
      new TypeError(`strategies["title"]: expected 'mine', 'theirs', 'fail' or a function, got mien`),
    )
    expect(() => outcome({}, {}, { strategies: { title: 'mine', Title: 'mine' } })).toThrow('duplicate name')
  })
})

describe('types', () => {
  const device = { schemas: [deviceUrn], id: 'd', serial: 's', bought: '2020-01-01T00:00:00Z', colour: 'red' }

  test('of a host, with its extensions', () => {
    const result = outcome({ ports: 2 }, { [deviceExtension]: { site: 'Bath' } }, { type: deviceType }, device)
    expect(result).toEqual({ ports: 2, schemas: [deviceUrn, deviceExtension], [deviceExtension]: { site: 'Bath' } })
  })

  test('an instant is compared in any zone; an immutable value that is left out stays', () => {
    const mine = { bought: '2020-01-01T01:00:00+01:00', colour: null, ports: 1 }
    expect(outcome(mine, { bought: '2021-01-01T00:00:00Z' }, { type: deviceType }, device)).toEqual({
      bought: '2021-01-01T00:00:00Z',
      ports: 1,
    })
  })

  test('readOnly values there are theirs, and no conflict', () => {
    const seen = (year: number): JsonObject => ({ seen: `${year}-01-01T00:00:00Z` })
    expect(outcome(seen(2022), seen(2021), { type: deviceType }, { ...device, ...seen(2020) })).toEqual(seen(2021))
  })

  test('must be determined, by `schemas` or as an option', () => {
    expect(() => merge3(device, device, device)).toThrow('pass the resource type')
  })

  test('attributes that no schema knows are merged as a whole, and can be named', () => {
    const extension = 'urn:example:unknown'
    const base = { ...ada, [extension]: { a: [1, 2], b: 1 } }
    const mine = { [extension]: { a: [1, 2, 3], b: 1 } }
    const theirs = { [extension]: { a: [1, 2], b: 2 } }
    expect(outcome(mine, theirs, {}, base)).toEqual({
      schemas: [core, enterprise, extension],
      [extension]: { a: [1, 2, 3], b: 2 },
    })
    const rival = { [extension]: { a: [0], b: 1 } }
    expect(outcome(mine, rival, {}, base)).toEqual([`${extension}:a`])
    expect(outcome(mine, rival, { strategies: { [`${extension}:a`]: 'mine' } }, base)).toMatchObject(mine)
  })

  test('a value of another shape than the schema defines is merged as a whole', () => {
    expect(outcome({ name: 'Ada' }, { title: 'x' })).toEqual({ name: 'Ada', title: 'x' })
    expect(outcome({ name: 'Ada' }, { name: { givenName: 'x' } })).toEqual(['name'])
  })

  test('a value that is not a document is a TypeError that says which', () => {
    const nobody = null as unknown as JsonObject
    expect(() => merge3(ada, nobody, ada)).toThrow(new TypeError('mine must be a resource, an object of attributes'))
    expect(() => merge3(ada, { ...ada, title: new Date() }, ada)).toThrow(
      new TypeError('mine: title contains a value that is not JSON'),
    )
    expect(() => merge3(ada, ada, { ...ada, Title: 'x' })).toThrow(new TypeError('theirs: duplicate attribute title'))
  })
})
