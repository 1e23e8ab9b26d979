/** The resource of the authenticated subject. @see RFC 7644 §3.11 */
import { expect, test } from '@jest/globals'
import { createClient } from '@scimkit/client'
import { tenantId } from '@scimkit/core'
import { failureIn } from './support/failure-in.js'
import { base, server } from './support/server.js'

test('/Me', async () => {
  const fetch = server({
    authenticate: () => ({ tenant: tenantId('one'), principal: 'ada' }),
    me: () => (id === undefined ? undefined : { type: 'User', id }),
  })
  const { me, users } = createClient(base, { fetch })
  let id: string | undefined
  expect(await failureIn(me.get())).toMatchObject({ kind: 'notFound' })
  id = (await users.create({ userName: 'ada' })).id
  expect(await me.get({ attributes: ['userName'] })).toMatchObject({ id, userName: 'ada' })
  expect(await me.patch([{ op: 'add', path: 'title', value: 'x' }])).toMatchObject({ title: 'x' })
  const seen = await me.get()
  await users.patch(id, [{ op: 'add', path: 'nickName', value: 'y' }], { ifMatch: false })
  expect(await failureIn(me.replace({ ...seen, title: 'z' }))).toMatchObject({ kind: 'versionMismatch' })
  expect(await me.update((ada) => ({ ...ada, title: 'z' }))).toMatchObject({ resource: { title: 'z', nickName: 'y' } })
  await me.delete()
  expect(await failureIn(users.get(id))).toMatchObject({ kind: 'notFound' })
})
