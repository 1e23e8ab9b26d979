/**
 * A store that fails at the nth call, for every n: acknowledged writes exist when the file is opened again, no write is stored in
 * part, and a rejected write is reported as not written unless its outcome is unknown.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type JsonObject, type ResourceRef, rawVersion, ScimError } from '@scimkit/core'
import {
  type ConditionalResult,
  caseKey,
  type MembersDelta,
  type Next,
  type ResourceProvider,
  type Stored,
} from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { sqlProvider } from '../../src/provider.js'
import { type FailureMoment, failingConnection } from '../support/drivers/failing-connection.js'
import { brokenInvariants } from '../support/invariants.js'

const context = testContext()
const at = '2026-01-01T00:00:00.000Z'
const later = '2026-01-02T00:00:00.000Z'
const ada: ResourceRef = { type: 'User', id: 'ada' }
const bob: ResourceRef = { type: 'User', id: 'bob' }
const staff: ResourceRef = { type: 'Group', id: 'staff' }

const user = (id: string, attributes: JsonObject = {}): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id,
  userName: id,
  emails: [{ value: `${id}@example.com` }],
  ...attributes,
})
const group = (displayName: string): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  id: 'staff',
  displayName,
})

function nextOf(resource: JsonObject, version: string, time = at, members?: MembersDelta): Next {
  const { userName } = resource
  const unique = typeof userName === 'string' ? [{ attribute: 'userName', key: caseKey(userName) }] : []
  return { resource, version: rawVersion(version), at: time, unique, members }
}

type Write = (provider: ResourceProvider) => ReturnType<ResourceProvider['insert'] | ResourceProvider['remove']>

const writes: Readonly<Record<string, Write>> = {
  'insert of a user': (provider) => provider.insert(bob, nextOf(user('bob'), '1-b', later), context),
  'replace that changes keys': (provider) =>
    provider.replace(ada, rawVersion('1-a'), nextOf(user('ada', { userName: 'lovelace' }), '2-b', later), context),
  'insert of a group with members': (provider) =>
    provider.insert(
      { type: 'Group', id: 'other' },
      nextOf({ id: 'other', displayName: 'Other' }, '1-o', later, { add: [{ value: 'ada' }], remove: [] }),
      context,
    ),
  'members that are removed and added': (provider) =>
    provider.replace(
      staff,
      rawVersion('1-s'),
      nextOf(group('Staff'), '2-s', later, { add: [{ value: 'new' }], remove: ['ada'] }),
      context,
    ),
  'removal with a cascade': (provider) =>
    provider.remove(ada, rawVersion('1-a'), { at: later, nonce: '00c0ffee1dea' }, context),
}

describe.each(['before', 'after'] as const)('SQLite fails at the nth call, %s the call has run', (moment) => {
  describe.each(Object.keys(writes))('%s', (name) => {
    let folder = ''
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'scimkit-failing-'))
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it.each([true, false])('once: %s', async (once) => {
      const write = writes[name] as Write
      let refused = 0
      for (let nth = 1; ; nth++) {
        const file = join(folder, `${nth}-${once}.db`)
        const reached = await failAt(file, write, nth, moment, once)
        refused += reached.refused ? 1 : 0
        if (reached.calls < nth) break
      }
      // BEGIN, at least two statements, COMMIT.
      expect(refused).toBeGreaterThanOrEqual(4)
    })
  })
})

interface Reached {
  readonly calls: number
  readonly refused: boolean
}

async function failAt(file: string, write: Write, nth: number, moment: FailureMoment, once: boolean): Promise<Reached> {
  const failing = failingConnection(openSqlite(file))
  const provider = sqlProvider(sqliteDriver(failing.connection, { durability: 'normal' }))
  await provider.insert(ada, nextOf(user('ada'), '1-a'), context)
  await provider.insert(
    staff,
    nextOf(group('Staff'), '1-s', at, { add: [{ value: 'ada' }, { value: 'pending' }], remove: [] }),
    context,
  )
  const before = await everything(provider)

  failing.arm(nth, moment, once)
  const answer = await ended(() => write(provider))
  const calls = failing.disarm()
  await provider.close()

  const reopened = sqlProvider(sqliteDriver(openSqlite(file)))
  const now = await everything(reopened)
  await reopened.close()
  const driver = sqliteDriver(openSqlite(file))
  expect(await brokenInvariants(driver)).toEqual([])
  await driver.close()

  const changed = JSON.stringify(now) !== JSON.stringify(before)
  if (answer === 'success') expect(changed).toBe(true)
  if (answer === 'nothingWritten') expect(changed).toBe(false)
  if (changed) expect(await afterAllOf(write)).toEqual(now)
  return { calls, refused: answer !== 'success' }
}

type Answer = 'success' | 'nothingWritten' | 'unknown'

async function ended(write: () => ReturnType<Write>): Promise<Answer> {
  try {
    const result: ConditionalResult<unknown> = await write()
    expect(result.kind).toBe('success')
    return 'success'
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    expect(error.status).toBe(503)
    expect(error.headers['Retry-After']).toBeDefined()
    return error.message.includes('nothing was written') ? 'nothingWritten' : 'unknown'
  }
}

const complete = new Map<Write, unknown>()

/** The state after the complete write. */
async function afterAllOf(write: Write): Promise<unknown> {
  const known = complete.get(write)
  if (known !== undefined) return known
  const provider = sqlProvider(sqliteDriver(openSqlite(':memory:')))
  await provider.insert(ada, nextOf(user('ada'), '1-a'), context)
  await provider.insert(
    staff,
    nextOf(group('Staff'), '1-s', at, { add: [{ value: 'ada' }, { value: 'pending' }], remove: [] }),
    context,
  )
  await write(provider)
  const state = await everything(provider)
  complete.set(write, state)
  return state
}

async function everything(provider: ResourceProvider): Promise<readonly (Stored | undefined)[]> {
  const refs = [ada, bob, staff, { type: 'Group', id: 'other' }]
  const needs = { members: 'all', derived: true } as const
  const states: (Stored | undefined)[] = []
  for (const ref of refs) states.push(await provider.read(ref, needs, context))
  return states
}
