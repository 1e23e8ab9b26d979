import { describe, expect, test } from '@jest/globals'
import { createScim, rawVersion, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { forgetPasswordsOfRemoved, forgetPasswordsOfRemovedOnce } from '../../src/secrets/password-cleanup.js'
import { passwordRecordOf } from '../../src/secrets/password-record.js'
import { memoryFacts } from '../../src/store/memory-facts.js'

describe('password records of removed users', () => {
  const tenant = tenantId('one')
  const context = createScim({ provider: memoryProvider() }).context({ tenant })
  const ref = (id: string) => ({ type: 'User', id })
  const name = (id: string) => passwordRecordOf(tenant, ref(id))

  async function storeWith(ids: readonly string[]) {
    const provider = memoryProvider()
    const create = async (id: string) => {
      const next = {
        resource: { id, userName: id },
        version: rawVersion('1-a'),
        at: '',
        unique: [],
        members: undefined,
      }
      await provider.insert(ref(id), next, context)
    }
    for (const id of ids) await create(id)
    const facts = memoryFacts()
    return { provider, facts, create, writesAtOnce: 3 }
  }

  test('are deleted in batches, and no others', async () => {
    const store = await storeWith(['there'])
    for (let i = 0; i < 250; i++) await store.facts.swap(name(`gone${i}`), undefined, 'x')
    for (const other of [name('there'), 'password.', 'password.[1]', 'token'])
      await store.facts.swap(other, undefined, 'x')
    expect(await forgetPasswordsOfRemoved(store)).toBe(250)
    const left = (await store.facts.list('', '', 1_000)).map((fact) => fact.name)
    expect(left).toEqual(['password.', name('there'), 'password.[1]', 'records-of-removed', 'token'])
  })

  test('of a user with the same id, created in the meantime, are kept', async () => {
    const store = await storeWith([])
    await store.facts.swap(name('back'), undefined, 'old')
    const read: ResourceProvider['read'] = async (...given) => {
      const found = await store.provider.read(...given)
      await store.create('back')
      await store.facts.swap(name('back'), 'old', 'new')
      return found
    }
    expect(await forgetPasswordsOfRemoved({ ...store, provider: { ...store.provider, read } })).toBe(0)
    expect(await store.facts.read(name('back'))).toBe('new')
  })

  test('are left for the next start when the server is stopped or the store fails', async () => {
    const store = await storeWith([])
    await store.facts.swap(name('gone'), undefined, 'x')
    const stopped = AbortSignal.abort()
    expect(await forgetPasswordsOfRemovedOnce(store, stopped)).toBe(0)
    const failing = { ...store.provider, read: () => Promise.reject(new Error('no store')) }
    const running = new AbortController().signal
    await expect(forgetPasswordsOfRemovedOnce({ ...store, provider: failing }, running)).rejects.toThrow('no store')
    expect(await forgetPasswordsOfRemovedOnce(store, running)).toBe(1)
    await store.facts.swap(name('gone'), undefined, 'x')
    expect(await forgetPasswordsOfRemovedOnce(store, running)).toBe(0)
  })
})
