/**
 * Every citation refers to a source that a reader of this repository can open: a section of an RFC, an erratum, an ADR, or a
 * line of docs/fine-print.md, identity-providers.md, threats.md or guarantees.md. The check exists because a test needs a
 * rule that readers can check: a rule that cannot be read cannot be followed, questioned or changed.
 *
 * - `citation` of every case of the contracts, and `cites` of every trace, is a list of citations and nothing else:
 *   `RFC 7644 §3.5.2.1, §3.12 (noTarget); ADR 35; erratum 7319; FP-P3`. A note may follow each in parentheses.
 * - Everywhere else (comments, titles, documentation) citations must have a target as well, and the names
 *   of documents outside the repository are findings.
 * - The lines of the four documents have unique ids, written twice: `<a id="fp-p3"></a>FP-P3`. Each
 *   line of the fine print, and each row of the identity providers' quirks, is cited by a case or a trace.
 * - SECURITY.md, the short form of docs/threats.md, names each of its requirements.
 * - A link to a file of this repository leads to an existing one.
 * - A link whose text is the id of a case (`tenant-*` for several) refers to an existing case.
 *
 *   node tools/check-citations.mjs         needs a build; exit code 1 and `file:line what` for each finding
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root as home } from './workspace.mjs'

/** The documents with ids, and the prefixes of their ids. */
const documents = {
  'docs/fine-print.md': ['FP'],
  'docs/identity-providers.md': ['IDP'],
  'docs/threats.md': ['SEC', 'INC'],
  'docs/guarantees.md': ['REL'],
  'docs/authentication.md': ['AUTH'],
}
const idPattern = /\b(?:FP|IDP|SEC|INC|REL|AUTH)-[A-Z0-9]+(?:-[A-Z0-9]+)*\b/g
const sectionsFile = 'tools/citations/rfc-sections.json'

/** Names of documents that are not in this repository, and forms of citation that cannot be checked. */
const foreign = [
  [
    /\bsemantics\.md\b|\bidp-quirks\b|\bsecurity\.md\b|\breliability\.md\b|\bwave-2\b|\bipsie-and-interop\b/,
    'is not in this repository',
  ],
  [
    /\b[Rr]eliability,? R\d+\b|\bsecurity,? requirements? \d+|\brequirements? \d+\b/,
    'names a numbered list that is not in this repository',
  ],
  [/\bdecisions? \d+\b/i, 'cite a decision as an ADR'],
  [/\.\.\/shared\b|\bfield reports\b/, 'is not in this repository'],
  [/\brows? \d+\b/, 'cite a row by its id'],
]

// ── sources of citations ────────────────────────────────────────────────────────────────────────────────────────────

/** All sources that can be cited below `root`, and the errors in their ids. */
export function readSources(root) {
  const problems = []
  const ids = new Map()
  for (const [file, prefixes] of Object.entries(documents)) {
    for (const [i, line] of read(root, file).split('\n').entries()) {
      for (const [, id, name] of line.matchAll(/<a id="([^"]+)"><\/a>(?:\*\*)?([A-Z0-9-]*)/g)) {
        if (id.toUpperCase() !== name)
          problems.push(`${file}:${i + 1} the anchor ${id} is followed by ${name || 'no id'}`)
        if (!prefixes.some((prefix) => name.startsWith(`${prefix}-`)))
          problems.push(`${file}:${i + 1} ${name} does not belong here`)
        if (ids.has(name)) problems.push(`${file}:${i + 1} ${name} is there twice`)
        ids.set(name, `${file}:${i + 1}`)
      }
    }
  }
  const errata = new Set(
    [...read(root, 'docs/errata.md').matchAll(/<a id="erratum-(\d+)"><\/a>/g)].map(([, number]) => number),
  )
  const adrs = new Set(
    (existsSync(join(root, 'docs/adr')) ? readdirSync(join(root, 'docs/adr')) : []).map((name) =>
      Number(name.slice(0, 4)),
    ),
  )
  const principles = new Set(
    [...(read(root, 'docs/house.md').split('\n## ')[1] ?? '').matchAll(/^(\d+)\. /gm)].map(([, n]) => Number(n)),
  )
  const rfcs = new Map(
    Object.entries(JSON.parse(read(root, sectionsFile) || '{}')).map(([number, { sections }]) => [
      number,
      new Set(sections.split(' ')),
    ]),
  )
  return { ids, errata, adrs, principles, rfcs, problems }
}

function read(root, file) {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''
}

// ── the citations of cases ───────────────────────────────────────────────────────────────────────────────────────

/** The parts of a citation, separated by semicolons outside of parentheses. */
export function partsOf(citation) {
  const parts = ['']
  let depth = 0
  for (const character of citation) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (character === ';' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim())
}

/** The errors in the citation of a case; empty if it is correct. */
export function problemsOfCitation(citation, sources) {
  return partsOf(citation).flatMap((part) => problemsOfPart(part, sources))
}

const note = String.raw`(?: \([^()]*\))?`
const forms = [
  [
    new RegExp(String.raw`^RFC (\d+) (§[\d.]+${note}(?:, §[\d.]+${note})*)$`),
    ([, number, list], sources) => sectionProblems(number, list, sources),
  ],
  [
    new RegExp(String.raw`^errat(?:um|a) ([\d, ]+)${note}$`),
    ([, list], { errata }) => missing(list, (number) => errata.has(number), 'erratum'),
  ],
  [
    new RegExp(String.raw`^ADRs? ([\d, ]+)${note}$`),
    ([, list], { adrs }) => missing(list, (number) => adrs.has(Number(number)), 'ADR'),
  ],
  [
    new RegExp(`^((?:FP|IDP|SEC|INC|REL|AUTH)-[A-Z0-9-]+(?:, (?:FP|IDP|SEC|INC|REL|AUTH)-[A-Z0-9-]+)*)${note}$`),
    ([, list], { ids }) => list.split(', ').flatMap((id) => (ids.has(id) ? [] : [`there is no ${id}`])),
  ],
]

function problemsOfPart(part, sources) {
  for (const [form, check] of forms) {
    const match = form.exec(part)
    if (match !== null) return check(match, sources)
  }
  return [`“${part}” is no citation: RFC n §x, erratum n, ADR n, or an id of ${Object.keys(documents).join(', ')}`]
}

function missing(list, has, what) {
  return list.split(', ').flatMap((number) => (has(number) ? [] : [`there is no ${what} ${number}`]))
}

function sectionProblems(number, list, { rfcs }) {
  const known = rfcs.get(number)
  if (known === undefined) return [`RFC ${number} is not in ${sectionsFile}`]
  const named = [...list.matchAll(/§(\d+(?:\.\d+)*)/g)].map(([, section]) => section)
  return named.flatMap((section) => (known.has(section) ? [] : [`RFC ${number} has no §${section}`]))
}

// ── citations in text ────────────────────────────────────────────────────────────────────────────────────────────

/** The errors in the citations of a text, as `{line, what}`. */
export function problemsOfText(text, sources) {
  return text.split('\n').flatMap((line, i) => problemsOfLine(line, sources).map((what) => ({ line: i + 1, what })))
}

function problemsOfLine(line, sources) {
  const found = []
  for (const [pattern, why] of foreign) {
    const match = pattern.exec(line)
    if (match !== null) found.push(`“${match[0]}” ${why}`)
  }
  for (const [id] of line.matchAll(idPattern)) if (!sources.ids.has(id)) found.push(`there is no ${id}`)
  for (const [, number, list] of line.matchAll(/RFC ?(\d{3,5}),? ((?:(?:, | and |–)?§§?\d+(?:\.\d+)*)+)/g)) {
    found.push(...sectionProblems(number, list, sources))
  }
  for (const [, list] of line.matchAll(/\bADRs? (\d+(?:(?:, | and )\d+)*)/g)) {
    found.push(...missing(list.replaceAll(' and ', ', '), (number) => sources.adrs.has(Number(number)), 'ADR'))
  }
  for (const [, list] of line.matchAll(/\b[Ee]rrat(?:um|a) (\d{3,}(?:(?:, |\/| and )\d{3,})*)/g)) {
    found.push(...missing(list.replaceAll(/\/| and /g, ', '), (number) => sources.errata.has(number), 'erratum'))
  }
  for (const [, number] of line.matchAll(/\bprinciple (\d+)\b/g)) {
    if (!sources.principles.has(Number(number))) found.push(`docs/house.md has no principle ${number}`)
  }
  return found
}

/** Excluded files: the patterns of this tool, and the tests of tools, which violate rules on purpose. */
const isLeftOut = (file) => file === 'tools/check-citations.mjs' || file.startsWith('tools/test/')

/** The files to check, relative to `root`. */
function textFiles(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'traces', 'samples'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return textFiles(root, path)
    const file = relative(root, path).split(sep).join('/')
    return /\.(ts|mjs|js|md|py|java)$/.test(entry.name) && !isLeftOut(file) ? [file] : []
  })
}

// ── all of it ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The cases of all contracts, `{contract, id, citation}`. Needs a build. */
export async function readCases(root) {
  const kit = await import(pathToFileURL(join(root, 'packages/testkit/dist/index.js')).href)
  const { wireCases } = await import(
    pathToFileURL(join(root, 'packages/testkit/dist/wire-contract/wire-contract.js')).href
  )
  const target = { user: 'u', group: 'g', tag: 'W/"1-0-0"' }
  const contracts = {
    wire: wireCases,
    hostile: kit.hostileSet(target),
    provider: kit.providerContract(() => {}, { history: 2, notes: () => {} }),
    races: kit.races,
    linearizability: kit.linearizabilityContract({ servers: [] }),
    traces: (await kit.loadTraces()).map(({ id, cites = [] }) => ({ id, citation: cites.join('; ') })),
  }
  return Object.entries(contracts).flatMap(([contract, cases]) =>
    cases.map(({ id, citation }) => ({ contract, id, citation })),
  )
}

/** All errors below `root`, one line each; empty if there are none. */
export function checkCitations(root, cases) {
  const sources = readSources(root)
  const problems = [...sources.problems]
  const cited = new Set()
  for (const { contract, id, citation } of cases) {
    for (const what of problemsOfCitation(citation, sources)) problems.push(`${contract} case ${id}: ${what}`)
    for (const [name] of citation.matchAll(idPattern)) cited.add(name)
  }
  for (const file of textFiles(root)) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const { line, what } of problemsOfText(text, sources)) problems.push(`${file}:${line} ${what}`)
    if (file.endsWith('.md')) problems.push(...caseLinks(file, text, cases), ...deadLinks(root, file, text))
    if (/\/test\/|\.test\./.test(file)) for (const [name] of text.matchAll(idPattern)) cited.add(name)
  }
  const short = read(root, 'SECURITY.md')
  for (const [name, place] of sources.ids) {
    if (name.startsWith('SEC-') && !short.includes(`[${name}](docs/threats.md#${name.toLowerCase()})`)) {
      problems.push(`${place} SECURITY.md has no link to ${name}`)
    }
    if (/^(FP-|IDP-\d)/.test(name) && !cited.has(name)) problems.push(`${place} no case, trace or test cites ${name}`)
  }
  return problems
}

/** Links to the testkit whose text is the id of an unknown case. */
function caseLinks(file, text, cases) {
  return text.split('\n').flatMap((line, i) =>
    [...line.matchAll(/\[`([^`]+)`\]\([^)]*packages\/testkit\/(?:src\/[a-z-]+\/|traces\/)[^)]*\)/g)]
      .filter(([, name]) => !/\.(ts|json)$|[/(]/.test(name))
      .filter(
        ([, name]) => !cases.some(({ id }) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name)),
      )
      .map(([, name]) => `${file}:${i + 1} there is no case ${name}`),
  )
}

/** Links to files that do not exist. */
function deadLinks(root, file, text) {
  return text.split('\n').flatMap((line, i) =>
    [...line.matchAll(/\]\(([^()\s#]+)(?:#[^()\s]*)?\)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target) && !existsSync(join(root, dirname(file), target)))
      .map((target) => `${file}:${i + 1} the link leads to ${target}, which does not exist`),
  )
}

/** The number of cases of each contract, and how many of them cite no RFC. */
export function countWithoutRfc(cases) {
  const counts = new Map()
  for (const { contract, citation } of cases) {
    const { all, without } = counts.get(contract) ?? { all: 0, without: 0 }
    counts.set(contract, { all: all + 1, without: without + (/\bRFC \d/.test(citation) ? 0 : 1) })
  }
  return counts
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cases = await readCases(home)
  const problems = checkCitations(home, cases)
  for (const line of problems) console.error(line)
  const counts = [...countWithoutRfc(cases)].map(
    ([name, { all, without }]) => `${name} ${all} (${without} without an RFC)`,
  )
  console.log(`${cases.length} cases: ${counts.join(', ')}; ${problems.length} findings`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
