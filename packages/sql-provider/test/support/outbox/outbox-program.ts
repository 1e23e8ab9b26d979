/**
 * The program of a process on a store with an outbox, to be killed without warning. As a writer it prints each acknowledged change;
 * as a consumer it appends the begin and the end of each delivery to a file, which all consumers share.
 */
import { appendFileSync, writeSync } from 'node:fs'
import { createScim, type JsonObject, tenantId } from '@scimkit/core'
import type { ResourceProvider, ResourceRef } from '@scimkit/core/provider'
import { postgresProvider } from '../../../src/postgres.js'
import { sqliteProvider } from '../../../src/sqlite.js'
import type { OutboxJob } from './outbox-processes.js'

const job = JSON.parse(process.argv[2] ?? '{}') as OutboxJob
const options = { outbox: true, migrations: 'never' } as const
const provider = job.store.startsWith('postgres:')
  ? postgresProvider(job.store, { ...options, maxConnections: 3 })
  : sqliteProvider(job.store, { ...options, durability: 'normal' })

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`)

/** A provider that prints each acknowledged change. */
function printing(inner: ResourceProvider): ResourceProvider {
  return {
    ...inner,
    async insert(ref, next, context) {
      const end = await inner.insert(ref, next, context)
      if (end.kind === 'success') say({ ...ref, after: end.value.version })
      return end
    },
    async replace(ref, expected, next, context) {
      const end = await inner.replace(ref, expected, next, context)
      if (end.kind === 'success') say({ ...ref, after: end.value.version })
      return end
    },
    async remove(ref, expected, removal, context) {
      const end = await inner.remove(ref, expected, removal, context)
      if (end.kind === 'success') {
        say({ ...ref, removed: true })
        for (const { ref: group, version } of end.value.affected) say({ ...group, after: version })
      }
      return end
    },
  }
}

async function write(groups: readonly string[]): Promise<void> {
  const scim = createScim({ provider: printing(provider) })
  const context = scim.context({ tenant: tenantId('one') })
  const patchOf = (operation: JsonObject): JsonObject => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [operation],
  })
  const patch = (ref: ResourceRef, operation: JsonObject) =>
    scim.perform({ kind: 'patch', ref, body: patchOf(operation) }, context)
  for (let turn = 0; ; turn++) {
    try {
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: crypto.randomUUID() }
      const made = await scim.perform({ kind: 'create', type: 'User', body }, context)
      if (made.kind !== 'created') throw new Error(made.kind)
      const { ref } = made.value
      const member = { op: 'add', path: 'members', value: [{ value: ref.id }] }
      for (const id of groups) if (Math.random() < 0.6) await patch({ type: 'Group', id }, member)
      await patch(ref, { op: 'replace', path: 'title', value: `turn ${turn}` })
      if (Math.random() < 0.8) await scim.perform({ kind: 'remove', ref }, context)
    } catch (error) {
      // A busy store; whatever it has committed is in its outbox.
      if (!(error instanceof Error) || error.name !== 'ScimError') throw error
    }
  }
}

function consume(log: string, pause: number): void {
  const note = (what: 'begin' | 'end', position: number, ref: ResourceRef): void =>
    appendFileSync(log, `${JSON.stringify([what, position, ref.type, ref.id])}\n`)
  provider.outbox.deliver(
    async ({ position, ref }) => {
      note('begin', position, ref)
      await new Promise((resume) => setTimeout(resume, Math.random() * pause))
      note('end', position, ref)
    },
    { consumer: 'proof', concurrency: 4, leaseMilliseconds: 600, pollMilliseconds: 50, attempts: 1_000, onError() {} },
  )
}

say({ ready: true })
if (job.role === 'write') await write(job.groups)
else consume(job.log, job.pause)
