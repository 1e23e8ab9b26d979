/**
 * Eight agents and an identity provider write the same 50 people, live; then every acknowledged write is looked for.
 *
 *   npm run agents -- [--seconds 5] [--agents 8] [--people 50]
 */
import { createClient } from '@scimkit/client'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags, wholeNumber } from '../stage/flags.js'
import { newStory, shortened } from '../stage/story.js'
import { type Done, type Tally, work } from './agent.js'
import { boardLines, draw, type Row } from './board.js'
import { synchronise } from './identity-provider.js'
import { openOffice, token } from './office.js'
import { type ToolAnswer, toolClient } from './tool-client.js'

exitOnEpipe()
const given = flags({ seconds: '5', agents: '8', people: '50' })
const seconds = wholeNumber('--seconds', given.seconds, 1, 600)
const agents = wholeNumber('--agents', given.agents, 2, 100)
const people = wholeNumber('--people', given.people, 1, 10_000)

/** What the agents change: each attribute is written by several of them. */
const paths = ['nickName', 'locale', 'timezone', 'preferredLanguage'] as const

const story = newStory()
const office = await openOffice()
const isLive = process.stdout.isTTY === true
try {
  story.say(
    `A SCIM server is running at ${office.url}, its tools for agents at ${office.tools}. ${agents} agents and an identity provider write the same ${people} people for ${seconds} s. All requests are real.`,
  )
  const { users } = createClient(office.url, { token })
  const ids: string[] = []
  for (let i = 0; i < people; i++) ids.push((await users.create({ userName: `person-${i}`, title: 'New' })).id)

  const end = performance.now() + seconds * 1_000
  const running = (): boolean => performance.now() < end
  const tallies: Tally[] = Array.from({ length: agents }, () => ({ written: 0, conflicts: 0, merged: 0 }))
  const provider: Tally = { written: 0, conflicts: 0, merged: 0 }
  const rows: readonly Row[] = [
    ...tallies.map((tally, i) => ({ name: `agent ${i + 1}`, tally })),
    { name: 'identity provider', tally: provider },
  ]
  let conflict: readonly [string, Readonly<Record<string, unknown>>, ToolAnswer] | undefined

  const runAgent = async (tally: Tally, i: number): Promise<readonly (Done & { readonly path: string })[]> => {
    const tools = await toolClient(office.tools)
    const done: (Done & { readonly path: string })[] = []
    while (running()) {
      // Neighbours want the same people, so that there are conflicts.
      const id = ids[(done.length * 3 + Math.floor(i / 2)) % ids.length] ?? ''
      const path = paths[(i + done.length) % paths.length] ?? 'nickName'
      const task = { id, path, value: `agent-${i + 1}-${done.length}`, thinking: 3 + ((i * 5 + done.length) % 9) }
      const result = await work(tools, task, tally, (tool, args, answer) => {
        if (answer.outcome === 'conflict') conflict ??= [tool, args, answer]
      })
      done.push({ ...result, path })
    }
    await tools.close()
    return done
  }

  const screen = (text: string): boolean => process.stdout.write(text)
  const boardOf = (): readonly string[] => boardLines(rows, Math.max(...rows.map(({ tally }) => tally.written)))
  if (isLive) {
    screen('\n')
    draw(boardOf(), true, screen)
  }
  const shown = isLive ? setInterval(() => draw(boardOf(), false, screen), 100) : undefined
  const [titles, ...worked] = await Promise.all([
    synchronise(office.url, ids, running, () => {
      provider.written += 1
    }),
    ...tallies.map(runAgent),
  ])
  clearInterval(shown)
  if (isLive) draw(boardOf(), false, screen)
  else story.show(...boardOf().map((line) => line.slice(2)))

  if (conflict !== undefined) {
    const [tool, args, answer] = conflict
    story.say('The first conflict, as its agent saw it:')
    story.show(
      `→ ${tool} expectedVersion ${String(args.expectedVersion)}`,
      `← ${answer.outcome}, currentVersion ${answer.currentVersion}, changed: ${(answer.changed ?? []).join(', ')}`,
    )
    story.say(shortened(`nextStep: ${answer.nextStep ?? ''}`))
  }

  // The newest acknowledged value of each attribute of each person must be there, by which writer it may be.
  const newest = new Map<string, { readonly generation: number; readonly value: string }>()
  const writes = new Map<string, number>()
  for (const done of worked.flat()) {
    writes.set(done.id, (writes.get(done.id) ?? 0) + 1)
    const generation = Number.parseInt(done.version, 10)
    const key = `${done.id} ${done.path}`
    if (generation > (newest.get(key)?.generation ?? 0)) newest.set(key, { generation, value: done.value })
  }
  let overwritten = 0
  let generations = 0
  for (const id of ids) {
    const user = (await users.get(id)) as unknown as Readonly<Record<string, unknown>>
    const { version = '' } = user.meta as { readonly version?: string }
    generations += Number.parseInt(version.replace('W/"', ''), 10) - 1
    for (const path of paths) if (user[path] !== newest.get(`${id} ${path}`)?.value) overwritten += 1
    if (titles.has(id) && user.title !== titles.get(id)) overwritten += 1
  }
  const byAgents = tallies.reduce((sum, { written }) => sum + written, 0)
  const conflicts = tallies.reduce((sum, tally) => sum + tally.conflicts, 0)
  story.say(
    `${byAgents} writes by agents, ${provider.written} by the identity provider, ${conflicts} conflicts, all of them seen by their agents.`,
  )
  story.check('each acknowledged write is one version of its person', generations, byAgents + provider.written)
  story.check('the newest value of each attribute is there: no change was overwritten silently', overwritten, 0)
} catch (error) {
  console.error(`\n  ✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await office.close()
}
