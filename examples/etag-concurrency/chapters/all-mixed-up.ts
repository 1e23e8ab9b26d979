import type { ScimClient } from '@scimkit/client'
import { made, type Scene } from '../scene.js'

/** Concurrent creates, reads, PUTs, PATCHes and deletes. */
export async function allMixedUp(scene: Scene): Promise<void> {
  const { story, hr, desk } = scene
  story.chapter('All requests concurrently')
  story.say(
    'Every kind of request at the same time, on one group and twelve people: all are added to the group, four are deleted ' +
      'while they are being added, and the group is renamed four times. A person who is deleted first is not added, because ' +
      'this server accepts only existing members; a person who is added first is removed from the group by the delete.',
  )
  const group = await hr.groups.create({ displayName: 'Round table' })
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => made(scene, `knight${i}`)))
  const clients: readonly ScimClient[] = [hr, desk]
  const add = (i: number, id: string) =>
    clients[i % 2]?.groups.patch(group.id, [{ op: 'add', path: 'members', value: [{ value: id }] }], { ifMatch: false })
  const rename = (client: ScimClient, name: string) =>
    client.groups.update(group.id, (now) => ({ ...now, displayName: name }), { attempts: 64 })
  const leavers = people.slice(0, 4)

  await Promise.all([
    ...people.map(({ id }, i) => add(i, id)),
    ...leavers.map(({ id }) => desk.users.delete(id, { ifMatch: false })),
    ...['Logres', 'Camelot', 'Avalon'].map((name) => rename(hr, name)),
    rename(desk, 'Tintagel'),
    hr.groups.get(group.id),
  ])

  const now = await hr.groups.get(group.id)
  const left = new Set(leavers.map(({ id }) => id))
  const there = now.members?.map(({ value }) => String(value)) ?? []
  const stayed = people.slice(4).map(({ id }) => id)
  story.show(`${now.displayName}, ${there.length} members, ${now.meta?.version}`)
  story.check(
    'all remaining people are members',
    stayed.every((id) => there.includes(id)),
    true,
  )
  story.check(
    'the group has no deleted members',
    there.filter((id) => left.has(id)),
    [],
  )
  const gone = await Promise.all(
    [...left].map((id) =>
      hr.users.get(id).then(
        () => 'there',
        () => 'gone',
      ),
    ),
  )
  story.check('all deleted people are gone', new Set(gone), new Set(['gone']))
}
