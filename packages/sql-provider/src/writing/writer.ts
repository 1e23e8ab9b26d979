/**
 * The writes: each is one list of steps that commits completely or not at all, with the expected version in the WHERE clause of a
 * step that must change a row. After a rejected write, a query finds the reason; if the reason no longer exists, a concurrent
 * writer has changed the state in between, and the write is retried.
 */
import { type ScimContext, scimError } from '@scimkit/core'
import {
  type AffectedResource,
  type ConditionalResult,
  duplicate,
  exactKey,
  type InTransaction,
  instantOf,
  type Member,
  type MembersDelta,
  mismatchOrNotFound,
  type Next,
  type RawVersion,
  type Removal,
  type Removed,
  type ResourceRef,
  rawVersion,
  runInPortions,
  type Steps,
  success,
  unknownMembers,
  type Written,
} from '@scimkit/core/provider'
import type { Row, Step, WriteEnd } from '../driver/driver.js'
import { HostError } from '../driver/host-code.js'
import { StoreFailure } from '../driver/store-failure.js'
import { type KeyRow, keyRows } from '../keys/key-rows.js'
import { newestSchema } from '../schema/migrations.js'
import { jsonPortions } from '../statement/json-portions.js'
import { decisiveStep, returningStep, step } from '../statement/template.js'
import { builtOnce } from '../store/built-once.js'
import type { Store } from '../store/store.js'
import { cascadeStatements } from './cascade-memberships.js'
import { columnsOf, idKeyOf } from './columns.js'
import { type Findings, refusalExplainer } from './explain-refusal.js'
import { idPortions, membersInStep } from './member-ids.js'
import { namingTheLongest } from './name-longest-value.js'
import { type RefValues, writeStatements } from './statements.js'
import { historySteps } from './write-history.js'
import { callerOf, outboxSteps } from './write-outbox.js'

/** The three writes of a provider. */
export interface Writer {
  insert(ref: ResourceRef, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  replace(ref: ResourceRef, expected: RawVersion, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  remove(
    ref: ResourceRef,
    expected: RawVersion,
    removal: Removal,
    context: ScimContext,
  ): Promise<ConditionalResult<Removed>>
}

// Most attempts of a write that was rejected for a reason that no longer exists: concurrent writers do not cause this so often.
const mostAttempts = 20

const builtFor = builtOnce((store) => ({
  statements: writeStatements(store.dialect),
  cascade: cascadeStatements(store),
  noted: historySteps(store),
  recorded: outboxSteps(store),
}))

/** The writes of a store. They throw a {@link StoreFailure} when the store fails, and 503 when its schema or indexes differ. */
export function writer(store: Store): Writer {
  const { statements, cascade, noted, recorded } = builtFor(store)
  const explainRefusal = refusalExplainer(store)
  const indexes = store.indexes.signature

  const keysOf = (ref: ResourceRef, next: Next): readonly KeyRow[] =>
    keyRows(next.resource, store.indexes.pathsOf(ref.type), next.unique)

  function keySteps(keys: readonly KeyRow[], values: RefValues, isNew: boolean): readonly Step[] {
    const portions = [...jsonPortions(keys, Number.POSITIVE_INFINITY, (row) => row)]
    const insertion = portions.map((rows) => step(statements.insertMissingKeys({ ...values, rows })))
    if (isNew) return insertion
    const [rows = '[]', more] = portions
    // The keys to keep are one list. If one parameter cannot hold the list, all keys are deleted and inserted again.
    const deletion =
      more === undefined ? statements.deleteOtherKeys({ ...values, rows }) : statements.deleteAllKeys(values)
    return [step(deletion), ...insertion]
  }

  // Each statement has few members, so that a write of many members can yield to the event loop between two of them.
  function* memberSteps(values: RefValues, delta: MembersDelta | undefined): Steps<readonly Step[]> {
    if (delta === undefined) return []
    const steps: Step[] = []
    for (const rows of jsonPortions(delta.remove, membersInStep, (id) => id)) {
      steps.push(step(statements.deleteMembers({ ...values, rows })))
      yield
    }
    for (const rows of delta.mustExist === true ? idPortions(delta.add) : []) {
      const ids = { tenant: values.tenant, rows }
      if (statements.holdIds !== undefined) steps.push(step(statements.holdIds(ids)))
      steps.push(step(statements.refuseUnknownIds(ids)))
      yield
    }
    const rowOf = ({ value, type }: Member) => [value, exactKey(value), type ?? null]
    for (const rows of jsonPortions(delta.add, membersInStep, rowOf)) {
      steps.push(step(statements.insertMembers({ ...values, rows })))
      yield
    }
    return steps
  }

  async function written(
    steps: readonly Step[],
    hostCode: InTransaction | undefined,
    describe: (error: unknown) => unknown,
  ): Promise<WriteEnd> {
    try {
      return await store.driver.write(steps, hostCode)
    } catch (error) {
      throw error instanceof HostError ? error.cause : describe(error)
    }
  }

  /**
   * Runs the steps and the code of the host until they are written or `explain` returns the reason of a rejection. `describe` maps
   * store failures.
   */
  async function settle<End>(
    steps: readonly Step[],
    hostCode: InTransaction | undefined,
    done: () => End,
    explain: () => Promise<End | undefined>,
    describe: (error: unknown) => unknown = (error) => error,
  ): Promise<End> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const end = await written(steps, hostCode, describe)
      if (end === 'written') return done()
      const reason = await explain()
      if (reason !== undefined) return reason
    }
    throw new StoreFailure(`write lost to concurrent writers ${mostAttempts} times`, 'nothingWritten')
  }

  function refusal(findings: Findings, next: Next): ConditionalResult<Written> | undefined {
    if (findings.state.indexes !== indexes) throw otherIndexes()
    const [taken] = findings.taken
    if (taken !== undefined) return duplicate(taken)
    if (next.members?.mustExist === true && findings.unknown.length > 0) return unknownMembers(findings.unknown)
    return undefined
  }

  return {
    async insert(ref, next, context) {
      const { tenant } = context
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      const keys = keysOf(ref, next)
      const row = { ...columnsOf(next), tenant, type: ref.type, id: ref.id, id_key: idKeyOf(ref), indexes }
      const steps = [
        decisiveStep(statements.insertResource(row)),
        ...keySteps(keys, values, true),
        ...(await runInPortions(memberSteps(values, next.members))),
        ...noted.insert(values),
        ...recorded.insert(values, next, context),
      ]
      return settle<ConditionalResult<Written>>(
        steps,
        next.inTransaction,
        () => success({ version: next.version, at: next.at }),
        async () => {
          const findings = await explainRefusal(tenant, ref, next)
          ensureOwnSchema(findings)
          if (findings.current !== undefined) throw new Error('insert: the tenant has a resource with this id')
          return refusal(findings, next)
        },
        (error) => namingTheLongest(error, keys, next.members?.add),
      )
    },

    async replace(ref, expected, next, context) {
      const { tenant } = context
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      const keys = keysOf(ref, next)
      // A second spread would be slow, and this code runs for every write.
      const row = { ...columnsOf(next), tenant, type: ref.type, id: ref.id, expected, indexes }
      const steps = [
        decisiveStep(statements.replaceResource(row)),
        ...keySteps(keys, values, false),
        ...(await runInPortions(memberSteps(values, next.members))),
        ...noted.replace(values, expected, next),
        ...recorded.replace(values, expected, next, context),
      ]
      return settle<ConditionalResult<Written>>(
        steps,
        next.inTransaction,
        () => success({ version: next.version, at: next.at }),
        async () => {
          const findings = await explainRefusal(tenant, ref, next)
          ensureOwnSchema(findings)
          const { current } = findings
          if (current?.type !== ref.type) return mismatchOrNotFound(undefined, expected)
          if (current.version !== expected) return mismatchOrNotFound(current, expected)
          return refusal(findings, next)
        },
        (error) => namingTheLongest(error, keys, next.members?.add),
      )
    },

    remove(ref, expected, { at, nonce, inTransaction }, context) {
      const { tenant } = context
      const values: RefValues = { tenant, type: ref.type, id: ref.id }
      const removed = {
        ...values,
        member_key: exactKey(ref.id),
        modified: at,
        modified_ms: instantOf(at) ?? 0,
        nonce,
        ...callerOf(context),
      }
      let affected: readonly AffectedResource[] = []
      const steps = [
        decisiveStep(statements.holdResource({ ...values, expected })),
        ...cascade.before.map((statement) => step(statement(removed))),
        returningStep(cascade.update(removed), (rows) => {
          affected = rows.map(affectedOf)
        }),
        ...cascade.after.map((statement) => step(statement(removed))),
        step(statements.deleteAllMembers(values)),
        step(statements.deleteAllKeys(values)),
        ...recorded.remove(values, expected, at, context),
        step(statements.deleteResource(values)),
      ]
      return settle<ConditionalResult<Removed>>(
        steps,
        inTransaction,
        () => success({ affected }),
        async () => {
          const findings = await explainRefusal(tenant, ref, undefined)
          ensureOwnSchema(findings)
          const { current } = findings
          if (current?.type !== ref.type) return mismatchOrNotFound(undefined, expected)
          return current.version === expected ? undefined : mismatchOrNotFound(current, expected)
        },
      )
    },
  }
}

function affectedOf({ type, id, version }: Row): AffectedResource {
  return { ref: { type: String(type), id: String(id) }, version: rawVersion(String(version)) }
}

function otherIndexes(): Error {
  return scimError.unavailable(
    'The database indexes other attributes than this process; nothing was written. Restart the process with the same option indexes.',
    30,
  )
}

/** Throws 503 if the schema has another version, because this process does not know its format of versions and keys. */
function ensureOwnSchema({ state: { schema } }: Findings): void {
  if (schema === newestSchema) return
  throw scimError.unavailable(
    'The database has another schema version than this process; nothing was written. Restart the process with the ScimKit version of the other processes.',
    30,
    new StoreFailure(
      `Write rejected: the database has schema ${schema}, this process needs schema ${newestSchema}. Restart this process with the ScimKit version of the other processes.`,
      'nothingWritten',
    ),
  )
}
