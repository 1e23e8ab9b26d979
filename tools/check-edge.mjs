/**
 * Checks the core as published on npm, and bundles it for a platform with only web APIs. The rule exists because a core
 * that uses Node once, in a branch that no test covers, fails to load on Workers and Deno: types and tests run on Node and
 * do not detect it. The only file that may use Node is digest.node.js, which the `#digest` condition excludes on every
 * other runtime. Of other packages, only some entry points are for the edge; the rule applies to all that they import.
 *
 *   node tools/check-edge.mjs                  the core and the entry points; exit code 1 and one line for each finding
 *   node tools/check-edge.mjs <folder>         a core elsewhere, built
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'

const nodeGlobals = new Set([
  'process',
  'require',
  'Buffer',
  '__dirname',
  '__filename',
  'setImmediate',
  'global',
  'NodeJS',
])
const nodeFile = 'digest.node'

/** Built entry points that are for the edge, outside the core. */
const entryPoints = [
  'packages/sql-provider/dist/d1.js',
  'packages/sql-provider/dist/durable-object.js',
  'packages/client/dist/index.js',
  'packages/connections/dist/index.js',
  'packages/mcp/dist/index.js',
]

/** True if the identifier is a variable (or a property of `globalThis`), and not a key or a member. */
function isFree(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.getText() === 'globalThis'
  if (ts.isShorthandPropertyAssignment(parent)) return true
  return parent.name !== node && parent.propertyName !== node
}

/** The uses of Node in a JavaScript or declaration text, as `line: what`. */
function nodeNamesIn(text, name) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
  const found = []
  const add = (node, what) => found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`)
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    if (isBuiltin(fileName)) found.push(`${text.slice(0, pos).split('\n').length}: imports ${fileName}`)
  }
  for (const { fileName } of file.typeReferenceDirectives) found.push(`1: needs the types of ${fileName}`)
  const visit = (node) => {
    if (ts.isIdentifier(node) && nodeGlobals.has(node.text) && isFree(node)) add(node, `names ${node.text}`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** All errors that would prevent the built package in `folder` from running at the edge; empty if it is correct. */
export async function checkEdge(folder) {
  const dist = join(folder, 'dist')
  if (!existsSync(join(dist, 'index.js'))) return [`${dist}/index.js is not there: build first`]
  const problems = []

  const shipped = readdirSync(dist, { recursive: true })
    .filter((name) => /\.(js|d\.ts)$/.test(name))
    .sort()
  for (const name of shipped) {
    if (name.startsWith(`${nodeFile}.`)) continue
    const source = join(folder, 'src', name.replace(/(\.d\.ts|\.js)$/, '.ts'))
    const stale = existsSync(source) ? '' : ' (its source is gone: delete dist and build again)'
    for (const found of nodeNamesIn(readFileSync(join(dist, name), 'utf8'), name))
      problems.push(`${name}:${found}${stale}`)
  }

  const { text, files, failures } = await bundleForEdge(join(dist, 'index.js'))
  problems.push(...failures)
  for (const found of nodeNamesIn(text, 'bundle.js')) problems.push(`bundle for the edge:${found}`)
  problems.push(...digestOfNodeIn(files))
  return problems
}

/**
 * All errors that would prevent a built entry point from running at the edge: imports in the packages of this repository,
 * by file; imports of other packages must not need a module of Node, but may check whether Node is present.
 */
export async function checkEdgeEntry(file) {
  if (!existsSync(file)) return [`${file} is not there: build first`]
  const { files, failures } = await bundleForEdge(file)
  const problems = [...failures, ...digestOfNodeIn(files)]
  for (const name of files.filter((name) => !name.includes('node_modules'))) {
    for (const found of nodeNamesIn(readFileSync(name, 'utf8'), name)) {
      problems.push(`${relative(process.cwd(), name)}:${found} (reached from ${relative(process.cwd(), file)})`)
    }
  }
  return problems
}

/** The text of a bundle for a platform with only web APIs, its files, and its errors. */
async function bundleForEdge(entry) {
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'import', 'default'],
    logLevel: 'silent',
    metafile: true,
  }).catch((failure) => failure)
  if (bundle.outputFiles === undefined) {
    const errors = bundle.errors ?? [{ text: String(bundle) }]
    const describe = ({ text, location }) =>
      `bundle for the edge: ${location?.file ?? ''}:${location?.line ?? ''} ${text}`
    return { text: '', files: [], failures: errors.map(describe) }
  }
  const files = Object.keys(bundle.metafile.inputs).map((name) => resolve(name))
  return { text: bundle.outputFiles[0].text, files, failures: [] }
}

function digestOfNodeIn(files) {
  if (!files.some((name) => name.endsWith(`${nodeFile}.js`))) return []
  return [`bundle for the edge: holds ${nodeFile}.js; look at “imports” in package.json`]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const [, , elsewhere] = process.argv
  const problems = await checkEdge(elsewhere ?? join(root, 'packages/core'))
  const entries = elsewhere === undefined ? entryPoints : []
  for (const entry of entries) problems.push(...(await checkEdgeEntry(join(root, entry))))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
