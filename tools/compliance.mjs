/**
 * Every MUST and SHOULD of RFC 7643, RFC 7644 and RFC 9865, with its evidence: the rows of tools/compliance/*.json, checked
 * against the wire contract and printed as docs/compliance.md. The check exists because a claim of compliance needs
 * evidence: each row lists cases that anyone can run against a server.
 *
 * A row has `section`, `level`, `quote` (a few words of the statement, … for omissions) and the party that it `binds`:
 * - `provider`: this server. A MUST needs `cases` (ids of the wire contract) or `tests` (files, for behaviour that is not
 *   visible from outside); a SHOULD needs them, or the number of an `adr` with the reason why it is not met.
 * - `host`: the operator or embedding application; `client`: the SCIM client; `schema`: authors of schemas. Cases there
 *   show how the server handles violations.
 *
 *   node tools/compliance.mjs            needs a build; exit code 1 and one line for each finding
 *   node tools/compliance.mjs --write    writes docs/compliance.md
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root as home } from './workspace.mjs'

const rfcs = [
  ['rfc7643', 'RFC 7643', 'Core Schema'],
  ['rfc7644', 'RFC 7644', 'Protocol'],
  ['rfc9865', 'RFC 9865', 'Cursor-Based Pagination'],
]
const absolute = ['MUST', 'MUST NOT', 'SHALL', 'SHALL NOT', 'REQUIRED']
const recommended = ['SHOULD', 'SHOULD NOT', 'RECOMMENDED']
const bound = ['provider', 'host', 'client', 'schema']

/** The rows of all documents, by the name of their file. */
export function readRows(root) {
  return new Map(
    rfcs.map(([name]) => [name, JSON.parse(readFileSync(join(root, 'tools/compliance', `${name}.json`), 'utf8'))]),
  )
}

/** What works beyond the three RFCs: each with its sources and the files that show it. */
export function readBeyond(root) {
  return JSON.parse(readFileSync(join(root, 'tools/compliance/beyond.json'), 'utf8'))
}

/** Ids of the wire contract's cases, each with its source file. Needs a build. */
export async function wireCaseFiles(root) {
  const folder = join(root, 'packages/testkit/dist/wire-contract')
  const files = new Map()
  const names = readdirSync(folder, { recursive: true }).map((name) => name.split(sep).join('/'))
  for (const name of names.filter((file) => file.endsWith('.js') && file !== 'wire-contract.js')) {
    for (const exported of Object.values(await import(join(folder, name)))) {
      if (!Array.isArray(exported)) continue
      for (const { id, run } of exported) {
        if (typeof run === 'function') files.set(id, `packages/testkit/src/wire-contract/${name.replace(/js$/, 'ts')}`)
      }
    }
  }
  return files
}

/** The decision record with this number; undefined if absent. */
function adrFile(root, number) {
  const prefix = `${String(number).padStart(4, '0')}-`
  return readdirSync(join(root, 'docs/adr')).find((file) => file.startsWith(prefix))
}

/** All errors in the rows, one line each; empty if they are correct. */
export function findings(root, rows, cases) {
  const found = []
  for (const [name, list] of rows) {
    for (const [i, row] of list.entries()) {
      const complain = (what) => found.push(`tools/compliance/${name}.json row ${i + 1}, §${row.section}: ${what}`)
      const { level, binds, quote, cases: ids = [], tests = [], adr } = row
      if (!absolute.includes(level) && !recommended.includes(level)) complain(`no such level: ${level}`)
      if (!bound.includes(binds)) complain(`unknown value of binds: ${binds}`)
      if (typeof quote !== 'string' || quote === '') complain('no quote')
      for (const id of ids) if (!cases.has(id)) complain(`the wire contract has no case "${id}"`)
      for (const file of tests) if (!existsSync(join(root, file))) complain(`file not found: ${file}`)
      if (adr !== undefined && adrFile(root, adr) === undefined) complain(`there is no ADR ${adr}`)
      if (binds !== 'provider' || ids.length + tests.length > 0) continue
      if (absolute.includes(level)) complain(`a ${level} of the provider without a case: “${quote}”`)
      else if (adr === undefined) complain(`a ${level} of the provider without a case, and without an ADR: “${quote}”`)
    }
  }
  return found
}

/** The number of rows of each kind. */
export function count(list) {
  const of = (levels) => list.filter(({ binds, level }) => binds === 'provider' && levels.includes(level))
  const isShown = ({ cases = [], tests = [] }) => cases.length + tests.length > 0
  const [musts, shoulds] = [of(absolute), of(recommended)]
  return {
    musts: musts.length,
    mustsShown: musts.filter(isShown).length,
    shoulds: shoulds.length,
    shouldsMet: shoulds.filter(({ adr }) => adr === undefined).length,
    others: list.filter(({ binds }) => binds !== 'provider').length,
  }
}

// ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────

const intro = `# Compliance

Every statement of RFC 7643, RFC 7644 and RFC 9865 that says MUST, SHALL, REQUIRED, SHOULD or RECOMMENDED, with its evidence. Printed by
\`node tools/compliance.mjs --write\` from [tools/compliance](../tools/compliance); \`npm test\` fails when this page is stale, when a case does not exist, or when
a MUST of the server has no case. [Errata](errata.md) are applied, as the cases cite them.

Names in \`code\` are cases of the wire contract (\`wireContract\` of \`@scimkit/testkit\`): they run in process, over HTTP, on every adapter, store and runtime, and
can be run against any SCIM server. Test files are listed for behaviour that is not visible from outside. **ADR** means: not met in full, with the reason.

Statements that bind other parties are listed too. *Client*: the SCIM client; the cases show how the server handles a violation. *Host*: the application that embeds
the server or its operator (TLS, the lifetime of tokens, the handling of passwords). *Schema*: authors of schemas, or their registration with IANA. Section 8.7 of
RFC 7643 repeats statements of sections 4 to 7; they are listed there.
`

function summary(rows) {
  const lines = [
    '| | MUST of the server | shown | SHOULD of the server | met | of others |',
    '|---|---|---|---|---|---|',
  ]
  const totals = { musts: 0, mustsShown: 0, shoulds: 0, shouldsMet: 0, others: 0 }
  const line = (name, counts) => `| ${name} | ${Object.values(counts).join(' | ')} |`
  for (const [name, title] of rfcs) {
    const counts = count(rows.get(name))
    for (const key of Object.keys(totals)) totals[key] += counts[key]
    lines.push(line(`[${title}](#${anchor(name)})`, counts))
  }
  return [...lines, line('all', totals)].join('\n')
}

function anchor(name) {
  const [, title, subtitle] = rfcs.find(([one]) => one === name)
  return `${title} ${subtitle}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}

const whom = { provider: '', host: ' *host*', client: ' *client*', schema: ' *schema*' }

function rowLine(root, cases, { section, level, binds, quote, cases: ids = [], tests = [], adr, note }) {
  const proofs = [
    ...ids.map((id) => `[\`${id}\`](../${cases.get(id)})`),
    ...tests.map((file) => `[${file.replace('packages/', '')}](../${file})`),
    ...(adr === undefined ? [] : [`[ADR ${adr}](adr/${adrFile(root, adr)})`]),
  ]
  const shown = [proofs.join(', '), note].filter((part) => part !== undefined && part !== '').join('. ')
  return `| §${section} | ${level}${whom[binds]} | “${escaped(quote)}” | ${shown} |`
}

// Escapes square brackets, which would be read as links, and bars, which would end the cell.
function escaped(text) {
  return text.replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function beyondText(root) {
  const lines = readBeyond(root).map(({ what, sources, shown }) => {
    const proofs = shown.map((file) => `[${file.replace('packages/', '')}](../${file})`)
    return `| ${what} | ${sources} | ${proofs.join(', ')} |`
  })
  return ['## Beyond these RFCs', '', '| works | by | shown by |', '|---|---|---|', ...lines].join('\n')
}

/** The expected text of docs/compliance.md. */
export function page(root, rows, cases) {
  const parts = rfcs.map(([name, title, subtitle]) => {
    const lines = rows.get(name).map((row) => rowLine(root, cases, row))
    return [`## ${title} ${subtitle}`, '', '| | | statement | shown by |', '|---|---|---|---|', ...lines].join('\n')
  })
  return `${[`${intro}\n${summary(rows)}`, ...parts, beyondText(root)].join('\n\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(home, 'docs/compliance.md')
  const [rows, cases] = [readRows(home), await wireCaseFiles(home)]
  const found = findings(home, rows, cases)
  for (const { what, shown } of readBeyond(home)) {
    for (const file of shown)
      if (!existsSync(join(home, file))) found.push(`beyond.json, ${what}: file not found: ${file}`)
  }
  const text = page(home, rows, cases)
  if (process.argv.includes('--write')) writeFileSync(target, text)
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    found.push('docs/compliance.md is stale: node tools/compliance.mjs --write')
  }
  for (const line of found) console.error(line)
  const all = count([...rows.values()].flat())
  console.log(`${all.musts} MUST of the server, ${all.mustsShown} shown; ${all.shoulds} SHOULD, ${all.shouldsMet} met`)
  process.exitCode = found.length > 0 ? 1 : 0
}
