/**
 * Checks the instructions of the documentation: every code block compiles, runs or can be run, and every link has a
 * target. The check exists because examples are the first code that users copy, and are easily forgotten when a name
 * changes.
 *
 * - `ts`, `js`: a separate module, type-checked in strict mode against the built packages; `declare const` the values that
 *   readers provide. `ts run` is run as well and must end by itself. `ts no-check because …` is for code that cannot compile.
 * - `sh`: bash can parse it, and everything of this repository exists: scripts, steps, files, commands, their flags and
 *   choices. The same applies to `npm start -- --like this` in the text.
 * - Code blocks in the doc comments of the packages' sources, below `@example`: the same.
 * - `json` is JSON; `text`, `http`, `sql`, `yaml` and `diff` are not checked. A block without language is a finding.
 * - Links to files and headings of this repository have a target.
 *
 *   node tools/check-docs-examples.mjs [root]      needs a build; exit code 1 and `file:line what` for each finding
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { root as home, run } from './workspace.mjs'

const fileEndings = { ts: 'mts', js: 'mjs', mjs: 'mjs', cjs: 'cjs' }
const forTheEye = ['text', 'http', 'sql', 'yaml', 'diff']
/** Time limit in milliseconds of an example marked `run`. */
const patience = 30_000

/** Every markdown file below `root`, with `/`, except installed, built or hidden ones. */
function documents(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'api-reference'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return documents(root, path)
    return entry.name.endsWith('.md') ? [relative(root, path).split(sep).join('/')] : []
  })
}

/** Every source file of the packages below `root`, with `/`. */
function sources(root) {
  const packages = join(root, 'packages')
  if (!existsSync(packages)) return []
  return readdirSync(packages)
    .map((name) => join(packages, name, 'src'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => relative(root, path).split(sep).join('/'))
}

/** The doc comments of a source as Markdown; all other lines are empty, so that line numbers stay those of the source. */
export function docComments(text) {
  let inside = false
  const lines = text.split(/\r?\n/).map((line) => {
    const opens = !inside && line.trimStart().startsWith('/**')
    if (opens) inside = !line.includes('*/')
    else if (inside && line.trimEnd().endsWith('*/')) inside = false
    else if (inside) return line.replace(/^\s*\* ?/, '')
    return ''
  })
  return lines.join('\n')
}

/** A markdown text as code blocks and, with every code block blanked out, the rest. Lines count from 1. */
export function readMarkdown(text) {
  const blocks = []
  const prose = []
  let open
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/.exec(line)
    if (open === undefined && fence !== null) {
      const [language = '', ...flags] = fence[3].trim().split(/\s+/)
      open = { line: i + 1, indent: fence[1].length, mark: fence[2], language, flags, lines: [] }
      blocks.push(open)
    } else if (open !== undefined && fence?.[3] === '' && fence[2].startsWith(open.mark)) {
      open.closed = true
      open = undefined
    } else if (open !== undefined) {
      open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)))
    }
    prose.push(open === undefined && fence === null ? line : '')
  }
  return { blocks: blocks.map(({ lines, ...block }) => ({ ...block, text: `${lines.join('\n')}\n` })), prose }
}

// ── ts and js ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Type-checks all modules at once; a module is `{path, document, line}`. `add` receives each error with its position. */
function compile(modules, add) {
  const byPath = new Map(modules.map((module) => [resolve(module.path), module]))
  const program = ts.createProgram([...byPath.keys()], {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    typeRoots: [join(home, 'node_modules/@types')],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    strict: true,
    allowJs: true,
    checkJs: true,
    skipLibCheck: true,
    noEmit: true,
  })
  for (const { file, start, code, messageText } of ts.getPreEmitDiagnostics(program)) {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ')
    const module = file && byPath.get(resolve(file.fileName))
    if (module === undefined) add({ document: 'tsc', line: 0 }, `TS${code}: ${text}`)
    // JavaScript has no parameter types.
    else if (!(code >= 7000 && code < 7100 && !module.path.endsWith('.mts'))) {
      const { line } = file.getLineAndCharacterOfPosition(start)
      add({ ...module, line: module.line + line + 1 }, `TS${code}: ${text}`)
    }
  }
}

/** Runs one module to its end. */
async function runModule(module, add) {
  let { path } = module
  if (path.endsWith('.mts')) {
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
    path = path.replace(/mts$/, 'out.mjs')
    writeFileSync(path, ts.transpileModule(readFileSync(module.path, 'utf8'), { compilerOptions: options }).outputText)
  }
  const { ok, output } = await run(process.execPath, [path], { timeout: patience })
  if (!ok) add(module, `does not run to its end within ${patience / 1000} s: ${lastLines(output)}`)
}

const lastLines = (output) => output.trim().split('\n').slice(0, 12).join('\n  ')

// ── sh ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Commands that readers have independently of this repository. */
const everyday = [
  ...['.', '[', 'alias', 'awk', 'bash', 'cat', 'cd', 'chmod', 'cp', 'curl', 'cut', 'diff', 'echo', 'env', 'exit'],
  ...[
    'export',
    'false',
    'git',
    'grep',
    'head',
    'jq',
    'kill',
    'ls',
    'mkdir',
    'mktemp',
    'mv',
    'openssl',
    'printf',
    'pwd',
  ],
  ...['read', 'rm', 'sed', 'set', 'sh', 'sleep', 'sort', 'source', 'tail', 'tar', 'tee', 'test', 'touch', 'tr', 'true'],
  ...['uniq', 'wait', 'wc', 'xargs', 'bun', 'bunx', 'deno', 'wrangler', 'docker', 'cloudflared', 'ngrok'],
]
const shellWords = ['if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'in']
const ofNpm = ['install', 'i', 'ci', 'init', 'create', 'pack', 'exec', 'view', 'link', 'uninstall', 'login', 'publish']
const ofPnpm = [...ofNpm, 'add', 'dlx', 'remove', 'import', 'recursive']

/** The simple commands of a shell text, as `{line, words}`; the content of `$( )` is a command too. */
export function commandsIn(text, { pipes = true } = {}) {
  const commands = []
  let words = []
  let word
  let line = 1
  const endWord = () => {
    if (word !== undefined) words.push({ text: word, line })
    word = undefined
  }
  const endCommand = () => {
    endWord()
    if (words.length > 0) commands.push({ line: words[0].line, words: words.map((each) => each.text) })
    words = []
  }
  let quote
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (quote !== undefined) {
      if (letter === quote) quote = undefined
      else if (letter === '\\' && quote === '"') word += text[++i] ?? ''
      else word += letter
    } else if (letter === '\\' && text[i + 1] === '\n') {
      i++
      line++
      continue
    } else if (letter === '\\') word = (word ?? '') + (text[++i] ?? '')
    else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (letter === '#' && word === undefined) {
      while (i + 1 < text.length && text[i + 1] !== '\n') i++
    } else if (/[\n;()&`]/.test(letter) || (letter === '|' && pipes)) endCommand()
    else if (/\s/.test(letter)) endWord()
    else word = (word ?? '') + letter
    if (letter === '\n') line++
  }
  endCommand()
  return commands
}

/** The flags that a help text lists: by `--name` and `-n`, whether a value follows, and which ones it may be. */
export function flagsOf(help) {
  const flags = new Map()
  for (const part of help.split(/\n(?= {2}-)/).slice(1)) {
    const usage = /^ {2}((?:-\w, )?--[\w-]+)( [<[][^>\]]+[>\]])?/.exec(part)
    if (usage === null) continue
    const listed = /\(choices: ([^)]*)\)/.exec(part.replace(/\s+/g, ' '))?.[1].replace(/, (default|env).*$/, '')
    const choices = listed === undefined ? undefined : [...listed.matchAll(/"([^"]+)"/g)].map(([, choice]) => choice)
    const flag = { takesValue: usage[2] !== undefined, isOptional: usage[2]?.startsWith(' [') === true, choices }
    for (const name of usage[1].split(', ')) flags.set(name, flag)
  }
  return flags
}

/** The commands that a help text lists, without `help` itself. */
function subcommandsOf(help) {
  const listed = [...(help.split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}(\w[\w-]*)/gm)]
  return listed.map(([, name]) => name).filter((name) => name !== 'help')
}

const isPlaceholder = (value) => /[<>$…{}]|\.\.\./.test(value)

/** The errors in the flags of a command with known help. */
function checkFlags(command, given, flags) {
  const problems = []
  for (let i = 0; i < given.length; i++) {
    const [name, joined] = given[i].split(/=(.*)/s)
    if (!name.startsWith('-') || isPlaceholder(name)) continue
    const flag = flags.get(name)
    if (flag === undefined) {
      problems.push(
        `${command} has no ${name}; it has ${[...flags.keys()].filter((each) => /^--/.test(each)).join(' ')}`,
      )
    } else if (flag.takesValue) {
      const next = given[i + 1]
      if (flag.isOptional && joined === undefined && (next === undefined || next.startsWith('-'))) continue
      const value = joined ?? given[++i]
      if (value === undefined) problems.push(`${command} ${name} wants a value`)
      for (const each of (value ?? '').split('|')) {
        if (flag.choices === undefined || value === undefined || isPlaceholder(each) || flag.choices.includes(each))
          continue
        problems.push(`${command} ${name} cannot be ${each}: it is ${flag.choices.join(', ')}`)
      }
    }
  }
  return problems
}

/** The commands of this repository: scripts, steps of the test, and the help of `scimkit`. */
async function commandBook() {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const bin = join(home, 'packages/server/bin/scimkit.mjs')
  const help = async (...words) => (await run(process.execPath, [bin, ...words, '--help'])).output
  const flags = new Map()
  const read = async (...words) => {
    const text = await help(...words)
    flags.set(words.join(' '), flagsOf(text))
    for (const name of subcommandsOf(text)) await read(...words, name)
  }
  await read()
  const steps = (await run(process.execPath, [join(home, 'tools/test.mjs'), '--only', '?'])).output
  return {
    pnpm: manifest.packageManager,
    scripts: Object.keys(manifest.scripts),
    flags,
    steps: (/known are: (.*)\./.exec(steps)?.[1] ?? '').split(', '),
  }
}

/** The errors in one command, as texts; `here` is the base folder of paths. */
export function checkCommand(words, book, here = home) {
  const rest = [...words]
  while (rest.length > 0 && (/^\w+=/.test(rest[0]) || shellWords.includes(rest[0]) || rest[0] === '$')) rest.shift()
  const [name, ...args] = rest
  if (name === undefined || isPlaceholder(name)) return []
  if (name === 'exec' || name === 'time') return checkCommand(args, book, here)
  if (name === 'npm') return checkScript(args, book, { manager: 'npm', own: ofNpm, dashes: true })
  if (name === 'pnpm') return checkScript(args, book, { manager: 'pnpm', own: ofPnpm, dashes: false })
  if (name === 'npx') return checkNpx(args, book, here)
  if (name === 'scimkit') return checkScimkit(args, book)
  if (name === 'node' || name === 'bash' || name === 'sh') return checkFile(args, here)
  if (name.includes('/')) return checkFile([name], here)
  return everyday.includes(name) ? [] : [`${name}: is that a command that readers have? Then add it to “everyday”`]
}

function checkNpx(args, book, here) {
  const [name, ...rest] = args.filter(
    (each, i) => !each.startsWith('-') || i > args.findIndex((a) => !a.startsWith('-')),
  )
  if (name === undefined) return ['npx of what?']
  if (!name.startsWith('pnpm')) return checkCommand([name.replace(/(.)@.*$/, '$1'), ...rest], book, here)
  const wrong = name === book.pnpm || isPlaceholder(name) ? [] : [`${name}: the workspace is pinned to ${book.pnpm}`]
  return [...wrong, ...checkCommand(['pnpm', ...rest], book, here)]
}

function checkScript(args, book, { manager, own, dashes }) {
  const [name, ...rest] = args.filter((each, i) => each !== 'run' || i > 0)
  if (name === undefined || name.startsWith('-') || isPlaceholder(name)) return []
  if (!book.scripts.includes(name)) {
    return own.includes(name) ? [] : [`${manager} ${name}: no such script; there are ${book.scripts.join(', ')}`]
  }
  if (dashes && rest.some((each) => each.startsWith('-')) && rest[0] !== '--') {
    return [`${manager} ${name}: flags reach the script only after --`]
  }
  const given = rest.filter((each) => each !== '--')
  if (name === 'start') return checkScimkit(['serve', ...given], book)
  if (name !== 'test') return []
  const steps = given.includes('--only') ? (given[given.indexOf('--only') + 1] ?? '').split(',') : []
  return steps.filter((step) => !book.steps.includes(step)).map((step) => `test has no step ${step}`)
}

function checkScimkit(args, book) {
  const [name = '', ...rest] = args
  if (name === '' || name.startsWith('-')) return checkFlags('scimkit', args, book.flags.get(''))
  const flags = book.flags.get(name)
  if (isPlaceholder(name) || name === 'help') return []
  const names = [...book.flags.keys()]
  const isGroup = names.some((each) => each.startsWith(`${name} `))
  if (isGroup && rest[0] !== undefined && !rest[0].startsWith('-') && !isPlaceholder(rest[0])) {
    return checkScimkit([`${name} ${rest[0]}`, ...rest.slice(1)], book)
  }
  if (flags !== undefined) return checkFlags(`scimkit ${name}`, rest, flags)
  return [`scimkit ${name}: no such command; there are ${names.filter(Boolean).join(', ')}`]
}

/** A path into this repository must exist; a name without a path is a file of the reader. */
function checkFile(args, here) {
  const path = args.find((each) => !each.startsWith('-'))
  if (path === undefined || !path.includes('/') || /^[/~]/.test(path) || isPlaceholder(path)) return []
  return existsSync(join(here, path)) ? [] : [`${path} is not there`]
}

// ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The anchors of a markdown text: of its headings, as GitHub makes them, and those that it sets by `<a id="…">`. */
export function anchorsOf(text) {
  const seen = new Map()
  const { prose } = readMarkdown(text)
  const headings = prose.flatMap((line) => /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1] ?? [])
  const set = prose.flatMap((line) => [...line.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id))
  return new Set([
    ...set,
    ...headings.map((heading) => {
      const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
      const slug = plain
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
        .replaceAll(' ', '-')
      const times = seen.get(slug) ?? 0
      seen.set(slug, times + 1)
      return times === 0 ? slug : `${slug}-${times}`
    }),
  ])
}

/** The links in the text to this repository, as `{line, target}`. */
function linksIn(prose) {
  return prose.flatMap((line, i) => {
    const plain = line.replace(/(`+)[^`].*?\1/g, 'code')
    const inline = [...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
    const defined = [...plain.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/g)]
    return [...inline, ...defined]
      .map(([, target]) => ({ line: i + 1, target }))
      .filter(({ target }) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target))
  })
}

function checkLink(root, document, target) {
  const [path, anchor] = target.split('#')
  const file = path === '' ? join(root, document) : resolve(root, dirname(document), decodeURIComponent(path))
  if (path.startsWith('/')) return `${target}: links start from this file, not from /`
  if (relative(root, file).startsWith('..')) return `${target} leads out of the repository`
  if (!existsSync(file)) return `${target} is not there`
  if (anchor === undefined || anchor === '' || extname(file) !== '.md') return undefined
  const anchors = anchorsOf(readFileSync(file, 'utf8'))
  if (anchors.has(anchor)) return undefined
  return `${target}: ${basename(file)} has no such heading; it has ${[...anchors].map((each) => `#${each}`).join(' ')}`
}

// ── all of it ────────────────────────────────────────────────────────────────────────────────────────────────────

/** All errors in the documentation below `root`, as `file:line what`; empty if it is correct. */
export async function checkDocs(root) {
  const cache = join(home, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  // Inside the workspace, so that examples find the packages that readers have installed.
  const scratch = mkdtempSync(join(cache, 'docs-'))
  const problems = []
  const add = ({ document, line }, what) => problems.push({ document, line, what })
  try {
    const names = documents(root)
    if (names.length === 0) add({ document: root, line: 0 }, 'no markdown at all')
    const book = await commandBook()
    const modules = []
    for (const document of names) {
      const { blocks, prose } = readMarkdown(readFileSync(join(root, document), 'utf8'))
      for (const block of blocks) await checkBlock({ ...block, document }, { scratch, book, modules, add })
      for (const { line, target } of linksIn(prose)) {
        const what = checkLink(root, document, target)
        if (what !== undefined) add({ document, line }, what)
      }
      checkSpans(document, prose, book, add)
    }
    for (const document of sources(root)) {
      const { blocks } = readMarkdown(docComments(readFileSync(join(root, document), 'utf8')))
      for (const block of blocks) await checkBlock({ ...block, document }, { scratch, book, modules, add })
    }
    compile(modules, add)
    for (const module of modules.filter(({ flags }) => flags[0] === 'run')) await runModule(module, add)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return problems
    .sort((a, b) => (a.document < b.document ? -1 : a.document > b.document ? 1 : a.line - b.line))
    .map(({ document, line, what }) => `${document}:${line} ${what}`)
}

async function checkBlock(block, { scratch, book, modules, add }) {
  const { document, line, language, flags, text, closed } = block
  if (closed !== true) return add(block, 'this code block has no end')
  if (language === '') return add(block, 'a code block without language; `text` if it is no code')
  const ending = fileEndings[language]
  if (ending !== undefined) {
    if (flags[0] === 'no-check') {
      if (flags.length < 3) add(block, `${language} no-check wants its reason beside it, in words`)
      return
    }
    if (flags.length > 0 && flags.join(' ') !== 'run')
      add(block, `${language} ${flags.join(' ')}: run, no-check or nothing`)
    const name = `${document.replace(/[^a-z0-9]+/gi, '-')}-line-${line}.${ending}`
    writeFileSync(join(scratch, name), text)
    modules.push({ ...block, path: join(scratch, name) })
  } else if (language === 'sh') {
    for (const { line: at, words } of commandsIn(text)) {
      for (const what of checkCommand(words, book)) add({ document, line: line + at }, what)
    }
    const script = join(scratch, 'block.sh')
    writeFileSync(script, text)
    const { ok, output } = await run('bash', ['-n', script])
    if (!ok) add(block, `bash cannot read this: ${output.replaceAll(script, 'block').trim()}`)
  } else if (language === 'json') {
    try {
      JSON.parse(text)
    } catch (error) {
      add(block, `this is not JSON: ${error.message}`)
    }
  } else if (!forTheEye.includes(language)) {
    const known = [...Object.keys(fileEndings), 'sh', 'json', ...forTheEye]
    add(block, `${language}: this language is not checked; known are ${known.join(', ')}`)
  }
}

/** Commands of this repository in the running text. */
function checkSpans(document, prose, book, add) {
  for (const [i, line] of prose.entries()) {
    for (const [, span] of line.matchAll(/`((?:npm|npx|pnpm|scimkit|node tools\/\S+) [^`]+|node tools\/[^`\s]+)`/g)) {
      for (const { words } of commandsIn(span, { pipes: false })) {
        for (const what of checkCommand(words, book)) add({ document, line: i + 1 }, what)
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = await checkDocs(resolve(process.argv[2] ?? home))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
