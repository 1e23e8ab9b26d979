import { describe, expect, test } from '@jest/globals'
import { createScim, rawVersion, tenantId } from '@scimkit/core'
import type { ResourceProvider, Stored } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { isPasswordOf } from '../../src/secrets/password-hash.js'
import { passwordsIn } from '../../src/secrets/passwords.js'
import { memoryFacts } from '../../src/store/memory-facts.js'
import { seedUser } from '../../src/store/seed-users.js'

describe('passwords', () => {
  const cheap = { N: 2, r: 8, p: 1 }
  const tenant = tenantId('one')
  const ref = { type: 'User', id: '1' }
  const context = createScim({ provider: memoryProvider() }).context({ tenant })
  const stored: Stored = { ref, version: rawVersion('1-a'), created: '', lastModified: '', resource: {} }
  const present: Pick<ResourceProvider, 'read'> = { read: () => stored }

  test('are stored by tenant and resource, until they are removed', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    await passwords.write(ref, 'Zoe\u0308 1', rawVersion('1-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zo\u00eb 1')).toBe(true)
    expect(await passwords.verify(tenant, ref, 'zoë 1')).toBe(false)
    expect(await passwords.verify(tenantId('two'), ref, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, '')).toBe(false)
    await passwords.write(ref, undefined, rawVersion('2-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zoë 1')).toBe(false)
  })

  test('are those of the last write, for any duration of the hashes', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    const generations = [3, 1, 20, 2, 19, 4]
    await Promise.all(generations.map((n) => passwords.write(ref, `password ${n}`, rawVersion(`${n}-a`), context)))
    expect(await passwords.verify(tenant, ref, 'password 20')).toBe(true)
  })

  test('that were removed are not restored by the late call of an older write', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    await passwords.write(ref, 'too late', rawVersion('2-a'), context)
    expect(await passwords.verify(tenant, ref, 'too late')).toBe(false)
    await passwords.write(ref, 'in time', rawVersion('4-a'), context)
    expect(await passwords.verify(tenant, ref, 'in time')).toBe(true)
  })

  test('leave no record when the resource is removed, for any order of the calls', async () => {
    const facts = memoryFacts()
    let there = true
    const passwords = passwordsIn(facts, { read: () => (there ? stored : undefined) }, cheap)
    const record = () => facts.read('password.["one","User","1"]')
    await passwords.write(ref, 'a password', rawVersion('1-a'), context)
    expect(await record()).toContain('scrypt')
    there = false
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    expect(await record()).toBeUndefined()
    await passwords.write(ref, 'late', rawVersion('2-a'), context)
    expect(await record()).toBeUndefined()
    expect(await passwords.verify(tenant, ref, 'late')).toBe(false)
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    expect(await record()).toBeUndefined()
  })

  test('are stored as hashes only, each with a salt and its cost', async () => {
    const texts: string[] = []
    const facts = memoryFacts()
    const passwords = passwordsIn(
      {
        ...facts,
        swap: (name, expected, next) => {
          texts.push(`${name} ${next}`)
          return facts.swap(name, expected, next)
        },
      },
      present,
      cheap,
    )
    for (const id of ['1', '2']) await passwords.write({ ...ref, id }, 'analytical', rawVersion('1-a'), context)
    await passwords.write(ref, undefined, rawVersion('2-a'), context)
    const hashes = texts.map((text) => /scrypt\$2\$8\$1\$[\w-]{22}\$[\w-]{43}/.exec(text)?.[0])
    expect(hashes).toEqual([expect.any(String), expect.any(String), undefined])
    expect(hashes[0]).not.toBe(hashes[1])
    expect(texts.join()).not.toContain('analytical')
    expect(await isPasswordOf(hashes[0] ?? '', 'analytical')).toBe(true)
    await expect(isPasswordOf('analytical', 'analytical')).rejects.toThrow('Unknown format of a stored password hash')
  })

  test('are passed by the core after a write has succeeded, and are never in a response', async () => {
    const provider = memoryProvider()
    const passwords = passwordsIn(memoryFacts(), provider, cheap)
    const scim = createScim({ provider, secrets: passwords })
    const body = { ...seedUser(0), password: 'analytical' }
    const created = await scim.perform({ kind: 'create', type: 'User', body }, context)
    if (created.kind !== 'created') throw new Error(created.kind)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(true)
    expect(created.value.text).not.toContain('analytical')
    await scim.perform({ kind: 'remove', ref: created.value.ref }, context)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(false)
  })
})
