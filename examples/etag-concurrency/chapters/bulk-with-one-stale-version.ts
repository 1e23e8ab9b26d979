import type { BulkResult } from '@scimkit/client'
import { made, type Scene } from '../scene.js'

/** A bulk request with one operation that expects an old version. */
export async function bulkWithOneStaleVersion(scene: Scene): Promise<void> {
  const { story, hr } = scene
  story.chapter('Bulk, with one stale version in it')
  story.say(
    'A nightly job promotes three people in one request, each with the version that the job has read. The help desk has ' +
      'changed one of them since. The same request creates a group with a member that it also creates:',
  )
  const [frances, donald, tony] = await Promise.all(['frances', 'donald', 'tony'].map((name) => made(scene, name)))
  if (frances === undefined || donald === undefined || tony === undefined) throw new Error('three users were made')
  await scene.desk.users.patch(donald.id, [{ op: 'add', path: 'nickName', value: 'Don' }])

  const bulk = hr.bulk()
  const promote = [{ op: 'add', path: 'title', value: 'Fellow' }] as const
  const handles = {
    frances: bulk.users.patch(frances, promote),
    donald: bulk.users.patch(donald, promote),
    tony: bulk.users.patch(tony, promote),
    leslie: bulk.users.create({ userName: 'leslie' }),
  }
  const fellows = bulk.groups.create({
    displayName: 'Fellows',
    members: [{ value: frances.id }, { value: tony.id }, { value: handles.leslie.reference }],
  })
  const report = await bulk.send()

  const results = Object.entries({ ...handles, fellows }).map(([name, handle]) => [
    name,
    outcomeOf(report.resultOf(handle)),
  ])
  story.show(...results.map(([name = '', result = '']) => `${name.padEnd(8)} ${result}`))
  story.check('one is refused, the others are carried out', results, [
    ['frances', 'changed'],
    ['donald', 'versionMismatch'],
    ['tony', 'changed'],
    ['leslie', 'created'],
    ['fellows', 'created'],
  ])
  const members = (await hr.groups.get(idOf(report.resultOf(fellows)))).members?.map(({ value }) => value)
  const leslie = idOf(report.resultOf(handles.leslie))
  story.check('the group has all three members, the new one by her real id', members, [frances.id, tony.id, leslie])
  const untouched = await hr.users.get(donald.id)
  story.check(
    'the change of the help desk to Donald is kept',
    [untouched.nickName, untouched.title],
    ['Don', undefined],
  )
}

function outcomeOf(result: BulkResult): string {
  return result.kind === 'failed' ? result.failure.kind : result.kind
}

function idOf(result: BulkResult): string {
  if (result.kind !== 'created') throw new Error(`expected it to be created, it ended with ${outcomeOf(result)}`)
  return result.id
}
