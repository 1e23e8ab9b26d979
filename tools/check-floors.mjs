/**
 * Reads the two tables of docs/house.md and holds the import graph against them. The rule exists because a core that
 * can be understood floor by floor stays so only while nothing imports upwards or sideways: the first import from
 * `filter` into `operations` is convenient, the tenth makes one room of the house. And what may be imported at all
 * decides where the core runs: one npm package or `node:` module in it, and it no longer runs on every runtime.
 * Type-only imports obey too: a type drags its file's reasons with it.
 *
 *   node tools/check-floors.mjs [root]      exit code 1 and one line for each import that breaks a rule
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The table under a heading of a markdown text, as rows of cells; a cell is the list of its `code` spans. */
function table(markdown, heading) {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  const cells = (line) => line.split('|').slice(1, -1)
  return rows
    .slice(2)
    .map((line) => cells(line).map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1])))
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
const roomOf = (file) => file.replace('packages/core/src/', '').replace(/(\.d)?\.ts$|\/.*$/, '')

const packageOf = (file) => file.split('/')[1]
const matches = (allowed, specifier) =>
  allowed === '*' || specifier === allowed || (allowed === 'node:*' && isBuiltin(specifier))

/** Every broken rule below `root`, one line each; an empty list is what we want. */
export function checkFloors(root) {
  const house = readFileSync(join(root, 'docs/house.md'), 'utf8')
  const floors = new Map(
    table(house, 'Floors').flatMap(([[floor], rooms]) => rooms.map((room) => [room, Number(floor.slice(1))])),
  )
  const doors = new Map(table(house, 'Who may import whom').map(([[name], allowed]) => [name, allowed]))
  if (floors.size === 0 || doors.size === 0) return ['docs/house.md: no table under “Floors” or “Who may import whom”']

  const folders = readdirSync(join(root, 'packages'))
  const files = folders.flatMap((name) => sources(root, `packages/${name}/src`))
  const known = new Set(files)
  const graph = new Map(files.map((file) => [file, []]))
  const problems = []

  for (const name of folders) {
    if (!doors.has(name)) problems.push(`packages/${name}: no row under “Who may import whom” in docs/house.md`)
  }
  const unplaced = new Set(files.filter((file) => packageOf(file) === 'core').map(roomOf))
  for (const room of unplaced) {
    if (room !== 'index' && !floors.has(room)) {
      problems.push(`packages/core/src/${room} has no floor: give it one under “Floors” in docs/house.md`)
    }
  }

  for (const file of files) {
    for (const { specifier, line } of imports(readFileSync(join(root, file), 'utf8'))) {
      const complain = (rule) => problems.push(`${file}:${line} imports ${specifier}: ${rule}`)
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts')
        if (!target.startsWith(`packages/${packageOf(file)}/`)) {
          complain('a package is entered by its front door only, so that what is not exported can change')
        } else if (known.has(target)) {
          graph.get(file).push(target)
          if (packageOf(file) === 'core') checkRooms(file, target, floors, complain)
        }
      } else {
        checkPackage(file, specifier, doors, complain)
      }
    }
  }
  return [...problems, ...cycles(graph)]
}

/** One import inside the core: down, or within the own room. */
function checkRooms(file, target, floors, complain) {
  const [from, to] = [roomOf(file), roomOf(target)]
  if (from === to || from === 'index') return
  if (to === 'index') return complain('the front door is for others; inside, import the file itself')
  const [above, below] = [floors.get(from), floors.get(to)]
  if (above === undefined || below === undefined || below < above || (above === 0 && below === 0)) return
  const where = `${from} is on F${above}, ${to} on F${below}`
  if (below > above)
    return complain(`${where}; a room imports lower floors only, so that it can be read without the rest`)
  complain(`${where}; a room never imports a neighbour on its own floor: what both need belongs one floor down`)
}

/** One import of something with a name: an npm package, a `node:` module, a package of ours, or `#…`. */
function checkPackage(file, specifier, doors, complain) {
  const name = packageOf(file)
  const allowed = doors.get(name) ?? []
  if (specifier.startsWith('#')) return
  if (specifier === 'scimkit') return complain('nobody imports the server: it is the place where all is put together')
  if (name === 'core' && specifier === 'node:crypto' && file.endsWith('/src/digest.node.ts')) return
  if (allowed.some((pattern) => matches(pattern, specifier))) return
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkFloors(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
