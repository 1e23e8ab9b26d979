import { failureOf, mergeWith, type UpdateRetry, unwrapUpdate } from '@scimkit/client'
import { made, type Scene } from '../scene.js'

/** The limit of the pause after an attempt, in milliseconds: the default of `backoff`. */
function limitOf(attempt: number): number {
  return Math.min(2_000, 20 * 2 ** (attempt - 1))
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
  const writers = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const retries: UpdateRetry[] = []
      const result = await (i % 2 === 0 ? hr : desk).users.update(
        radia.id,
        (user) => ({ ...user, emails: [...(user.emails ?? []), { value: `radia+${i}@example.com` }] }),
        { attempts: 64, onRetry: (retry) => void retries.push(retry) },
      )
      return { result, retries }
    }),
  )
  const attempts = writers.reduce((sum, { result }) => sum + result.attempts, 0)
  const now = await hr.users.get(radia.id)
  const slowest = writers.reduce((most, one) => (one.retries.length > most.retries.length ? one : most))
  story.show(
    `${writers.length} writers, ${attempts} attempts; the one with the most:`,
    ...slowest.retries.map(
      ({ attempt, wait, failure }) =>
        `  attempt ${attempt}  ${failure.kind}, waits ${wait.toFixed(1)} ms (random, below ${limitOf(attempt)} ms)`,
    ),
    `  attempt ${slowest.result.attempts}  ${slowest.result.kind}, after ${slowest.result.waited.toFixed(1)} ms of waiting`,
  )
  story.check(
    'every failed attempt was a conflict',
    new Set(writers.flatMap(({ retries }) => retries.map(({ failure }) => failure.kind))),
    new Set(['versionMismatch']),
  )
  story.check(
    'each wait was below its limit, which doubles with each attempt',
    writers.flatMap(({ retries }) => retries).filter(({ attempt, wait }) => wait >= limitOf(attempt)),
    [],
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
