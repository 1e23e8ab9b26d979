/** Deprovisioning: sessions end in the transaction of the deactivation, and an outside system is informed through the outbox. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags } from '../stage/flags.js'
import { newStory } from '../stage/story.js'
import { appProcess } from './app-process.js'
import { aDeadLetter } from './chapters/a-dead-letter.js'
import { aDelete } from './chapters/a-delete.js'
import { aLogin } from './chapters/a-login.js'
import { anOutsideSystemThatIsDown } from './chapters/an-outside-system-that-is-down.js'
import { killedBeforeDelivery } from './chapters/killed-before-delivery.js'
import { theDeactivation } from './chapters/the-deactivation.js'
import { theLastAdministrator } from './chapters/the-last-administrator.js'
import { startChat } from './chat.js'
import { type Chapter, clientsOf, type Scene } from './scene.js'

const chapters: readonly Chapter[] = [
  aLogin,
  theDeactivation,
  anOutsideSystemThatIsDown,
  killedBeforeDelivery,
  aDelete,
  theLastAdministrator,
  aDeadLetter,
]

exitOnEpipe()
flags({})

const story = newStory()
const folder = mkdtempSync(join(tmpdir(), 'scimkit-deprovision-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const chat = await startChat()
const app = appProcess({ file: join(folder, 'app.db'), chat: chat.url, attempts: 5, leaseMilliseconds: 1_000 })

try {
  let url = await app.start()
  const scene: Scene = {
    story,
    chat,
    app,
    ...clientsOf(() => url),
    async restart() {
      url = await app.start()
    },
  }
  story.say(
    `An application with SCIM is running at ${url}, in a process of its own, until the end of the story. A chat product of ` +
      `another company is running at ${chat.url}. All requests below are real.`,
  )
  for (const chapter of chapters) await chapter(scene)
  story.say(
    `${chapters.length} chapters, ${story.checked()} statements checked. No inactive user has a session, and every change was delivered.`,
  )
} catch (error) {
  console.error(`\n  ✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await app.kill()
  await chat.close()
}
