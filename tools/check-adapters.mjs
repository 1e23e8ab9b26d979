/**
 * Checks every packages/<framework>-adapter against the rules of adapters: an adapter translates and decides nothing. The
 * rules exist because each decision in one adapter makes its responses differ from the others; forty lines leave no room
 * for decisions. All adapters have the same options with the same names, so that a host that changes its framework changes
 * one import.
 *
 *   node tools/check-adapters.mjs [root]      exit code 1 and one line for each finding
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const mostLines = 40
const shared = ['@scimkit/core', '@scimkit/core/adapter', '@scimkit/memory-provider']
/** The shared properties of adapters of one kind; each adapter is of one kind. */
const bridges = ['@scimkit/node-http', '@scimkit/fetch-http']

/** The numbers of the lines with code: not blank, and not only a comment. */
function codeLines(text) {
  const file = ts.createSourceFile('index.ts', text, ts.ScriptTarget.ES2022, true)
  const lines = new Set()
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line
  const visit = (node) => {
    // JSDoc nodes have children, and are comments.
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    for (const child of children) visit(child)
    if (children.length > 0 || node.getText(file) === '') return
    for (let line = lineOf(node.getStart(file)); line <= lineOf(node.getEnd()); line++) lines.add(line)
  }
  visit(file)
  return lines
}

const isExported = (node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
// With the framework's own request: Partial<ScimOptions<Request>>.
const isPartialOptions = (node) => /^Partial<ScimOptions(<\w+>)?>$/.test(node?.getText().replace(/\s/g, '') ?? '')

// A function that mounts a handler of other paths: it has no options.
const isForHandler = (door) => door.parameters.length === 1 && door.parameters[0].type?.getText() === 'HttpHandler'

/** The errors in the options of the function that an adapter exports; calls `add(node, text)` for each. */
function checkOptions(file, add) {
  const exported = file.statements.filter((node) => isExported(node) || ts.isExportDeclaration(node))
  const doors = exported.filter(ts.isFunctionDeclaration)
  const interfaces = new Map(exported.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, node]))
  const [others, own] = [doors.filter(isForHandler), doors.filter((door) => !isForHandler(door))]
  if (own.length !== 1 || others.length > 1 || exported.length !== doors.length + interfaces.size) {
    const rest = 'one more for an HttpHandler, and at most the interface of its options'
    add(exported[0] ?? file, `an adapter exports one function, ${rest}`)
  }
  for (const door of own) {
    const type = door.parameters[0]?.type
    const own = type === undefined ? undefined : interfaces.get(type.getText().replace(/<.*/s, ''))
    if (door.parameters.length !== 1 || (own === undefined && !isPartialOptions(type))) {
      add(door, `${door.name?.text} takes one thing, Partial<ScimOptions>: all adapters have the same options`)
    }
    if (own !== undefined) checkInterface(own, add)
  }
}

function checkInterface(own, add) {
  const parents = (own.heritageClauses ?? []).flatMap(({ types }) => [...types])
  if (parents.length !== 1 || !isPartialOptions(parents[0])) {
    add(own, `${own.name.text} extends Partial<ScimOptions> and nothing else: all adapters have the same options`)
  }
  for (const member of own.members) {
    const name = member.name?.getText() ?? member.getText()
    if (name !== 'basePath') {
      add(member, `the option ${name} is this adapter's alone; what a host may say is in ScimOptions, for all`)
    }
  }
}

/** All violations of the rules by adapters below `root`, one line each; empty if there are none. */
export function checkAdapters(root) {
  const folders = readdirSync(join(root, 'packages')).filter((name) => name.endsWith('-adapter'))
  if (folders.length === 0) return ['packages: no adapter at all']
  return folders.flatMap((folder) => checkAdapter(root, folder))
}

function checkAdapter(root, folder) {
  const source = `packages/${folder}/src`
  const name = `${source}/index.ts`
  if (!existsSync(join(root, name))) return [`${name} is not there`]
  const problems = readdirSync(join(root, source))
    .filter((other) => other !== 'index.ts')
    .map((other) => `${source}/${other}: an adapter is one file, so that its ${mostLines} lines are all there is`)

  const text = readFileSync(join(root, name), 'utf8')
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
  const framework = folder.replace(/-adapter$/, '')
  const lines = codeLines(text).size
  if (lines > mostLines) {
    const where = 'what decides belongs into the core, what translates into node-http or fetch-http'
    problems.push(`${name}: ${lines} lines of code, ${mostLines} at most: ${where}`)
  }

  const imported = ts.preProcessFile(text, true, true).importedFiles
  const kinds = bridges.filter((bridge) => imported.some(({ fileName }) => fileName === bridge))
  for (const { fileName, pos } of imported) {
    const line = text.slice(0, pos).split('\n').length
    if (kinds.length > 1 && kinds[1] === fileName) {
      problems.push(`${name}:${line} imports ${fileName}: it has ${kinds[0]} already, and speaks node:http or fetch`)
    } else if (![...shared, ...bridges, framework].includes(fileName)) {
      const allowed = `${shared.join(', ')}, one of ${bridges.join(' and ')}, and ${framework}`
      problems.push(`${name}:${line} imports ${fileName}: an adapter knows ${allowed}, and nothing else`)
    }
  }
  checkOptions(file, (node, what) => {
    problems.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1} ${what}`)
  })
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkAdapters(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
