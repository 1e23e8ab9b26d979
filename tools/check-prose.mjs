/**
 * Counts banned words and phrases in the prose of this repository: comments, documentation and the texts of messages. The
 * check exists because readers come from many countries: a sentence must be understood at first reading, and a text
 * of an error must use the words that an operator searches for.
 *
 * - tools/prose/banned.json lists the patterns, with a replacement, and with examples that `tools/test` checks.
 * - Prose is: comments and string literals with a space in .ts, .mjs, .js and .java; comments and strings of .py; comments
 *   of shell scripts; the text of .md.
 * - Quotations are excluded: text in backticks, in double or curved quotation marks (in .ts also inside a string: a filter
 *   such as `userName eq "nobody"` is data), code blocks, link targets, HTML tags, and sentences of an RFC in docs/compliance.md.
 * - tools/prose/pending.json has the folders that are not converted yet, each with its number of findings. More findings than
 *   the number fail; so do fewer, and then `--lower` writes the new number: the numbers can only fall.
 *
 *   node tools/check-prose.mjs              exit code 1 if a folder has another number of findings than it may have
 *   node tools/check-prose.mjs PATH …       every finding below these files or folders: `file:line “word” → replacement`
 *   node tools/check-prose.mjs --lower      lower the numbers in pending.json to the findings that remain
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { root as home } from './workspace.mjs'

const pendingFile = 'tools/prose/pending.json'

/** Replaces each character that is not prose. Patterns cannot match across it. */
const gap = '\u0000'

/** The banned patterns, compiled. */
export const readBanned = (root = home) =>
  JSON.parse(readFileSync(join(root, 'tools/prose/banned.json'), 'utf8')).map((entry) => ({
    ...entry,
    regexp: new RegExp(entry.pattern, entry.flags ?? 'gi'),
  }))

// ── prose of a file ──────────────────────────────────────────────────────────────────────────────────────────────

/** `text` with every character outside of `ranges` replaced by a gap; line breaks and blanks stay, so that positions and lines do too. */
function keepOnly(text, ranges) {
  const kept = new Uint8Array(text.length)
  for (const [from, to] of ranges) kept.fill(1, from, to)
  let out = ''
  for (let i = 0; i < text.length; i++) out += kept[i] === 1 || /\s/.test(text[i]) ? text[i] : gap
  return out
}

const blanks = (text, fill) => text.replace(/[^\n]/g, fill)

/** Comments and quotations: the leaders of lines become blanks, quoted text becomes a gap. */
const unquoted = (text) => text.replace(/`[^`\n]*`|“[^”]*”|(?<![\w])"[^"\n]*"(?!\w)/g, (quoted) => blanks(quoted, gap))

/** The literals of a TypeScript or JavaScript file: `{from, to, prose}`. */
function literalsOfScript(text) {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, false)
  const found = []
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push({ from: node.getStart(file), to: node.end, prose: / /.test(node.text) })
    } else if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      found.push({ from: node.getStart(file), to: node.end, prose: false })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The string literals of a Python or Java file, found by their quotation marks. Comments are skipped. */
function literalsOf(text, comment) {
  const found = []
  const token = new RegExp(`${comment}|"""[\\s\\S]*?"""|"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'`, 'g')
  for (const match of text.matchAll(token)) {
    if (!/^["']/.test(match[0])) continue
    found.push({ from: match.index, to: match.index + match[0].length, prose: / /.test(match[0]) })
  }
  return found
}

/** The prose of a program: its comments, and its literals with a space. */
function proseOfProgram(text, literals, comment) {
  const ranges = []
  let rest = text
  for (const { from, to, prose } of literals) {
    rest = rest.slice(0, from) + blanks(rest.slice(from, to), gap) + rest.slice(to)
    const marks = text.startsWith('"""', from) ? 3 : 1
    if (prose) ranges.push([from + marks, to - marks])
  }
  const leaders = []
  for (const match of rest.matchAll(comment)) {
    ranges.push([match.index, match.index + match[0].length])
    for (const leader of match[0].matchAll(/^[ \t]*(?:\/\*+|\*+\/|\*+|\/\/+|#+)|\*+\/$/gm)) {
      leaders.push([match.index + leader.index, leader[0].length])
    }
  }
  const letters = [...keepOnly(text, ranges)]
  for (const [at, length] of leaders) letters.fill(' ', at, at + length)
  return unquoted(letters.join(''))
}

/** The prose of a markdown text. */
function proseOfMarkdown(text) {
  let open
  const lines = text.split('\n').map((line) => {
    const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    if (open === undefined && fence !== undefined) open = fence
    else if (open !== undefined && fence?.startsWith(open)) open = undefined
    else if (open === undefined) return line
    return gap
  })
  return unquoted(
    lines
      .join('\n')
      .replace(/``[^\n]*?``/g, (code) => blanks(code, gap))
      .replace(/(?<=\])\([^)\s]*\)/g, (target) => blanks(target, ' '))
      .replace(/<[^>\n]*>/g, (tag) => blanks(tag, ' ')),
  )
}

const hash = /#[^\n]*/g
const slashes = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g

/** The prose of a file, by its name, with the positions of the file; `undefined` for files without any. */
export function proseOf(file, text) {
  // The rows quote sentences of the RFCs; the notes of ours are in tools/compliance.
  if (file === 'docs/compliance.md') return undefined
  if (/\.md$/.test(file)) return proseOfMarkdown(text)
  if (/\.(ts|mjs|js)$/.test(file)) return proseOfProgram(text, literalsOfScript(text), slashes)
  if (/\.java$/.test(file)) return proseOfProgram(text, literalsOf(text, '//[^\\n]*|/\\*[\\s\\S]*?\\*/'), slashes)
  if (/\.py$/.test(file)) return proseOfProgram(text, literalsOf(text, '#[^\\n]*'), hash)
  if (file === '.ci/run') return proseOfProgram(text, [], /(?<=^|\s)#[^\n]*/g)
  return undefined
}

/** The findings in one file: `{at, line, word, use}`; `at` is a position in the text. */
export function findingsIn(file, text, banned) {
  const prose = proseOf(file, text)
  if (prose === undefined) return []
  const found = banned.flatMap(({ regexp, use }) =>
    [...prose.matchAll(regexp)].map((match) => ({
      at: match.index,
      line: prose.slice(0, match.index).split('\n').length,
      word: match[0].replace(/\s+/g, ' '),
      use,
    })),
  )
  return found.sort((a, b) => a.at - b.at)
}

// ── all files ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The test of this tool has banned words as data. */
const isLeftOut = (file) => file === 'tools/test/check-prose.test.mjs'

/** The files that may have prose, relative to `root`, with `/`. */
function files(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') && entry.name !== '.ci') return []
    if (['node_modules', 'dist', 'target', 'samples', 'data', 'packed'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return files(root, path)
    const file = relative(root, path).split(sep).join('/')
    return isLeftOut(file) ? [] : [file]
  })
}

/** Every finding below `root`: `{file, line, word, use}`. */
export function readFindings(root, banned) {
  return files(root).flatMap((file) => {
    if (proseOf(file, '') === undefined) return []
    return findingsIn(file, readFileSync(join(root, file), 'utf8'), banned).map((each) => ({ file, ...each }))
  })
}

/** The entry of `pending` that a file belongs to: the longest one that the path begins with. */
function folderOf(file, pending) {
  const folders = Object.keys(pending).filter((folder) => file === folder || file.startsWith(`${folder}/`))
  return folders.sort((a, b) => b.length - a.length)[0]
}

/** How many findings each entry of `pending` has now. */
export function countByFolder(findings, pending) {
  const counts = Object.fromEntries(Object.keys(pending).map((folder) => [folder, 0]))
  for (const { file } of findings) {
    const folder = folderOf(file, pending)
    if (folder !== undefined) counts[folder] += 1
  }
  return counts
}

const shown = ({ file, line, word, use }) => `${file}:${line} “${word}” → ${use}`

/** What is wrong, one line each; an empty list is what we want. */
export function problemsOf(findings, pending) {
  const problems = findings.filter(({ file }) => folderOf(file, pending) === undefined).map(shown)
  for (const [folder, count] of Object.entries(countByFolder(findings, pending))) {
    const most = pending[folder]
    if (count > most) {
      problems.push(`${folder} has ${count} findings, ${most} are allowed (node tools/check-prose.mjs ${folder})`)
    } else if (count < most || most === 0) {
      problems.push(`${folder} has ${count} findings, not ${most} (node tools/check-prose.mjs --lower)`)
    }
  }
  return problems
}

/** `pending` with lower numbers where fewer findings are left; entries without findings go. */
export function lowered(findings, pending) {
  const counts = countByFolder(findings, pending)
  return Object.fromEntries(
    Object.entries(pending)
      .map(([folder, most]) => [folder, Math.min(most, counts[folder])])
      .filter(([, count]) => count > 0),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  const path = join(home, pendingFile)
  let pending = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const findings = readFindings(home, readBanned())
  const paths = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.replace(/\/+$/, ''))
  for (const missing of paths.filter((each) => !existsSync(join(home, each)))) console.error(`There is no ${missing}.`)
  if (paths.length > 0) {
    const isBelow = ({ file }) =>
      paths.some((each) => file === each || (file.startsWith(`${each}/`) && statSync(join(home, each)).isDirectory()))
    for (const each of findings.filter(isBelow)) console.log(shown(each))
  } else {
    if (args.includes('--lower')) {
      pending = lowered(findings, pending)
      writeFileSync(path, `${JSON.stringify(pending, undefined, 2)}\n`)
    }
    const problems = problemsOf(findings, pending)
    for (const line of problems) console.error(line)
    console.log(
      `${findings.length} findings in ${Object.keys(pending).length} pending folders; ${problems.length} problems`,
    )
    process.exitCode = problems.length > 0 ? 1 : 0
  }
}
