/**
 * `npm start`: from a fresh clone to a running server with nothing installed but Node and npm. The server is imported
 * into this very process, and package.json says `exec`: so a SIGTERM sent to `npm start` reaches it, and it can drain.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, checkNode, install, isInstalled, root, runStep } from './workspace.mjs'

checkNode()

if (!isInstalled()) await runStep('installing packages', install)
await runStep('building', build)

// Ignored by git; the server prints its path when it starts.
const data = join(root, 'data')
mkdirSync(data, { recursive: true })

const { main } = await import('../packages/server/dist/main.js')
await main(['serve', ...process.argv.slice(2)], { welcome: true, data: join(data, 'scimkit.db') })
