/**
 * Compares the import graph of every package with the tables of docs/house.md: one table of floors for each package, and one
 * that lists which package may import which. A package can be understood floor by floor only while no file imports upwards or
 * sideways, and no two folders import each other. The table of imports decides where the core runs: with one npm package or
 * `node:` module it no longer runs on every runtime. Type-only imports follow the same rules.
 *
 *   node tools/check-floors.mjs [root]      exit code 1 and one line for each import that breaks a rule
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { section, table } from './house-tables.mjs'

/** The floors of each package's rooms: a sub-section of “Floors”, with the package in its heading, has one table. */
function floorsOf(house) {
  const floors = new Map()
  for (const part of section(house, 'Floors').split(/^### /m).slice(1)) {
    const name = /^`([^`]+)`/.exec(part)?.[1]
    const rooms = table(part).flatMap(([[floor], names]) => names.map((room) => [room, Number(floor.slice(1))]))
    if (name !== undefined) floors.set(name, new Map(rooms))
  }
  return floors
}

/** Every `.ts` file below a folder, as paths with `/` relative to `root`, in a stable order. */
function sources(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort()
}

/** What a file imports, with the line of each: `import`, `export … from`, `import()`, type-only ones included. */
function imports(text) {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split('\n').length,
  }))
}

/** `packages/core/src/filter/parse.ts` is in `filter`, `packages/core/src/errors.ts` in `errors`. */
const roomOf = (file) => file.replace(/^packages\/[^/]+\/src\//, '').replace(/(\.d)?\.ts$|\/.*$/, '')

const packageOf = (file) => file.split('/')[1]
/** `entryPoints` are the names of all entry points that packages of ours declare, such as `@scimkit/core/filter`. */
const matches = (allowed, specifier, entryPoints) =>
  allowed === '*' ||
  specifier === allowed ||
  (allowed === 'node:*' && isBuiltin(specifier)) ||
  (specifier.startsWith(`${allowed}/`) && entryPoints.has(specifier))

/** The entry points below the main one, of a package in `packages/`. */
function entryPointsOf(root, folder) {
  const file = join(root, 'packages', folder, 'package.json')
  if (!existsSync(file)) return []
  const { name, exports = {} } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.keys(exports)
    .filter((path) => path !== '.')
    .map((path) => name + path.slice(1))
}

/** Every broken rule below `root`, one line each; an empty list is what we want. */
export function checkFloors(root) {
  const house = readFileSync(join(root, 'docs/house.md'), 'utf8')
  const floors = floorsOf(house)
  const doors = new Map(table(section(house, 'Who may import whom')).map(([[name], allowed]) => [name, allowed]))
  if (floors.size === 0 || doors.size === 0) return ['docs/house.md: no table under “Floors” or “Who may import whom”']

  const folders = readdirSync(join(root, 'packages'))
  const entryPoints = new Set(folders.flatMap((name) => entryPointsOf(root, name)))
  const files = folders.flatMap((name) => sources(root, `packages/${name}/src`))
  const known = new Set(files)
  const graph = new Map(files.map((file) => [file, []]))
  const problems = []

  for (const name of folders) {
    if (!doors.has(name)) problems.push(`packages/${name}: no row under “Who may import whom” in docs/house.md`)
  }
  problems.push(...unplaced(files, floors))

  for (const file of files) {
    problems.push(...mintedTenants(file, readFileSync(join(root, file), 'utf8')))
    for (const { specifier, line } of imports(readFileSync(join(root, file), 'utf8'))) {
      const complain = (rule) => problems.push(`${file}:${line} imports ${specifier}: ${rule}`)
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts')
        if (!target.startsWith(`packages/${packageOf(file)}/`)) {
          complain('a package is imported by its entry point only, so that everything that is not exported can change')
        } else if (known.has(target)) {
          graph.get(file).push(target)
          checkRooms(file, target, floors.get(packageOf(file)) ?? new Map(), known, complain)
        }
      } else {
        checkPackage(file, specifier, doors, entryPoints, complain)
      }
    }
  }
  return [...problems, ...cycles(graph), ...circularFolders(graph)]
}

/** The one file that makes a TenantId (ADR 10, ADR 64). */
const tenantMint = 'packages/core/src/access/tenant.ts'

/** Type assertions that make a tenant of any text. */
function mintedTenants(file, text) {
  if (file === tenantMint) return []
  const lines = text.split('\n')
  return lines.flatMap((line, i) =>
    /\bas TenantId\b/.test(line)
      ? [`${file}:${i + 1} makes a TenantId: only ${tenantMint} may, from a name that an authenticator has verified`]
      : [],
  )
}

/** Rooms without a floor, and floors without a room; a package that is only an `index.ts` needs no table. */
function unplaced(files, floors) {
  const problems = []
  const rooms = new Map()
  for (const file of files) {
    const name = packageOf(file)
    if (roomOf(file) !== 'index') rooms.set(name, (rooms.get(name) ?? new Set()).add(roomOf(file)))
  }
  for (const [name, found] of rooms) {
    for (const room of found) {
      if (floors.get(name)?.has(room)) continue
      problems.push(
        `packages/${name}/src/${room} has no floor: give it one under “Floors”, \`${name}\`, in docs/house.md`,
      )
    }
  }
  for (const [name, placed] of floors) {
    for (const room of placed.keys()) {
      if (!rooms.get(name)?.has(room)) problems.push(`docs/house.md: packages/${name}/src has no room \`${room}\``)
    }
  }
  return problems
}

/** One import inside a package: down, or within the own room. */
function checkRooms(file, target, floors, known, complain) {
  const [from, to] = [roomOf(file), roomOf(target)]
  if (from === to || from === 'index') return
  if (to === 'index') return complain('the entry point is for other packages; inside, import the file itself')
  const [above, below] = [floors.get(from), floors.get(to)]
  const isFile = (room) => known.has(`packages/${packageOf(file)}/src/${room}.ts`)
  if (above === undefined || below === undefined || below < above) return
  if (above === 0 && below === 0 && isFile(from) && isFile(to)) return
  const where = `${from} is on F${above}, ${to} on F${below}`
  if (below > above)
    return complain(`${where}; a room imports lower floors only, so that it can be read without the rest`)
  complain(`${where}; a room never imports a neighbour on its own floor: what both need belongs one floor down`)
}

/** One import of something with a name: an npm package, a `node:` module, a package of ours, or `#…`. */
function checkPackage(file, specifier, doors, entryPoints, complain) {
  const name = packageOf(file)
  const allowed = doors.get(name) ?? []
  if (specifier.startsWith('#')) return
  if (specifier === 'scimkit') return complain('no package may import the server: it combines all other packages')
  if (name === 'core' && specifier === 'node:crypto' && file.endsWith('/src/digest.node.ts')) return
  if (allowed.some((pattern) => matches(pattern, specifier, entryPoints))) return
  const because =
    name === 'core'
      ? 'the core imports nothing but itself, because it runs on every JavaScript runtime'
      : `packages/${name} may import ${allowed.join(', ') || 'nothing'} (docs/house.md)`
  complain(because)
}

/** Every cycle between files, once, each as `a → b → a`. */
function cycles(graph) {
  const found = []
  const done = new Set()
  const path = []
  const visit = (file) => {
    if (path.includes(file)) {
      found.push(`${[...path.slice(path.indexOf(file)), file].join(' → ')}: a cycle; none of these can be read first`)
      return
    }
    if (done.has(file)) return
    path.push(file)
    for (const target of graph.get(file)) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return found
}

/**
 * Every pair of folders that import each other, once, by way of other folders too. A folder and the folders in it are one thing to
 * a reader and may do so.
 */
function circularFolders(graph) {
  const contains = (outer, inner) => inner.startsWith(`${outer}/`)
  const edges = new Map()
  for (const [file, targets] of graph) {
    const from = posix.dirname(file)
    for (const to of targets.map((target) => posix.dirname(target))) {
      if (from === to || contains(from, to) || contains(to, from)) continue
      edges.set(from, (edges.get(from) ?? new Map()).set(to, file))
    }
  }
  const reached = (start) => {
    const seen = new Set()
    const open = [start]
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const next of edges.get(folder)?.keys() ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        open.push(next)
      }
    }
    return seen
  }
  const all = new Map([...edges.keys()].map((folder) => [folder, reached(folder)]))
  const problems = []
  for (const [one, seen] of all) {
    for (const other of seen) {
      if (one < other && all.get(other)?.has(one)) {
        problems.push(`${one} and ${other} import each other: circular folders; none of them can be read first`)
      }
    }
  }
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkFloors(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
