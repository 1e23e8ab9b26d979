/**
 * `npm start`: from a fresh clone to a running server with nothing installed but Node and npm. The server is imported
 * into this very process, and package.json says `exec`: so a SIGTERM sent to `npm start` reaches it, and it can drain.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, checkNode, install, isInstalled, root } from './workspace.mjs'

checkNode()

/** Runs one step; says its name only when it takes long, and everything it printed when it fails. */
async function step(name, action) {
  const patience = setTimeout(() => console.error(`${name} …`), 800)
  const { ok, output } = await action()
  clearTimeout(patience)
  if (ok) return
  console.error(`${name} failed:\n${output}`)
  process.exit(1)
}

if (!isInstalled()) await step('installing packages', install)
await step('building', build)

// Out of sight of git; where it is used says so when it starts.
const data = join(root, 'data')
mkdirSync(data, { recursive: true })

const { main } = await import('../packages/server/dist/main.js')
await main(['serve', ...process.argv.slice(2)], { welcome: true, data: join(data, 'scimkit.db') })
