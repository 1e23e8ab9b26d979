/** The application of the example `deprovision`, killed again and again while users are deactivated and an outside system is informed. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { appProcess } from '../../../../../examples/deprovision/app-process.js'
import { type ChatMode, startChat } from '../../../../../examples/deprovision/chat.js'
import { seededRandom } from '../../../../testkit/src/seeded-random.js'
import { bundledCommand } from '../../../../testkit/test/support/bundled-command.js'
import { deliveryFindings, sessionFindings } from './findings.js'
import { live, type Report } from './person.js'
import { requestsTo, responseTo } from './requests.js'
import { watchFile } from './watch-file.js'

/** The figures of a run. */
export interface KillTally {
  kills: number
  /** Kills at a moment at which an acknowledged deactivation was not delivered. */
  undelivered: number
  readonly acknowledged: number
  readonly unanswered: number
  readonly users: number
  /** Requests that the outside system received. */
  readonly received: number
  readonly violations: readonly string[]
}

const examples = fileURLToPath(new URL('../../../../../examples/', import.meta.url))
const lanes = 6
const longestLife = 400
const longestAnswer = 40
// If the awaited moment does not come, the application is killed anyway.
const patience = 2_000
const modes: readonly ChatMode[] = ['works', 'down', 'works', 'silent']

/** Runs until the application was killed so many times while an acknowledged deactivation was not delivered. */
export async function killBeforeDelivery(file: string, kills: number, seed: number): Promise<KillTally> {
  const random = seededRandom(seed)
  const watch = watchFile(file)
  const report: Report = {
    acknowledged: 0,
    unanswered: 0,
    violations: [],
    people: [],
    onAcknowledged: () => awaited.acknowledged(),
  }
  const awaited = { acknowledged: () => {}, received: () => {} }
  const chat = await startChat(async (received) => {
    report.violations.push(...watch.notDurable(received))
    if (!received.active) awaited.received()
    await pause(random.below(longestAnswer))
  })
  const app = appProcess(
    { file, chat: chat.url, attempts: 100_000, leaseMilliseconds: 600, durability: 'normal' },
    bundledCommand(examples, join(examples, 'dist/deprovision/app/main.js')),
  )
  let url: string | undefined
  const start = async (): Promise<void> => {
    url = (await app.start()).slice(0, -'/scim/v2'.length)
  }
  const send = requestsTo(() => url)
  const tally = { kills: 0, undelivered: 0 }
  let over = false

  async function liveOn(lane: number): Promise<void> {
    for (let turn = 0; !over; turn++) await live(`u${lane}-${turn}`, send, random, report)
  }

  /** A random moment: any, right after an acknowledgement, or while the outside system has the request. */
  async function moment(): Promise<void> {
    // In this time the application also works, and the outside system fails without a kill.
    await pause(random.below(longestLife))
    const kind = random.below(5)
    if (kind === 0) return
    const name = kind < 3 ? 'acknowledged' : 'received'
    const ending = new AbortController()
    await Promise.race([
      new Promise<void>((resolve) => {
        awaited[name] = resolve
      }),
      pause(patience, undefined, { signal: ending.signal }).catch(() => {}),
    ])
    ending.abort()
  }

  /** True if there are acknowledged deactivations that the outside system has not stored. */
  function isUndelivered(): boolean {
    const stored = new Map<string, number>()
    for (const { id, active, result } of chat.received) {
      if (!active && result === 'stored') stored.set(id, (stored.get(id) ?? 0) + 1)
    }
    return report.people.some(({ id, states }) => states.filter((active) => !active).length > (stored.get(id) ?? 0))
  }

  try {
    await start()
    const work = Promise.all(Array.from({ length: lanes }, (_, lane) => liveOn(lane)))
    while (tally.undelivered < kills) {
      chat.mode = modes[tally.kills % modes.length] ?? 'works'
      await moment()
      tally.kills += 1
      if (isUndelivered()) tally.undelivered += 1
      url = undefined
      await app.kill()
      await start()
    }
    over = true
    chat.mode = 'works'
    await work
    await delivered()
    for (const { access } of report.people) {
      for (const { session } of access) {
        const { status } = await responseTo(send, 'GET', '/me', { headers: { Cookie: `session=${session}` } })
        if (status !== 200) report.violations.push(`an active user has lost a session: ${status}`)
      }
    }
  } finally {
    over = true
    await app.kill()
    await chat.close()
  }
  const violations = [
    ...report.violations,
    ...deliveryFindings(report.people, chat.received),
    ...sessionFindings(report.people, watch.accounts()),
  ]
  watch.close()
  const { acknowledged, unanswered, people } = report
  return { ...tally, acknowledged, unanswered, users: people.length, received: chat.received.length, violations }

  async function delivered(): Promise<void> {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await pause(50)) {
      const { body } = await responseTo(send, 'GET', '/deliveries')
      const [consumer] = body.consumers as readonly { readonly lag: number; readonly dead: number }[]
      if (consumer?.lag === 0 && consumer.dead === 0) return
    }
    report.violations.push('the deliveries did not end within a minute')
  }
}
