/** The tour: entity tags, their purpose, and the result of two people changing one record concurrently. */
import { createClient } from '@scimkit/client'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { exitOnEpipe } from '../stage/exit-on-epipe.js'
import { flags } from '../stage/flags.js'
import { serve } from '../stage/serve.js'
import { newStory } from '../stage/story.js'
import { wireTo } from '../stage/wire.js'
import { aConditionalDelete } from './chapters/a-conditional-delete.js'
import { aVersionIsBorn } from './chapters/a-version-is-born.js'
import { allMixedUp } from './chapters/all-mixed-up.js'
import { anAgentInConflict } from './chapters/an-agent-in-conflict.js'
import { belowHttp } from './chapters/below-http.js'
import { bulkWithOneStaleVersion } from './chapters/bulk-with-one-stale-version.js'
import { onlyIfAbsent } from './chapters/only-if-absent.js'
import { theStaleWrite } from './chapters/the-stale-write.js'
import { theTimeline } from './chapters/the-timeline.js'
import { threeFrameworks } from './chapters/three-frameworks.js'
import { twoAtOnce } from './chapters/two-at-once.js'
import { twoTenants } from './chapters/two-tenants.js'
import { whatAVersionIsMadeOf } from './chapters/what-a-version-is-made-of.js'
import type { Chapter, Scene } from './scene.js'

const chapters: readonly Chapter[] = [
  aVersionIsBorn,
  theStaleWrite,
  belowHttp,
  aConditionalDelete,
  onlyIfAbsent,
  whatAVersionIsMadeOf,
  twoAtOnce,
  bulkWithOneStaleVersion,
  allMixedUp,
  theTimeline,
  twoTenants,
  anAgentInConflict,
  threeFrameworks,
]

exitOnEpipe()
flags({})

const story = newStory()
const provider = memoryProvider({ history: 20 })
// Unknown members are skipped, so that the result of chapter 9 does not depend on the order of the requests.
const options = { provider, unknownMembers: 'skip' } as const
const server = await serve(provider, options)
const scim = createScim(options)
const scene: Scene = {
  story,
  wire: wireTo(server.url),
  hr: createClient(server.url),
  desk: createClient(server.url),
  scim,
  provider,
  context: scim.context({ tenant: tenantId('default'), principal: 'tour' }),
  url: server.url,
}

try {
  story.say(`A SCIM server is running at ${server.url}, until the end of the tour. All requests below are real.`)
  for (const chapter of chapters) await chapter(scene)
  story.say(`${chapters.length} chapters, ${story.checked()} statements checked. No acknowledged write was lost.`)
} catch (error) {
  console.error(`\n  ✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await server.close()
}
