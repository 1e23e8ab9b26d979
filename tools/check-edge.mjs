/**
 * Looks at the core as npm would ship it, and bundles it for a platform that has nothing but the web's APIs. The rule
 * exists because a core that names Node once, in a branch that no test of ours takes, still fails to load on Workers
 * and Deno: types and tests run on Node and cannot see it. The one file that may know Node is digest.node.js, which the
 * `#digest` condition keeps away from every other runtime.
 *
 *   node tools/check-edge.mjs [folder of the core, built]      exit code 1 and one line for each finding
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
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

/** True if the identifier names a variable (or a property of `globalThis`), and not a key or a member of something. */
function isFree(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.getText() === 'globalThis'
  if (ts.isShorthandPropertyAssignment(parent)) return true
  return parent.name !== node && parent.propertyName !== node
}

/** What of Node a JavaScript or declaration text names, as `line: what`. */
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

/** Everything that would keep the built package in `folder` from running at the edge; an empty list is what we want. */
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

  const bundle = await build({
    entryPoints: [join(dist, 'index.js')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    conditions: ['worker', 'import', 'default'],
    logLevel: 'silent',
    metafile: true,
  }).catch((failure) => failure)
  if (bundle.outputFiles === undefined) {
    for (const { text, location } of bundle.errors ?? [{ text: String(bundle) }]) {
      problems.push(`bundle for the edge: ${location?.file ?? ''}:${location?.line ?? ''} ${text}`)
    }
    return problems
  }
  for (const found of nodeNamesIn(bundle.outputFiles[0].text, 'bundle.js'))
    problems.push(`bundle for the edge:${found}`)
  if (Object.keys(bundle.metafile.inputs).some((name) => name.endsWith(`${nodeFile}.js`))) {
    problems.push(`bundle for the edge: holds ${nodeFile}.js; look at “imports” in package.json`)
  }
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const core = fileURLToPath(new URL('../packages/core', import.meta.url))
  const problems = await checkEdge(process.argv[2] ?? core)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
