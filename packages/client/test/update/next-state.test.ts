/** `update()` that merges both sides after a conflict. */
import { describe, expect, test } from '@jest/globals'
import { failureOf, mergeWith, type User, unwrapUpdate } from '@scimkit/client'
import { memoryProvider } from '@scimkit/memory-provider'
import { bodyLost, dropAfter, dropBefore } from '../support/server.js'
import { after, increment, stage } from '../support/stage.js'

test('a strategy for an unknown attribute is reported at once', async () => {
  const { scim, user, requests } = await stage()
  const onConflict = mergeWith({ titel: 'mine' })
  await expect(scim.users.update(user.id, increment, { onConflict })).rejects.toThrow('"titel"')
  expect(requests.some(({ method }) => method === 'PATCH')).toBe(false)
})

describe('merging', () => {
  test('a change of one side is kept; the change function is not called again', async () => {
    const { scim, other, user, faults, now } = await stage()
    faults.push(after(other, user, 'displayName', 'theirs'))
    let calls = 0
    const change = (old: User): User => {
      calls++
      return { ...old, title: `${old.title} and ${old.displayName}` }
    }
    expect(await scim.users.update(user.id, change, { onConflict: mergeWith() })).toMatchObject({ kind: 'success' })
    expect([calls, await now()]).toMatchObject([1, { title: 'a and d', displayName: 'theirs' }])
  })

  test('an attribute that both sides changed is a conflict, or decided by a strategy', async () => {
    const { scim, other, user, faults, now } = await stage()
    const change = (old: User): User => ({ ...old, title: 'mine', nickName: '7' })
    faults.push(after(other, user, 'title', 'theirs'))
    const conflict = await scim.users.update(user.id, change, { onConflict: mergeWith() })
    expect(conflict).toMatchObject({
      kind: 'conflict',
      unresolved: [{ path: 'title', base: 'a', mine: 'mine', theirs: 'theirs' }],
      base: { title: 'a' },
      mine: { title: 'mine' },
      theirs: { title: 'theirs' },
    })
    expect(() => unwrapUpdate(conflict)).toThrow('concurrent writers also changed title')
    faults.push(after(other, user, 'title', 'theirs again'))
    expect(await scim.users.update(user.id, change, { onConflict: mergeWith({ title: 'theirs' }) })).toMatchObject({
      kind: 'success',
    })
    expect(await now()).toMatchObject({ title: 'theirs again', nickName: '7' })
  })
})

describe('merging with a server that keeps a history', () => {
  const remembering = () => stage(undefined, { provider: memoryProvider({ history: 20 }) })
  const change = (user: User): User => ({ ...user, title: 'mine' })
  const methods = (requests: readonly Request[]) => requests.slice(1).map(({ method }) => method)

  test('attributes that concurrent writers did not change are written without another read', async () => {
    const { scim, other, user, faults, requests, now } = await remembering()
    faults.push(after(other, user, 'nickName', '1'), after(other, user, 'displayName', 'e'))
    const result = await scim.users.update(user.id, change, { onConflict: mergeWith() })
    expect(result).toMatchObject({ kind: 'success', written: true, attempts: 3 })
    expect(methods(requests)).toEqual(['GET', 'PATCH', 'PATCH', 'PATCH'])
    expect(await now()).toMatchObject({ title: 'mine', nickName: '1', displayName: 'e' })
    expect(unwrapUpdate(result)).toEqual(await now())
  })

  test('a conflicting change is read, at the first conflict or at a later one', async () => {
    for (const paths of [['title'], ['nickName', 'title']]) {
      const { scim, other, user, faults, requests } = await remembering()
      faults.push(...paths.map((path) => after(other, user, path, 'theirs')))
      const result = await scim.users.update(user.id, change, { onConflict: mergeWith() })
      expect(result).toMatchObject({ kind: 'conflict', unresolved: [{ path: 'title', base: 'a', theirs: 'theirs' }] })
      expect(methods(requests)).toEqual(['GET', ...paths.map(() => 'PATCH'), 'GET'])
    }
  })

  test('after a lost response the resource is read again', async () => {
    const { scim, other, user, faults, now } = await remembering()
    faults.push(after(other, user, 'nickName', '1'), dropAfter)
    const result = await scim.users.update(user.id, change, { onConflict: mergeWith(), idempotent: true })
    expect(result).toMatchObject({ kind: 'success' })
    expect(await now()).toMatchObject({ title: 'mine', nickName: '1' })
  })

  test('a tag of an unread state is not cached: the next write does not undo concurrent changes', async () => {
    let isDown = false
    const { scim, other, user, faults, now } = await stage(
      ({ method, url }) => method === 'PATCH' || (isDown && url.includes('/Users/')),
      { provider: memoryProvider({ history: 20 }) },
    )
    faults.push(after(other, user, 'displayName', 'theirs'), (request, send) => {
      isDown = true
      faults.push(dropBefore)
      return bodyLost(request, send)
    })
    const result = await scim.users.update(user.id, change, { onConflict: mergeWith() })
    expect(result).toMatchObject({ kind: 'success', written: true, tag: undefined })
    const mine = unwrapUpdate(result)
    const failure = await scim.users.replace(mine, { ...mine, nickName: '9' }).catch(failureOf)
    expect(failure).toMatchObject({ kind: 'versionMismatch' })
    expect(await scim.users.delete(user.id).catch(failureOf)).toMatchObject({ kind: 'versionMismatch' })
    expect(await now()).toMatchObject({ title: 'mine', displayName: 'theirs' })
  })

  test('without a merge, the change needs a new read', async () => {
    const { scim, other, user, faults, requests } = await remembering()
    faults.push(after(other, user, 'displayName', 'e'))
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success', attempts: 2 })
    expect(methods(requests)).toEqual(['GET', 'PATCH', 'GET', 'PATCH'])
  })

  test('a PUT needs a new read', async () => {
    const { scim, other, user, faults, now } = await remembering()
    faults.push(after(other, user, 'nickName', '1'))
    await scim.users.update(user.id, change, { onConflict: mergeWith(), method: 'put' })
    expect(await now()).toMatchObject({ title: 'mine', nickName: '1' })
  })
})
