import type { VersionChange } from '@scimkit/core/provider'
import { made, type Scene } from '../scene.js'

/** The changes of one user, from the provider's history. */
export async function theTimeline(scene: Scene): Promise<void> {
  const { story, hr, desk, provider, context } = scene
  story.chapter('The timeline of one user')
  story.say(
    'The provider is configured to keep the last twenty versions of each user: times and attributes, never values. ' +
      'Margaret has had a busy day.',
  )
  const { id } = await made(scene, 'margaret')
  await hr.users.update(id, (user) => ({
    ...user,
    title: 'Lead',
    name: { givenName: 'Margaret', familyName: 'Hamilton' },
  }))
  await desk.users.update(id, (user) => ({ ...user, emails: [{ value: 'margaret@example.com', type: 'work' }] }))
  await hr.users.update(id, (user) => ({ ...user, title: 'Director' }))
  await hr.users.update(id, (user) => ({ ...user, title: 'Director' }))
  await desk.users.update(id, ({ emails: _, ...user }) => ({ ...user, active: true }))

  const history = (await provider.history?.({ type: 'User', id }, context)) ?? []
  story.show(...[...history].reverse().map(lineOf))
  story.check('five versions; the update that changed nothing has no entry', history.length, 5)
  story.check(
    'each names the changed attributes',
    [...history].reverse().map(({ changed }) => changed.join(' ')),
    ['', 'name title', 'emails', 'title', 'emails active'],
  )
  const current = history[0]?.version
  story.check('the newest is the current tag', `W/"${String(current)}"`, (await hr.users.get(id)).meta?.version)
}

function lineOf({ version, at, changed }: VersionChange, i: number): string {
  return `${i === 0 ? '┌' : '├'}─ ${at.slice(11, 23)}  ${String(version).padEnd(27)} ${i === 0 ? 'hired' : changed.join(', ')}`
}
