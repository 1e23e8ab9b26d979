/**
 * What a request costs on SQLite, in CPU: `node bench/sql-cost.mjs`. Build first (`npm start` or `pnpm build`).
 *
 * 1. Beside the raw prepared statements it needs: the very statements that the provider runs, with the same values, in
 *    the same file, on the same connection; and beside that the whole way through core and provider.
 * 2. Beside the same request when there is little around it: a member of a group of 100,000 and of 10, a user among
 *    1,000,000 and among 10,000 (`--users 100000` for less).
 *
 * Rounds alternate and the best of each counts, since noise only ever adds. Read the ratios.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = createRequire(new URL('../packages/server/package.json', import.meta.url))
const { createScim, ifVersion, tenantId } = await import('@scimkit/core')
const { sqliteProvider } = await import('@scimkit/sql-provider/sqlite')

const flag = (name, otherwise) => {
  const index = process.argv.indexOf(name)
  return index === -1 ? otherwise : Number(process.argv[index + 1])
}
const manyUsers = flag('--users', 1_000_000)
const fewUsers = Math.min(10_000, manyUsers)
const rounds = flag('--rounds', 20)
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const folder = mkdtempSync(join(tmpdir(), 'scimkit-bench-'))

try {
  await overhead()
  await flat()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What this Node has: its own SQLite, or libsql. */
function open(file) {
  const builtIn = process.getBuiltinModule?.('node:sqlite')
  if (builtIn !== undefined) return new builtIn.DatabaseSync(file)
  return new (root('libsql'))(file)
}

/** A connection that tells every statement that is run, while `told` is set. */
function recording(inner) {
  const recorder = { told: undefined, connection: undefined }
  recorder.connection = {
    prepare(sql) {
      const statement = inner.prepare(sql)
      const tell =
        (kind) =>
        (...parameters) => {
          recorder.told?.push({ sql, kind, parameters })
          return statement[kind](...parameters)
        }
      return { all: tell('all'), run: tell('run') }
    },
    exec(sql) {
      recorder.told?.push({ sql, kind: 'exec', parameters: [] })
      return inner.exec(sql)
    },
    close: () => inner.close(),
  }
  return recorder
}

async function cpuOf(count, action) {
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) await action(i)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

function cpuOfSync(count, action) {
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) action(i)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

function exampleUser(name) {
  return {
    schemas: [userSchema],
    userName: `${name}@example.com`,
    externalId: `ext-${name}`,
    displayName: `User ${name}`,
    name: { givenName: 'Ada', familyName: 'Lovelace', formatted: 'Ada Lovelace' },
    title: 'Countess',
    active: true,
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    phoneNumbers: [{ value: '+44 20 7946 0958', type: 'work' }],
    addresses: [{ type: 'work', streetAddress: '12 St James Square', locality: 'London', country: 'GB' }],
  }
}

async function overhead() {
  const inner = open(join(folder, 'overhead.db'))
  const recorder = recording(inner)
  const provider = sqliteProvider(recorder.connection)
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('bench'), baseUrl: 'https://app.example/scim/v2' })
  const created = []
  for (let i = 0; i < 2_000; i++) {
    created.push((await scim.perform({ kind: 'create', type: 'User', body: exampleUser(`user${i}`) }, context)).value)
  }
  const pick = (i) => created[(i * 7) % created.length]

  const get = (i) => scim.perform({ kind: 'get', ref: pick(i).ref }, context)
  const lookup = (i) =>
    scim.perform(
      { kind: 'query', type: 'User', search: { filter: `userName eq "user${(i * 7) % created.length}@example.com"` } },
      context,
    )
  const versions = new Map(created.map(({ ref, version }) => [ref.id, version]))
  let turn = 0
  const putTo = async (ref, name) => {
    turn += 1
    const body = { ...exampleUser(name), title: `Countess ${turn}` }
    const precondition = ifVersion(versions.get(ref.id))
    const { kind, value } = await scim.perform({ kind: 'replace', ref, body, precondition }, context)
    if (kind !== 'success') throw new Error(kind)
    versions.set(ref.id, value.version)
  }
  const put = (i) => putTo(pick(i).ref, `user${(i * 7) % created.length}`)
  // The raw statements write to as many users of their own, so that nobody's version moves under anybody's feet.
  const owned = []
  for (let i = 0; i < 2_000; i++) {
    const name = ownName(i)
    const { ref, version } = (await scim.perform({ kind: 'create', type: 'User', body: exampleUser(name) }, context))
      .value
    owned.push({ ref, name, version })
    versions.set(ref.id, version)
  }
  const putOwn = async () => {
    await putTo(owned[0].ref, owned[0].name)
    owned[0].version = versions.get(owned[0].ref.id)
  }

  console.log(
    `CPU per request on SQLite (${process.getBuiltinModule?.('node:sqlite') ? 'node:sqlite' : 'libsql'}, Node ${process.version}, synchronous=FULL), in microseconds`,
  )
  console.log('                    statements      raw   through core and provider    ratio')
  for (const [name, action, count, example] of [
    ['GET', get, 5_000, get],
    ['lookup by userName', lookup, 5_000, lookup],
    ['conditional PUT', put, 1_000, putOwn],
  ]) {
    for (let i = 0; i < 300; i++) await action(i)
    const raw = rawOf(inner, await record(recorder, example), pick, owned)
    let [bestRaw, bestWhole] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let round = 0; round < rounds; round++) {
      bestRaw = Math.min(bestRaw, cpuOfSync(count, raw.run))
      bestWhole = Math.min(bestWhole, await cpuOf(count, action))
    }
    const ratio = (bestWhole / bestRaw).toFixed(2)
    console.log(
      `${name.padEnd(20)} ${String(raw.statements).padStart(9)} ${bestRaw.toFixed(1).padStart(8)} ${bestWhole.toFixed(1).padStart(27)} ${ratio.padStart(8)}`,
    )
  }
  await provider.close()
}

/** The statements of one request. */
async function record(recorder, action) {
  recorder.told = []
  await action(0)
  const { told } = recorder
  recorder.told = undefined
  return told
}

/** The same statements with values that move from call to call as the request's do, and nothing around them. */
function rawOf(connection, told, pick, owned) {
  const first = pick(0)
  const name = 'user0@example.com'
  const ready = told.map(({ sql, kind, parameters }) => ({
    statement: kind === 'exec' ? { exec: () => connection.exec(sql) } : connection.prepare(sql),
    kind,
    parameters,
    decides: sql.startsWith('update'),
  }))
  const writes = told.some(({ kind }) => kind === 'run')
  if (!writes) {
    return {
      statements: told.length,
      run(i) {
        const { ref } = pick(i)
        const userName = `user${(i * 7) % 2_000}@example.com`
        for (const { statement, kind, parameters } of ready) {
          statement[kind](
            ...parameters.map((value) => (value === first.ref.id ? ref.id : value === name ? userName : value)),
          )
        }
      },
    }
  }
  // The version goes up, as it does when a client writes; all else that names the user names another one.
  const [next, expected] = new Set(told.flatMap(({ parameters }) => parameters).filter(isVersion))
  const [{ ref: model, name: modelName }] = owned
  const valuesFor = ({ ref, name }) =>
    ready.map(({ parameters }) =>
      parameters.map((value) =>
        typeof value === 'string' && !isVersion(value)
          ? value.replaceAll(model.id, ref.id).replaceAll(modelName, name)
          : value,
      ),
    )
  const all = owned.map((user) => ({ values: valuesFor(user), version: user.version }))
  let turn = 1_000_000
  return {
    statements: told.length,
    run(i) {
      const user = all[(i * 7) % all.length]
      turn += 1
      const following = `${turn}-${next.slice(-29)}`
      ready.forEach(({ statement, kind }, index) => {
        const result = statement[kind](
          ...user.values[index].map((value) =>
            value === next ? following : value === expected ? user.version : value,
          ),
        )
        if (ready[index].decides && result.changes !== 1) throw new Error('the raw write missed')
      })
      user.version = following
    },
  }
}

function ownName(i) {
  return `own${String(i).padStart(5, '0')}`
}

function isVersion(value) {
  return /^\d+-[0-9a-f]{16}-[0-9a-f]{12}$/.test(String(value))
}

async function flat() {
  console.log('\nCPU per request with much around it, and with little, in microseconds')
  console.log('                                             little      much    ratio')
  const provider = sqliteProvider(join(folder, 'flat.db'), { durability: 'normal' })
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('bench'), baseUrl: 'https://app.example/scim/v2' })

  const small = await groupOf(scim, context, 10)
  const large = await groupOf(scim, context, 100_000)
  const members = (id, operation) =>
    scim.perform(
      {
        kind: 'patch',
        ref: { type: 'Group', id },
        body: { schemas: [patchSchema], Operations: [operation] },
      },
      context,
    )
  let turn = 0
  const addAndRemove = (id) => async () => {
    turn += 1
    await members(id, { op: 'add', path: 'members', value: [{ value: `extra${turn}` }] })
    await members(id, { op: 'remove', path: `members[value eq "extra${turn}"]` })
  }
  const getGroup = (id) => () =>
    scim.perform({ kind: 'get', ref: { type: 'Group', id }, projection: { excludedAttributes: ['members'] } }, context)
  await compare('add a member and remove it: 10, 100,000', 500, addAndRemove(small), addAndRemove(large))
  await compare('GET of a group without members', 3_000, getGroup(small), getGroup(large))

  const little = scim.context({ tenant: tenantId('little'), baseUrl: 'https://app.example/scim/v2' })
  const much = scim.context({ tenant: tenantId('much'), baseUrl: 'https://app.example/scim/v2' })
  seed(join(folder, 'flat.db'), 'little', fewUsers)
  seed(join(folder, 'flat.db'), 'much', manyUsers)
  const lookup = (who, count) => (i) =>
    scim.perform(
      { kind: 'query', type: 'User', search: { filter: `userName eq "User${(i * 7_919) % count}@example.com"` } },
      who,
    )
  const found = await lookup(much, manyUsers)(3)
  if (found.value.totalResults !== 1) throw new Error(`found ${found.value.totalResults}`)
  await compare(
    `userName among ${fewUsers.toLocaleString('en')}, ${manyUsers.toLocaleString('en')}`,
    3_000,
    lookup(little, fewUsers),
    lookup(much, manyUsers),
  )
  await provider.close()
}

async function compare(name, count, few, many) {
  for (let i = 0; i < 200; i++) {
    await few(i)
    await many(i)
  }
  let [bestFew, bestMany] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < rounds; round++) {
    bestFew = Math.min(bestFew, await cpuOf(count, few))
    bestMany = Math.min(bestMany, await cpuOf(count, many))
  }
  console.log(
    `${name.padEnd(42)} ${bestFew.toFixed(1).padStart(8)} ${bestMany.toFixed(1).padStart(9)} ${(bestMany / bestFew).toFixed(2).padStart(8)}`,
  )
}

async function groupOf(scim, context, count) {
  const members = Array.from({ length: count }, (_, i) => ({ value: `member${i}` }))
  const body = { schemas: [groupSchema], displayName: `group of ${count}`, members }
  return (await scim.perform({ kind: 'create', type: 'Group', body }, context)).value.ref.id
}

/** A million users in some seconds: the rows that a million creates would make, straight into the tables. */
function seed(file, tenant, count) {
  const connection = open(file)
  connection.exec('pragma synchronous = off')
  connection.exec('begin')
  connection
    .prepare(
      `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${count})
       insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, display, doc)
       select ?, 'User', ? || i, '1-0123456789abcdef-0123456789ab', 1, '2026-01-01T00:00:00.000Z', 1767225600000,
         '2026-01-01T00:00:00.000Z', 1767225600000, 'User' || i || '@example.com',
         '{"schemas":["${userSchema}"],"id":"' || ? || i || '","userName":"User' || i || '@example.com","active":true,"emails":[{"value":"user' || i || '@example.com","type":"work","primary":true}]}'
       from n`,
    )
    .run(tenant, `${tenant}-`, `${tenant}-`)
  for (const [path, unique] of [
    ['userName', 'lower(display)'],
    ['emails.value', 'null'],
  ]) {
    connection
      .prepare(
        `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold, exact, number, unique_key)
         select row_id, tenant, type, '${path}', 1, 's', lower(display), display, null, ${unique} from scim_resources where tenant = ?`,
      )
      .run(tenant)
  }
  connection.exec('commit')
  connection.exec('pragma wal_checkpoint(truncate)')
  connection.close()
}
