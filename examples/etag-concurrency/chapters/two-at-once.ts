import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, failureOf, mergeWith, type ScimClient, unwrapUpdate } from '@scimkit/client'
import { made, type Scene } from '../scene.js'

/** A client that notes how long it waits between two attempts. */
function writerWithWaits(url: string): { readonly client: ScimClient; readonly waits: number[] } {
  const waits: number[] = []
  const wait = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds)
    await sleep(milliseconds)
  }
  return { client: createClient(url, { ports: { sleep: wait } }), waits }
}

// The default back-off of update(): 20 ms · 2ⁿ, at most 2 s.
function limitOf(retry: number): number {
  return Math.min(2_000, 20 * 2 ** retry)
}

/** Two concurrent writers: without a retry, with one, and merged. */
export async function twoAtOnce(scene: Scene): Promise<void> {
  const { story, hr, desk } = scene
  story.chapter('Two concurrent writers')
  story.say(
    'Both have read the record of Radia, and both save at the same moment, each with the version that was read:',
  )
  const radia = await made(scene, 'radia')
  await desk.users.get(radia.id)
  const ends = await Promise.allSettled([
    hr.users.patch(radia.id, [{ op: 'add', path: 'title', value: 'Fellow' }]),
    desk.users.patch(radia.id, [{ op: 'add', path: 'nickName', value: 'Mother of the Internet' }]),
  ])
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [failureOf(end.reason)?.kind] : []))
  story.check('one of them succeeds; the other gets a conflict, and can retry', refused, ['versionMismatch'])

  story.say(
    'The client contains the retry loop that this requires: update() reads, applies the change, writes with the version ' +
      'it read, and retries after a conflict, with random pauses and within limits. Sixteen concurrent writers, each adding ' +
      'one address:',
  )
  const writers = Array.from({ length: 16 }, () => writerWithWaits(scene.url))
  const barrier = writers.map(({ client }, i) =>
    client.users.update(
      radia.id,
      (user) => ({ ...user, emails: [...(user.emails ?? []), { value: `radia+${i}@example.com` }] }),
      { attempts: 64 },
    ),
  )
  const results = await Promise.all(barrier)
  const attempts = results.reduce((sum, result) => sum + result.attempts, 0)
  const now = await hr.users.get(radia.id)
  const most = writers.reduce((longest, one) => (one.waits.length > longest.waits.length ? one : longest))
  story.show(
    `${results.length} writers, ${attempts} attempts; the one with the most conflicts waited:`,
    ...most.waits.map(
      (wait, i) => `  after attempt ${i + 1}: ${wait.toFixed(1).padStart(6)} ms, at random below ${limitOf(i)} ms`,
    ),
  )
  story.check(
    'each wait is within its limit, which doubles',
    most.waits.every((wait, i) => wait < limitOf(i)),
    true,
  )
  story.check('all of them are stored', now.emails?.length, 16)

  story.say(
    'Some changes cannot be repeated: a person filled in a form. Then both sides are merged against the version that both ' +
      'started from. An attribute that only one of them changed is kept:',
  )
  const form = await hr.users.get(radia.id)
  let interfered = false
  const merged = await hr.users.update(
    form.id,
    async (user) => {
      // The help desk writes while the person types.
      if (!interfered) await desk.users.update(form.id, (other) => ({ ...other, timezone: 'America/New_York' }))
      interfered = true
      return { ...user, title: 'Chief Scientist' }
    },
    { onConflict: mergeWith() },
  )
  const both = unwrapUpdate(merged)
  story.show(`title ${both.title}, timezone ${both.timezone}, after ${merged.attempts} attempts`)
  story.check(
    'the title of one writer and the time zone of the other',
    [both.title, both.timezone],
    ['Chief Scientist', 'America/New_York'],
  )

  story.say('An attribute that both changed is reported as a conflict, with all three values:')
  interfered = false
  const disputed = await hr.users.update(
    form.id,
    async (user) => {
      if (!interfered) await desk.users.update(form.id, (other) => ({ ...other, title: 'Engineer' }))
      interfered = true
      return { ...user, title: 'Distinguished Engineer' }
    },
    { onConflict: mergeWith() },
  )
  story.check('the update ends with a conflict, and nothing was written', disputed.kind, 'conflict')
  if (disputed.kind === 'conflict') {
    const [conflict] = disputed.unresolved
    story.show(
      `path    ${conflict?.path}`,
      `base    ${conflict?.base}`,
      `mine    ${conflict?.mine}`,
      `theirs  ${conflict?.theirs}`,
    )
    story.check(
      'it names the attribute',
      disputed.unresolved.map(({ path }) => path),
      ['title'],
    )
  }
}
