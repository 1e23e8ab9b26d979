/** What every store does with its outbox. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createScim, type JsonObject, tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import type { Change } from '../../../src/outbox/change.js'
import { OutboxGap } from '../../../src/outbox/read-changes.js'
import type { OpenOutboxStore, OutboxStore } from './outbox-stores.js'
import { allChanges, longAgo, version, writesTo } from './outbox-writes.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const context = testContext(tenantId('one'))
const add = (...ids: readonly string[]) => ({ members: { add: ids.map((value) => ({ value })), remove: [] } })

/** Binds the cases of the change feed and of the deliveries. */
export function outboxCases(name: string, open: OpenOutboxStore): void {
  describe(`${name}: the outbox`, () => {
    let store: OutboxStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    const named = (changes: readonly Change[]) => changes.map(({ kind, ref }) => `${kind} ${ref.id}`)
    const since = async <Value>(work: () => Promise<Value>): Promise<readonly Change[]> => {
      const before = await endOf(store)
      await work()
      return allChanges(store.provider, { after: before })
    }

    it('has one change for each commit, in order, with versions and documents', async () => {
      const { create, change, remove } = writesTo(store.provider, context)
      const changes = await since(async () => {
        await create('a', { kind: 'create' })
        await change('a', 2, { kind: 'patch', changed: ['title'] })
        await change('a', 3, { kind: 'replace', changed: ['active'], deprovisioned: true })
        await remove('a', 3)
      })
      expect(changes).toMatchObject([
        { kind: 'create', after: version(1), deprovisioned: false, document: { title: 'v1' } },
        { kind: 'patch', before: version(1), after: version(2), changed: ['title'], document: { title: 'v2' } },
        { kind: 'replace', before: version(2), after: version(3), changed: ['active'], deprovisioned: true },
        { kind: 'remove', before: version(3), deprovisioned: true, document: { title: 'v3' } },
      ])
      expect(changes.map((change) => 'after' in change)).toEqual([true, true, true, false])
      const [first] = changes
      expect(changes.map(({ position }) => position - (first?.position ?? 0))).toEqual([0, 1, 2, 3])
      expect(first).toMatchObject({ tenant: 'one', ref: { type: 'User', id: 'a' }, requestId: context.requestId })
    })

    it('a refused write has no change', async () => {
      const { create, change, remove } = writesTo(store.provider, context)
      const unique = [{ attribute: 'userName', key: 'taken' }]
      const changes = await since(async () => {
        expect(await create('b', { unique })).toBe('success')
        expect(await create('c', { unique })).toBe('duplicate')
        expect(await change('b', 5)).toBe('versionMismatch')
        expect(await change('absent', 2)).toBe('notFound')
        expect(await remove('b', 4)).toBe('versionMismatch')
        const unknown = { members: { add: [{ value: 'unknown' }], remove: [], mustExist: true as const } }
        expect(await change('b', 2, unknown)).toBe('unknownMembers')
      })
      expect(named(changes)).toEqual(['create b'])
    })

    it('a cascade is one change for each group that lost the member', async () => {
      const users = writesTo(store.provider, context)
      const groups = writesTo(store.provider, context, 'Group')
      const changes = await since(async () => {
        await users.create('m')
        for (const id of ['g1', 'g2']) await groups.create(id, add('m', 'other'))
        await groups.create('g3', add('other'))
        await users.remove('m', 1)
      })
      const cascades = changes.filter(({ kind }) => kind === 'cascade')
      expect(cascades.map(({ ref }) => ref.id).sort()).toEqual(['g1', 'g2'])
      for (const change of cascades) {
        expect(change).toMatchObject({
          before: version(1),
          changed: ['members'],
          removed: { type: 'User', id: 'm' },
          deprovisioned: false,
        })
        expect(change.document).toBeUndefined()
        const now = await store.provider.read(change.ref, { members: 'none', derived: false }, context)
        expect(change.after).toBe(now?.version)
      }
      expect(changes.filter(({ kind }) => kind === 'remove')).toHaveLength(1)
    })

    it('a group that has itself as a member is removed in one change', async () => {
      const groups = writesTo(store.provider, context, 'Group')
      const changes = await since(async () => {
        await groups.create('self', add('self'))
        await groups.remove('self', 1)
      })
      expect(named(changes)).toEqual(['create self', 'remove self'])
    })

    it('writes through the core have changes; a no-op has none', async () => {
      const scim = createScim({ provider: store.provider })
      const body: JsonObject = { schemas: [userSchema], userName: `core-${name}`, active: true }
      const changes = await since(async () => {
        const outcome = await scim.perform({ kind: 'create', type: 'User', body }, context)
        if (outcome.kind !== 'created') throw new Error(outcome.kind)
        const { ref } = outcome.value
        const Operations = [{ op: 'replace', path: 'title', value: 'Dr.' }]
        const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations }
        for (const _time of [1, 2]) await scim.perform({ kind: 'patch', ref, body: patch }, context)
        for (const active of [false, false]) {
          await scim.perform({ kind: 'replace', ref, body: { ...body, active } }, context)
        }
        await scim.perform({ kind: 'remove', ref }, context)
        await scim.perform(
          { kind: 'create', type: 'Group', body: { schemas: [groupSchema], displayName: 'all' } },
          context,
        )
      })
      expect(changes.map(({ kind, changed, deprovisioned }) => [kind, changed, deprovisioned])).toEqual([
        ['create', undefined, false],
        ['patch', ['title'], false],
        ['replace', ['title', 'active'], true],
        ['remove', undefined, true],
        ['create', undefined, false],
      ])
    })

    it('reads the changes of one tenant, and its position passes those of others', async () => {
      const before = await endOf(store)
      const other = testContext(tenantId('two'))
      for (const id of ['t1', 't2', 't3']) {
        await writesTo(store.provider, context).create(id)
        await writesTo(store.provider, other).create(id)
      }
      const first = await store.provider.outbox.read({ after: before, tenant: 'two', limit: 2 })
      expect(first.changes.map(({ tenant, ref }) => [tenant, ref.id])).toEqual([
        ['two', 't1'],
        ['two', 't2'],
      ])
      expect(first.next).toBe(first.changes.at(-1)?.position)
      const rest = await store.provider.outbox.read({ after: first.next, tenant: 'one' })
      expect(rest).toMatchObject({ changes: [{ ref: { id: 't3' } }] })
      const none = await store.provider.outbox.read({ after: before, tenant: 'three' })
      expect(none).toEqual({ changes: [], next: before + 6 })
    })

    it('a page ends at its documents', async () => {
      const before = await endOf(store)
      const { create } = writesTo(store.provider, context)
      for (const id of ['p1', 'p2', 'p3']) await create(id, { resource: { id, title: 'x'.repeat(1_000) } })
      const page = await store.provider.outbox.read({ after: before, characters: 2_500 })
      expect(named(page.changes)).toEqual(['create p1', 'create p2'])
      expect(named((await store.provider.outbox.read({ after: before, characters: 1 })).changes)).toEqual(['create p1'])
    })

    it('a position of another database is an OutboxGap', async () => {
      const end = await endOf(store)
      await expect(store.provider.outbox.read({ after: end + 1 })).rejects.toBeInstanceOf(OutboxGap)
      expect(await store.provider.outbox.read({ after: end })).toEqual({ changes: [], next: end })
    })

    it('delivers each change once, those of a resource in order, and retries after an error', async () => {
      const consumer = 'in order'
      const { create, change } = writesTo(store.provider, context)
      await store.provider.outbox.deliverDue(() => {}, { consumer, limit: 100_000 })
      for (const id of ['o1', 'o2']) {
        await create(id)
        for (const generation of [2, 3, 4]) await change(id, generation)
      }
      const seen: string[] = []
      let failures = 0
      const errors: string[] = []
      const pass = () =>
        store.provider.outbox.deliverDue(
          async ({ ref, after }, { attempt }) => {
            await new Promise((resume) => setTimeout(resume, 1))
            if (ref.id === 'o1' && after === version(2) && attempt < 3) {
              failures += 1
              throw new Error('not now')
            }
            seen.push(`${ref.id} ${after?.split('-')[0]}`)
          },
          {
            consumer,
            firstPauseMilliseconds: 1,
            longestPauseMilliseconds: 1,
            onError: (error, { outcome }) => errors.push(`${outcome}: ${String(error)}`),
          },
        )
      const reports = [await pass()]
      while (seen.length < 8) {
        await new Promise((resume) => setTimeout(resume, 5))
        reports.push(await pass())
      }
      expect(seen.filter((text) => text.startsWith('o1'))).toEqual(['o1 1', 'o1 2', 'o1 3', 'o1 4'])
      expect(seen.filter((text) => text.startsWith('o2'))).toEqual(['o2 1', 'o2 2', 'o2 3', 'o2 4'])
      expect(failures).toBe(2)
      expect(errors).toEqual(['retry: Error: not now', 'retry: Error: not now'])
      expect(reports.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(8)
      expect((await store.provider.outbox.consumers()).find((one) => one.name === consumer)).toEqual({
        name: consumer,
        lag: 0,
        waiting: 0,
        dead: 0,
      })
    })

    it('after the last attempt a change is dead: it does not block its resource, and can be retried or discarded', async () => {
      const consumer = 'dead letters'
      const { outbox } = store.provider
      const { create, change } = writesTo(store.provider, context)
      await outbox.deliverDue(() => {}, { consumer, limit: 100_000 })
      await create('d')
      await change('d', 2)
      await change('d', 3)
      const seen: string[] = []
      const pass = (failing: readonly number[]) =>
        outbox.deliverDue(
          ({ after }) => {
            const generation = Number(after?.split('-')[0])
            if (failing.includes(generation)) throw new Error(`refused ${generation}`)
            seen.push(`${generation}`)
          },
          { consumer, attempts: 1, onError() {} },
        )
      expect(await pass([1, 2])).toEqual({ delivered: 1, retried: 0, dead: 2, more: false })
      expect(seen).toEqual(['3'])
      const dead = await outbox.dead({ consumer })
      expect(dead).toMatchObject([
        { change: { ref: { id: 'd' }, after: version(1) }, attempts: 1, error: 'refused 1' },
        { change: { after: version(2) }, error: 'refused 2' },
      ])
      const [one = 0, two = 0] = dead.map(({ change: { position } }) => position)
      expect(await outbox.dead({ consumer, after: one })).toHaveLength(1)
      expect(await outbox.discard(consumer, two)).toBe(true)
      expect(await outbox.discard(consumer, two)).toBe(false)
      expect(await outbox.retry(consumer, one)).toBe(true)
      expect(await outbox.retry(consumer, one)).toBe(false)
      expect(await pass([])).toMatchObject({ delivered: 1, more: false })
      expect(seen).toEqual(['3', '1'])
      expect(await outbox.dead({ consumer })).toEqual([])
      expect(await outbox.forget(consumer)).toBe(true)
      expect(await outbox.forget(consumer)).toBe(false)
    })

    it('two processes share the changes, and a change whose lease has ended is delivered again', async () => {
      const consumer = 'shared'
      const { outbox } = store.provider
      const { create, change } = writesTo(store.provider, context)
      await outbox.deliverDue(() => {}, { consumer, limit: 100_000 })
      await create('s')
      await change('s', 2)
      await create('s2')
      const seen: string[] = []
      let release = (): void => {}
      const blocked = new Promise<void>((resolve) => {
        release = resolve
      })
      let signalled = false
      const problems: string[] = []
      const slow = outbox.deliverDue(
        async ({ ref, after }, { signal }) => {
          seen.push(`slow ${ref.id} ${after?.split('-')[0]}`)
          signal.addEventListener('abort', () => {
            signalled = true
            release()
          })
          await blocked
        },
        {
          consumer,
          concurrency: 1,
          limit: 1,
          leaseMilliseconds: 300,
          onError: (_, { outcome }) => problems.push(outcome),
        },
      )
      while (seen.length === 0) await new Promise((resume) => setTimeout(resume, 5))
      const fast = () =>
        outbox.deliverDue(
          ({ ref, after }, { attempt }) => {
            seen.push(`fast ${ref.id} ${after?.split('-')[0]} attempt ${attempt}`)
          },
          { consumer },
        )
      // The lease is extended while the handler runs.
      await new Promise((resume) => setTimeout(resume, 700))
      await fast()
      expect(seen).toEqual(['slow s 1', 'fast s2 1 attempt 1'])
      // As if the process had been suspended for longer than its lease.
      await store.ask('update scim_deliveries set due = 0')
      await fast()
      expect(seen.slice(2)).toEqual(['fast s 1 attempt 2', 'fast s 2 attempt 1'].map((text) => text))
      expect(await slow).toMatchObject({ delivered: 0 })
      expect(signalled).toBe(true)
      expect(problems).toEqual(['leaseLost'])
    })

    it('a handler that never ends has failed after its time: the change becomes dead, the next one is delivered', async () => {
      const consumer = 'endless'
      await store.provider.outbox.deliverDue(() => {}, { consumer })
      const { create, change } = writesTo(store.provider, context)
      await create('endless')
      await change('endless', 2)
      const signals: AbortSignal[] = []
      const options = { consumer, handlerMilliseconds: 30, attempts: 1, onError() {} }
      const report = await store.provider.outbox.deliverDue(({ after }, { signal }) => {
        if (after === undefined || !after.startsWith('1-')) return undefined
        signals.push(signal)
        return new Promise<void>(() => {})
      }, options)
      expect(report).toMatchObject({ delivered: 1, dead: 1 })
      expect(signals.map(({ aborted }) => aborted)).toEqual([true])
      expect(await store.provider.outbox.dead({ consumer })).toMatchObject([
        { error: 'the handler did not end within 30 ms' },
      ])
    })

    it('a delivery runs until it is stopped, and notices writes', async () => {
      const consumer = 'running'
      const { outbox } = store.provider
      const { create } = writesTo(store.provider, context)
      await outbox.deliverDue(() => {}, { consumer, limit: 100_000 })
      const seen: string[] = []
      const delivery = outbox.deliver(({ ref }) => void seen.push(ref.id), { consumer, pollMilliseconds: 50 })
      for (const id of ['r1', 'r2', 'r3']) await create(id)
      for (const deadline = performance.now() + 10_000; seen.length < 3 && performance.now() < deadline; ) {
        await new Promise((resume) => setTimeout(resume, 5))
      }
      await delivery.stop()
      expect([...seen].sort()).toEqual(['r1', 'r2', 'r3'])
      await create('r4')
      await new Promise((resume) => setTimeout(resume, 120))
      expect(seen).toHaveLength(3)
    })

    it('concurrent readers see one order without gaps', async () => {
      const before = await endOf(store)
      const { create } = writesTo(store.provider, context)
      const reads: (readonly number[])[] = []
      let writing = true
      const read = async (): Promise<void> => {
        for (let last = false; ; ) {
          const positions = (await allChanges(store.provider, { after: before })).map(({ position }) => position)
          reads.push(positions)
          if (last) return
          last = !writing
        }
      }
      const readers = [read(), read()]
      await Promise.all(Array.from({ length: 40 }, (_, i) => create(`c${i}`)))
      writing = false
      await Promise.all(readers)
      const all = Array.from({ length: 40 }, (_, i) => before + 1 + i)
      for (const positions of reads) expect(positions).toEqual(all.slice(0, positions.length))
      expect(reads.at(-1)).toEqual(all)
    })
  })

  describe(`${name}: the retention of the outbox`, () => {
    it('removes what is old enough and what every consumer has finished', async () => {
      const { provider, ask, close } = await open({ outbox: { retentionSeconds: 3_600 } })
      const { create } = writesTo(provider, context)
      const { outbox } = provider
      await outbox.deliverDue(() => {}, { consumer: 'slow' })
      for (const id of ['a', 'b', 'c']) await create(id, { at: longAgo })
      await create('new')
      expect(await outbox.prune()).toBe(0)
      await outbox.deliverDue(
        ({ ref }) => {
          if (ref.id === 'b') throw new Error('never')
        },
        { consumer: 'slow', attempts: 1, onError() {} },
      )
      // The pass itself has removed a and c: b is held by its dead delivery, and the last one is too young.
      expect((await allChanges(provider)).map(({ ref }) => ref.id)).toEqual(['b', 'new'])
      await expect(outbox.read({ after: 1 })).rejects.toThrow('were removed at the end of their retention')
      expect((await outbox.read({ after: 3 })).changes).toHaveLength(1)
      // A new consumer does not get b: later changes of the same resource may be removed already.
      const early: string[] = []
      await outbox.deliverDue(({ ref }) => void early.push(ref.id), { consumer: 'early' })
      expect(early).toEqual(['new'])
      expect(await outbox.discard('slow', 2)).toBe(true)
      expect(await outbox.prune()).toBe(1)
      expect(await outbox.prune()).toBe(0)
      // A new consumer gets what is kept.
      const seen: string[] = []
      await outbox.deliverDue(({ ref }) => void seen.push(ref.id), { consumer: 'late' })
      expect(seen).toEqual(['new'])
      expect((await ask('select value from scim_meta')).length).toBeGreaterThan(0)
      await close()
    })

    it('every function of an outbox that is off throws an Error that names the option', async () => {
      const { provider, close } = await open({})
      const { outbox } = provider
      const names = ['read', 'deliverDue', 'dead', 'retry', 'discard', 'consumers', 'forget', 'prune'] as const
      for (const one of names) {
        await expect((outbox[one] as () => Promise<unknown>)()).rejects.toThrow('outbox: true')
      }
      expect(() => outbox.deliver(() => {}, { consumer: 'x' })).toThrow('outbox: true')
      expect(provider.recordsChanges).toBeUndefined()
      await close()
    })
  })
}

/** The last position now. */
async function endOf({ provider }: OutboxStore): Promise<number> {
  let next = 0
  for (;;) {
    const page = await provider.outbox.read({ after: next, limit: 1_000 })
    if (page.changes.length === 0) return page.next
    next = page.next
  }
}
