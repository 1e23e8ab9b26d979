/**
 * Bundles each entry point of the core, as a host's bundler would, prints its size, and compares the rooms in it with the
 * table of docs/house.md. The rule exists because an entry point is there to be small: one import is enough to make
 * `@scimkit/core/filter` contain the server, and no test fails.
 *
 *   node tools/check-bundles.mjs [root, built]      exit code 1 and one line for each finding
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { section, table } from './house-tables.mjs'

const core = 'packages/core'

/** The rooms of each entry point, by its name in `exports`, from the table under “Entry points”. */
const tableIn = (house) =>
  new Map(table(section(house, 'Entry points')).map(([[name], , rooms]) => [name, new Set(rooms)]))

/** The rooms of a bundle and its sizes in bytes. Type-only imports are not in it. */
async function bundleOf(root, file) {
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['import', 'default'],
    logLevel: 'silent',
    metafile: true,
    absWorkingDir: root,
  })
  const [output] = Object.values(metafile.outputs)
  const rooms = new Set()
  for (const [name, { bytesInOutput }] of Object.entries(output.inputs)) {
    if (bytesInOutput > 0) rooms.add(roomOf(root, resolve(root, name)))
  }
  const { contents } = outputFiles[0]
  return { rooms, minified: contents.length, zipped: gzipSync(contents).length }
}

function roomOf(root, file) {
  const [first] = relative(join(root, core, 'dist'), file).split(sep)
  return first.replace(/\.js$/, '')
}

/** The sizes of all entry points, and every broken rule, one line each. */
export async function checkBundles(root) {
  const { exports } = JSON.parse(readFileSync(join(root, core, 'package.json'), 'utf8'))
  const table = tableIn(readFileSync(join(root, 'docs/house.md'), 'utf8'))
  const problems = []
  const sizes = []
  for (const [path, conditions] of Object.entries(exports)) {
    const name = path === '.' ? '@scimkit/core' : `@scimkit/core${path.slice(1)}`
    const file = join(root, core, conditions.default)
    if (!existsSync(file)) {
      problems.push(`${relative(root, file)} does not exist: build first`)
      continue
    }
    const { rooms, minified, zipped } = await bundleOf(root, file)
    for (const own of ['index', 'entry-points']) rooms.delete(own)
    sizes.push({ name, minified, zipped, rooms: [...rooms].sort() })
    const allowed = table.get(name)
    if (allowed === undefined) {
      problems.push(`${name} has no row under “Entry points” in docs/house.md`)
      continue
    }
    for (const room of rooms) {
      if (!allowed.has(room))
        problems.push(`${name} pulls in ${room}: docs/house.md does not list it for this entry point`)
    }
    for (const room of allowed) {
      if (!rooms.has(room)) problems.push(`docs/house.md lists ${room} for ${name}, whose bundle has nothing of it`)
    }
  }
  for (const name of table.keys()) {
    if (!sizes.some((size) => size.name === name)) problems.push(`docs/house.md: ${name} is not in exports`)
  }
  return { sizes, problems }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
  const { sizes, problems } = await checkBundles(root)
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10)
  for (const { name, minified, zipped } of sizes) {
    console.log(`${name.padEnd(26)} ${kilobytes(minified)} minified ${kilobytes(zipped)} gzip`)
  }
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
