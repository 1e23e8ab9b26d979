/** The parts of the command that need no process to be tried. */
import { describe, expect, test } from '@jest/globals'
import { createScim, interopFrom, interopPresets, interopSwitchNames, rawVersion, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { parseInterop } from '../src/interop-flag.js'
import { memoryPasswords } from '../src/passwords.js'
import { seedUser } from '../src/seed-users.js'
import { newToken, tokenProblem } from '../src/token.js'
import { welcomeText } from '../src/welcome.js'

describe('--interop', () => {
  test('takes presets, switches, and switches off', () => {
    for (const preset of interopPresets) expect(parseInterop(preset)).toEqual({ preset })
    for (const name of interopSwitchNames) {
      expect(parseInterop(name)).toEqual({ preset: 'lenient', [name]: true })
      expect(parseInterop(`strict,no-${name}`)).toEqual({ preset: 'strict', [name]: false })
      expect(interopFrom(parseInterop(`no-${name}`))[name]).toBe(false)
    }
    expect(parseInterop(' uniqueGroupDisplayName , entra')).toEqual({ preset: 'entra', uniqueGroupDisplayName: true })
  })

  test.each(['', 'entra,', 'Entra', 'no-entra', 'entra,lenient', 'toString'])('refuses %j', (text) => {
    expect(() => parseInterop(text)).toThrow(TypeError)
  })
})

test('a new token is long, never the same, and would be accepted', () => {
  const tokens = Array.from({ length: 100 }, newToken)
  expect(new Set(tokens).size).toBe(100)
  for (const token of tokens) expect([token.length, tokenProblem(token)]).toEqual([80, undefined])
})

describe('passwords', () => {
  const cheap = { N: 2 }
  const tenant = tenantId('one')
  const ref = { type: 'User', id: '1' }
  const context = createScim({ provider: memoryProvider() }).context({ tenant })

  test('are known by tenant and resource, until they are removed', async () => {
    const passwords = memoryPasswords(cheap)
    await passwords.write(ref, 'Zoe\u0308 1', rawVersion('1-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zo\u00eb 1')).toBe(true)
    expect(await passwords.verify(tenant, ref, 'zoë 1')).toBe(false)
    expect(await passwords.verify(tenantId('two'), ref, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, '')).toBe(false)
    await passwords.write(ref, undefined, rawVersion('2-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zoë 1')).toBe(false)
  })

  test('are those of the last write, however long the hashes take', async () => {
    const passwords = memoryPasswords(cheap)
    const generations = [3, 1, 20, 2, 19, 4]
    await Promise.all(generations.map((n) => passwords.write(ref, `password ${n}`, rawVersion(`${n}-a`), context)))
    expect(await passwords.verify(tenant, ref, 'password 20')).toBe(true)
  })

  test('come from the core once a write has won, and never go back', async () => {
    const passwords = memoryPasswords(cheap)
    const scim = createScim({ provider: memoryProvider(), secrets: passwords })
    const body = { ...seedUser(0), password: 'analytical' }
    const created = await scim.perform({ kind: 'create', type: 'User', body }, context)
    if (created.kind !== 'created') throw new Error(created.kind)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(true)
    expect(created.value.text).not.toContain('analytical')
    await scim.perform({ kind: 'remove', ref: created.value.ref }, context)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(false)
  })
})

test('seed users are about 1 KB, and each is its own', () => {
  for (const i of [0, 9, 10_000]) {
    expect(JSON.stringify(seedUser(i)).length).toBeGreaterThan(800)
    expect(JSON.stringify(seedUser(i)).length).toBeLessThan(1_200)
    expect(seedUser(i)).toEqual(seedUser(i))
  }
})

test('the welcome names what to enter, in colour only where it may', () => {
  const facts = { url: 'http://127.0.0.1:3000/scim/v2', token: newToken(), entra: false }
  const plain = welcomeText(facts, false)
  for (const words of ['Tenant URL', 'Secret Token', 'base URL', 'userName', 'HTTP Header', facts.url, facts.token]) {
    expect(plain).toContain(words)
  }
  expect(plain).not.toContain('\u001b')
  expect(welcomeText(facts, true)).toContain('\u001b')
  expect(welcomeText({ ...facts, token: undefined }, false)).not.toContain('Authorization: Bearer undefined')
})
