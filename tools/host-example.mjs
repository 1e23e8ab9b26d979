/**
 * `npm run example -- fastify`: one of the applications for a host, as its users would have it: with the packed packages of
 * this workspace, and with the other dependencies from npm, both installed into its own folder.
 *
 *   npm run example -- fastify|nest|next-app|hono-workers-d1      PORT, SCIM_TOKEN and SCIM_DATA are read from the environment
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packPackages } from './pack.mjs'
import { build, checkNode, install, isInstalled, root, run, runStep } from './workspace.mjs'

/** The applications, by the name of their folder. */
export const hostExamples = ['fastify', 'nest', 'next-app', 'hono-workers-d1']

const folderOf = (name) => join(root, 'examples', name)

// The packages of this workspace that a manifest names, and those that they need.
function neededBy({ dependencies = {} }, packages, found = new Set()) {
  for (const each of packages) {
    if (!Object.hasOwn(dependencies, each.manifest.name) || found.has(each)) continue
    found.add(each)
    neededBy(each.manifest, packages, found)
  }
  return [...found]
}

/** Packs the packages that the application names, and installs all of its dependencies, unless they are there already. */
export async function installExample(name) {
  const folder = folderOf(name)
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8')
  const packed = join(root, 'examples', '.packed')
  mkdirSync(packed, { recursive: true })
  const packages = await packPackages(root, packed)
  const files = neededBy(JSON.parse(manifest), packages).map(({ file }) => file)
  const hash = createHash('sha256').update(manifest)
  for (const file of files) hash.update(readFileSync(file))
  const wanted = hash.digest('hex')
  const stamp = join(folder, 'node_modules', '.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { ok: true, output: '' }
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps']
  const result = await run('npm', ['install', '--prefix', folder, ...flags, ...files], { timeout: 600_000 })
  if (result.ok) writeFileSync(stamp, wanted)
  return result
}

/** Starts an application; `ended` resolves with its exit code. */
export function startExample(name, env, stdio) {
  const folder = folderOf(name)
  // The secrets of `wrangler dev` are in a file.
  if (existsSync(join(folder, 'wrangler.jsonc'))) {
    writeFileSync(join(folder, '.dev.vars'), `SCIM_TOKEN=${env.SCIM_TOKEN}\n`)
  }
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio,
    detached: stdio !== 'inherit',
  })
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  return { child, ended }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkNode()
  const [name] = process.argv.slice(2)
  if (!hostExamples.includes(name)) {
    console.error(`Unknown example "${name ?? ''}"; known are: ${hostExamples.join(', ')}.`)
    process.exit(2)
  }
  if (!isInstalled()) await runStep('installing packages', install)
  await runStep('building', build)
  await runStep(`installing examples/${name}`, () => installExample(name))
  const { SCIM_TOKEN: token = randomBytes(24).toString('hex'), PORT: port = '3000' } = process.env
  console.log(`curl -H 'Authorization: Bearer ${token}' http://127.0.0.1:${port}/scim/v2/Users`)
  process.exitCode = await startExample(name, { SCIM_TOKEN: token, PORT: port }, 'inherit').ended
}
