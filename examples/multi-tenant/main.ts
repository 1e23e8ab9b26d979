/** Two customers on one server: OAuth and a static token, permissions, quotas, rates, and no way from one to the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags } from '../stage/flags.js'
import { listen } from '../stage/serve.js'
import { newStory } from '../stage/story.js'
import { wireTo } from '../stage/wire.js'
import { openApp } from './app/app.js'
import { quotasAndRates } from './chapters/limits.js'
import { oneNameTwice } from './chapters/one-name-twice.js'
import { scopesAndAttributes } from './chapters/permissions.js'
import { reachingTheOther } from './chapters/reaching-the-other.js'
import { rotation } from './chapters/rotation.js'
import { theEnd } from './chapters/the-end.js'
import { twoConnections } from './chapters/two-connections.js'
import type { Chapter, Scene } from './scene.js'

const chapters: readonly Chapter[] = [
  twoConnections,
  oneNameTwice,
  scopesAndAttributes,
  quotasAndRates,
  reachingTheOther,
  rotation,
  theEnd,
]

exitOnEpipe()
flags({})

const story = newStory()
const folder = mkdtempSync(join(tmpdir(), 'scimkit-multi-tenant-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const app = openApp(join(folder, 'app.db'), () => origin)
const served = await listen(app.koa.callback())
const origin = new URL(served.url).origin

try {
  const scene: Scene = { story, app, origin, plain: wireTo(origin), made: {} }
  story.say(
    `One server with two customers is running at ${origin}, until the end of the story. All requests below are real.`,
  )
  for (const chapter of chapters) await chapter(scene)
  story.say(
    `${chapters.length} chapters, ${story.checked()} statements checked. No tenant has seen anything of the other.`,
  )
} catch (error) {
  console.error(`\n  ✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await served.close()
  await app.provider.close()
}
