import { createClient, failureOf, filter, type Group, type UpdateResult, type User } from '@scimkit/client'
import { noAuthentication } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'

export async function run(): Promise<void> {
  const handler = fetchHandler({ provider: memoryProvider(), authenticate: noAuthentication() })
  const scim = createClient('https://app.example/', { fetch: (url, init) => handler(new Request(url, init)) })
  const ada: User = await scim.users.create({ userName: 'ada' })
  const found = await scim.users.find(filter`userName eq ${'ADA'}`)
  if (found?.id !== ada.id) throw new Error('not found')
  const result: UpdateResult<User> = await scim.users.update(ada, (user) => ({ ...user, title: 'Countess' }))
  if (result.kind !== 'success' || result.resource.title !== 'Countess') throw new Error(JSON.stringify(result))
  const stale = await scim.users.replace(ada, { ...ada, title: 'Lady' }).catch((caught: unknown) => failureOf(caught))
  if (stale === undefined || !('kind' in stale) || stale.kind !== 'versionMismatch') throw new Error('not refused')
  const names: string[] = []
  const group: Group = await scim.groups.create({ displayName: 'Guides', members: [{ value: ada.id }] })
  for await (const { displayName } of scim.groups.all()) names.push(displayName)
  if (names.join() !== group.displayName) throw new Error(names.join())
}
