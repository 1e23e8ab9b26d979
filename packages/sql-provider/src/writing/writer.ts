/**
 * The writes: each is one list of steps that commits whole or not at all, with the expected version in the WHERE clause
 * of a step that must change a row. Why a write did not happen is asked afterwards; if nothing explains it any more, a
 * rival has come and gone, and the write is tried again.
 */
import {
  type ConditionalResult,
  conflict,
  duplicate,
  exactKey,
  instantOf,
  type MembersDelta,
  type Next,
  type RawVersion,
  type Removal,
  type ResourceRef,
  type ScimContext,
  type Steps,
  scimError,
  success,
  unhurried,
  unknownMembers,
  type Written,
} from '@scimkit/core'
import type { Step } from '../driver/driver.js'
import { StoreFailure } from '../driver/store-failure.js'
import { newestSchema } from '../schema/migrations.js'
import { builtOnce } from '../statements/built-once.js'
import { decisiveStep, step } from '../statements/template.js'
import type { Store } from '../store.js'
import { columnsOf, idKeyOf } from './columns.js'
import { historySteps } from './history.js'
import { type Findings, inquirer } from './inquire.js'
import { keyRows } from './key-rows.js'
import { leavingStatements } from './leaving.js'
import { type RefValues, writeStatements } from './statements.js'

/** The three writes of a provider. */
export interface Writer {
  insert(ref: ResourceRef, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  replace(ref: ResourceRef, expected: RawVersion, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  remove(
    ref: ResourceRef,
    expected: RawVersion,
    removal: Removal,
    context: ScimContext,
  ): Promise<ConditionalResult<void>>
}

// A write that was refused for a reason that is gone when asked for: rivals that come and go so often are no rivals.
const mostAttempts = 20

const builtFor = builtOnce((store) => ({
  statements: writeStatements(store.dialect),
  leaveGroups: leavingStatements(store),
  noted: historySteps(store),
}))

/** The writes on a store. They throw a {@link StoreFailure} when the store fails, and 503 when its schema or its indexes are others. */
export function writer(store: Store): Writer {
  const { statements, leaveGroups, noted } = builtFor(store)
  const inquire = inquirer(store)
  const indexes = store.indexes.signature

  function keySteps(ref: ResourceRef, values: RefValues, next: Next, isNew: boolean): readonly Step[] {
    const keys = keyRows(next.resource, store.indexes.pathsOf(ref.type), next.unique)
    const rowed = { ...values, rows: JSON.stringify(keys) }
    const insertion = keys.length === 0 ? [] : [step(statements.insertMissingKeys(rowed))]
    return isNew ? insertion : [step(statements.deleteOtherKeys(rowed)), ...insertion]
  }

  // Each statement has few members, so that a write of many can rest between two of them.
  function* memberSteps(values: RefValues, delta: MembersDelta | undefined): Steps<readonly Step[]> {
    if (delta === undefined) return []
    const steps: Step[] = []
    for (const ids of portionsOf(delta.remove)) {
      steps.push(step(statements.deleteMembers({ ...values, rows: JSON.stringify(ids) })))
      yield
    }
    for (const members of delta.mustExist === true ? portionsOf(delta.add) : []) {
      const ids = { tenant: values.tenant, rows: JSON.stringify(members.map((member) => member.value)) }
      if (statements.holdIds !== undefined) steps.push(step(statements.holdIds(ids)))
      steps.push(step(statements.refuseUnknownIds(ids)))
      yield
    }
    for (const members of portionsOf(delta.add)) {
      const rows = members.map(({ value, type }) => [value, exactKey(value), type ?? null])
      steps.push(step(statements.insertMembers({ ...values, rows: JSON.stringify(rows) })))
      yield
    }
    return steps
  }

  /** Runs the steps until they are written or something explains why not. */
  async function settle<End>(
    steps: readonly Step[],
    done: () => End,
    explain: () => Promise<End | undefined>,
  ): Promise<End> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const end = await store.driver.write(steps)
      if (end === 'written') return done()
      const reason = await explain()
      if (reason !== undefined) return reason
    }
    throw new StoreFailure('rivals came first again and again', 'nothingWritten')
  }

  function refusal(findings: Findings, next: Next): ConditionalResult<Written> | undefined {
    if (findings.state.indexes !== indexes) throw otherIndexes()
    const [taken] = findings.taken
    if (taken !== undefined) return duplicate(taken)
    if (next.members?.mustExist === true && findings.unknown.length > 0) return unknownMembers(findings.unknown)
    return undefined
  }

  return {
    async insert(ref, next, { tenant }) {
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      const row = { ...columnsOf(next), tenant, type: ref.type, id: ref.id, id_key: idKeyOf(ref), indexes }
      const steps = [
        decisiveStep(statements.insertResource(row)),
        ...keySteps(ref, values, next, true),
        ...(await unhurried(memberSteps(values, next.members))),
        ...noted.insert(values),
      ]
      return settle<ConditionalResult<Written>>(
        steps,
        () => success({ version: next.version, at: next.at }),
        async () => {
          const findings = await inquire(tenant, ref, next)
          ensureOwnSchema(findings)
          if (findings.current !== undefined) throw new Error('insert: the tenant has a resource with this id')
          return refusal(findings, next)
        },
      )
    },

    async replace(ref, expected, next, { tenant }) {
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      // Spreads beyond the first are slow, and this is every write.
      const row = { ...columnsOf(next), tenant, type: ref.type, id: ref.id, expected, indexes }
      const steps = [
        decisiveStep(statements.replaceResource(row)),
        ...keySteps(ref, values, next, false),
        ...(await unhurried(memberSteps(values, next.members))),
        ...noted.replace(values, expected, next),
      ]
      return settle<ConditionalResult<Written>>(
        steps,
        () => success({ version: next.version, at: next.at }),
        async () => {
          const findings = await inquire(tenant, ref, next)
          ensureOwnSchema(findings)
          const { current } = findings
          if (current?.type !== ref.type) return conflict(undefined, expected)
          if (current.version !== expected) return conflict(current, expected)
          return refusal(findings, next)
        },
      )
    },

    remove(ref, expected, { at, nonce }, { tenant }) {
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      const leaving = {
        tenant,
        id: ref.id,
        member_key: exactKey(ref.id),
        modified: at,
        modified_ms: instantOf(at) ?? 0,
        nonce,
      }
      const steps = [
        decisiveStep(statements.holdResource({ ...values, expected })),
        ...leaveGroups.map((leave) => step(leave(leaving))),
        step(statements.deleteAllMembers(values)),
        step(statements.deleteAllKeys(values)),
        step(statements.deleteResource(values)),
      ]
      return settle<ConditionalResult<void>>(
        steps,
        () => success(undefined),
        async () => {
          const findings = await inquire(tenant, ref, undefined)
          ensureOwnSchema(findings)
          const { current } = findings
          if (current?.type !== ref.type) return conflict(undefined, expected)
          return current.version === expected ? undefined : conflict(current, expected)
        },
      )
    },
  }
}

const membersInStep = 1_000

function* portionsOf<Value>(list: readonly Value[]): Generator<readonly Value[]> {
  for (let at = 0; at < list.length; at += membersInStep) yield list.slice(at, at + membersInStep)
}

function otherIndexes(): Error {
  return scimError.unavailable(
    'The attributes indexed in the database are not those of this process; it has to be started anew with the same.',
    30,
  )
}

/** Throws 503 if the schema is of another version. What a version or a key is there, this process cannot know. */
function ensureOwnSchema({ state: { schema } }: Findings): void {
  if (schema === newestSchema) return
  throw scimError.unavailable(
    'The database has another schema version than this process; nothing was written. Start the process again with the version of the others.',
    30,
    new StoreFailure(
      `A write was refused: the database has schema ${schema}, this process has version ${newestSchema} of it. Start this process again with the version of ScimKit that the others have.`,
      'nothingWritten',
    ),
  )
}
