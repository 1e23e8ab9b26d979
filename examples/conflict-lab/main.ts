/**
 * n concurrent writers of one user, on two servers: one with an atomic compare-and-swap, and one that compares and then writes.
 *
 *   npm run conflict-lab -- [--writers 16] [--seconds 5] [--latency 1]
 */
import { memoryProvider } from '@scimkit/memory-provider'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags, wholeNumber } from '../stage/flags.js'
import { movingLine } from '../stage/moving-line.js'
import { type Served, serve } from '../stage/serve.js'
import { addsUp, emptyTally, experiment, lostIn, type Tally } from './experiment.js'
import { serveNaively } from './naive-server.js'
import { liveLine, panel, scaleOf } from './picture.js'
import { slowStore } from './slow-store.js'

exitOnEpipe()
const given = flags({ writers: '16', seconds: '5', latency: '1' })
const bounds = {
  writers: wholeNumber('--writers', given.writers, 2, 1_000),
  seconds: wholeNumber('--seconds', given.seconds, 1, 600),
}
const latency = wholeNumber('--latency', given.latency, 0, 1_000)

/** Runs the experiment on one server, and shows the progress in one line. */
async function run(name: string, open: () => Promise<Served>): Promise<Tally> {
  const server = await open()
  const tally = emptyTally()
  const started = performance.now()
  const show = (): boolean =>
    process.stdout.write(movingLine(liveLine(name, (performance.now() - started) / 1_000, tally)))
  const isLive = process.stdout.isTTY === true
  const shown = isLive ? setInterval(show, 100) : undefined
  try {
    await experiment(server.url, bounds, tally)
  } finally {
    clearInterval(shown)
    await server.close()
  }
  process.stdout.write(`${isLive ? '\r' : ''}${liveLine(name, tally.took, tally)}\n`)
  return tally
}

console.log(
  `${bounds.writers} writers raise one number in one user, for ${bounds.seconds} s on each server; each store takes ${latency} ms.\n`,
)
const naive = await run('reads, then writes', () => serveNaively(latency))
const kept = await run('ScimKit', () => serve(slowStore(memoryProvider(), latency)))

const scale = scaleOf(naive, kept)
console.log('')
for (const line of panel('A server that compares, and then writes', naive, scale)) console.log(line)
console.log('')
for (const line of panel('ScimKit, which compares inside the write', kept, scale)) console.log(line)
console.log('')

if (!addsUp(kept)) {
  const { acknowledged, unknown, counted } = kept
  console.error(
    `ScimKit acknowledged ${acknowledged} writes, left ${unknown} in doubt, and ${counted} are in the record.`,
  )
  process.exitCode = 1
} else if (lostIn(naive) === 0) {
  console.error('The other server lost nothing this time, so nothing was shown: try more writers, or more latency.')
  process.exitCode = 1
} else {
  const share = Math.round((lostIn(naive) / naive.acknowledged) * 100)
  console.log(`Of what the other server said was done, ${share} % was gone. Of what ScimKit said was done, nothing.`)
  const [there, here] = [naive, kept].map(({ counted, took }) => `to ${counted} in ${took.toFixed(1)} s`)
  console.log(`The number rose ${there} there, and ${here} here.`)
}
