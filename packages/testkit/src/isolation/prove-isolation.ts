/** Random requests of tenants about each other's resources, each compared with its control. */
import type { Exchange, ExchangeRequest, ExchangeResponse } from '../exchange.js'
import { type SeededRandom, seededRandom } from '../seeded-random.js'
import { type Attack, attacks, type Named, plainLists } from './attacks.js'
import { comparable, createdPaths, idsIn } from './comparable.js'
import { ask, send } from './messages.js'
import { namedBy, namedByNone } from './named.js'
import type { IsolationTarget } from './target.js'
import { changesOf, makeWorld, marksIn, type TenantWorld, user } from './world.js'

/** The extent of a proof. */
export interface IsolationOptions {
  readonly target: IsolationTarget
  /** At least 2. */
  readonly tenants: number
  /** Requests about something of another tenant; their controls are not counted. */
  readonly requests: number
  readonly seed: number
  /** Tenants that send requests at the same time. Default 8. */
  readonly atOnce?: number
  /** Called after every thousand requests. */
  readonly progress?: (requests: number) => void
}

/** The result of a proof. */
export interface IsolationReport {
  readonly tenants: number
  readonly requests: number
  /** Requests by the name of their attack. */
  readonly attacks: ReadonlyMap<string, number>
  /** Differences, values of another tenant, changed resources: each is a failure. The first 20. */
  readonly leaks: readonly string[]
}

const mostLeaks = 20

/** What a proof knows, and has found. */
interface Proof {
  readonly target: IsolationTarget
  readonly worlds: readonly TenantWorld[]
  /** The tenant of each resource. */
  readonly ownerOf: ReadonlyMap<string, string>
  readonly leaks: string[]
  readonly counts: Map<string, number>
}

/** Runs a proof. Rejects if the server does not carry out the tenants' own requests. */
export async function proveIsolation(options: IsolationOptions): Promise<IsolationReport> {
  const { target, tenants, requests, seed, atOnce = 8, progress = () => undefined } = options
  const random = seededRandom(seed)
  const worlds: TenantWorld[] = []
  for (let i = 0; i < tenants; i++) worlds.push(await makeWorld(target, `tenant-${i}`, i, random))
  target.events?.()
  const ownerOf = new Map(
    worlds.flatMap(({ tenant, manager, employee, group }) =>
      [manager.id, employee.id, group.id].map((id) => [id, tenant] as const),
    ),
  )
  const proof: Proof = { target, worlds, ownerOf, leaks: [], counts: new Map() }
  let sent = 0
  // The attacks of one tenant follow each other: what one has created is removed before the next begins.
  const lanes = Array.from({ length: Math.min(atOnce, tenants) }, async (_, lane) => {
    const own = worlds.filter((_world, i) => i % atOnce === lane)
    const choice = seededRandom(seed + lane + 1)
    while (sent < requests && proof.leaks.length < mostLeaks) {
      // Not `sent +=`, which would read the count before it waits: the other lanes count too.
      const requests = await attackOnce(proof, choice.pick(own), choice)
      sent += requests
      if (Math.floor((sent - requests) / 1000) !== Math.floor(sent / 1000)) progress(sent)
    }
  })
  await Promise.all(lanes)
  for (const world of worlds) {
    for (const change of await changesOf(world)) proof.leaks.push(`${world.tenant} has changed: ${change}`)
  }
  return { tenants, requests: sent, attacks: proof.counts, leaks: proof.leaks.slice(0, mostLeaks) }
}

async function attackOnce(proof: Proof, self: TenantWorld, random: SeededRandom): Promise<number> {
  if (random.oneIn(12)) return addressOfAnother(proof, self, random)
  if (random.oneIn(20)) return listEverything(proof, self, random)
  if (random.oneIn(20)) return keyOfAnother(proof, self, random)
  if (proof.target.limited !== undefined && random.oneIn(40)) return useUpAllowance(proof, self)
  const attack = random.pick(attacks)
  const other = anotherThan(proof, self, random)
  // Both of them make the same random choices.
  const choices = random.below(0x7fffffff)
  const named = namedBy(other, self, random)
  const [real, control] = [named, namedByNone(named, random)]
  const shown = await carryOut(proof, self, attack, real, choices)
  const expected = await carryOut(proof, self, attack, control, choices)
  if (shown.text !== expected.text) {
    proof.leaks.push(
      `${attack.name}: the answer shows that ${other.tenant} has it:\n${shown.text}\ninstead of\n${expected.text}`,
    )
  }
  checkEvents(proof)
  count(proof, attack.name, shown.requests)
  return shown.requests
}

// The requests of an attack, and then those that undo it. The text is what their sender sees.
async function carryOut(
  proof: Proof,
  self: TenantWorld,
  attack: Attack,
  named: Named,
  choices: number,
): Promise<{ readonly text: string; readonly requests: number }> {
  const requests = attack.requests(self, named, seededRandom(choices))
  const sentText = requests
    .map(({ path, body, headers }) => `${decodeURIComponent(path)} ${String(body)} ${JSON.stringify(headers)}`)
    .join('\n')
  const seen: string[] = []
  const made: string[] = []
  for (const request of requests) {
    const response = await self.exchange(request)
    checkResponse(proof, self, attack.name, response, sentText)
    seen.push(comparable(response, named))
    if (attack.removesCreated === true) made.push(...createdPaths(response))
  }
  for (const path of made) await self.exchange(ask('DELETE', path))
  return { text: seen.join('\n'), requests: requests.length }
}

// Credentials of one tenant at the address of another: the same as at the address of none.
async function addressOfAnother(proof: Proof, self: TenantWorld, random: SeededRandom): Promise<number> {
  const { target } = proof
  const other = anotherThan(proof, self, random)
  const request = random.pick<ExchangeRequest>([
    ask('GET', '/Users'),
    ask('GET', other.manager.path),
    ask('DELETE', other.manager.path, { 'If-Match': other.manager.tag }),
    ask('GET', '/ServiceProviderConfig'),
    ask('GET', '/Nowhere'),
  ])
  const seenAt = async (exchange: Exchange): Promise<string> => comparable(await exchange(request), undefined)
  const there = await seenAt(target.exchange(self.tenant, other.tenant))
  const nowhere = await seenAt(target.exchange(self.tenant, `${other.tenant}-is-not-there`))
  if (!there.startsWith('401 ')) proof.leaks.push(`${request.method} ${request.path} at ${other.tenant}: ${there}`)
  if (there !== nowhere)
    proof.leaks.push(`address: the answer shows that ${other.tenant} exists:\n${there}\ninstead of\n${nowhere}`)
  count(proof, 'address of another', 1)
  return 1
}

// A key that another tenant has just used, with the same body: a create of its own.
async function keyOfAnother(proof: Proof, self: TenantWorld, random: SeededRandom): Promise<number> {
  const other = anotherThan(proof, self, random)
  const key = { 'Idempotency-Key': `key-${random.below(0x7fffffff)}-${random.below(0x7fffffff)}` }
  const creation = send('POST', '/Users', user(`keyed-${other.mark}-${random.below(0x7fffffff)}`), key)
  const theirs = await other.exchange(creation)
  const ours = await self.exchange(creation)
  const [made = ''] = createdPaths(theirs)
  const [own = ''] = createdPaths(ours)
  if (made === '') throw new Error(`POST /Users with a key: ${theirs.status} ${theirs.body}`)
  if (own === '' || own === made) {
    proof.leaks.push(`idempotency key: the answer shows that ${other.tenant} has used it: ${ours.status} ${ours.body}`)
  }
  await other.exchange(ask('DELETE', made))
  if (own !== '') await self.exchange(ask('DELETE', own))
  count(proof, 'idempotency key', 1)
  return 1
}

async function listEverything(proof: Proof, self: TenantWorld, random: SeededRandom): Promise<number> {
  const request = random.pick(plainLists)
  checkResponse(proof, self, `${request.method} ${request.path}`, await self.exchange(request), '')
  count(proof, 'list', 1)
  return 1
}

// A tenant that has used up its allowance takes nothing from another.
async function useUpAllowance(proof: Proof, self: TenantWorld): Promise<number> {
  const { limited } = proof.target
  if (limited === undefined) return 0
  const exchange = proof.target.exchange(limited.tenant)
  let refused = 0
  for (let i = 0; i <= limited.burst; i++)
    refused += (await exchange(ask('GET', '/ServiceProviderConfig'))).status === 429 ? 1 : 0
  const own = await self.exchange(ask('GET', self.manager.path))
  if (refused === 0) proof.leaks.push(`rate limit: ${limited.burst + 1} requests of ${limited.tenant} were not limited`)
  if (own.status !== 200) proof.leaks.push(`rate limit: ${self.tenant} got ${own.status}`)
  count(proof, 'rate limit', limited.burst + 2)
  return limited.burst + 2
}

// Marks and ids of other tenants that the request itself did not contain.
function checkResponse(
  proof: Proof,
  self: TenantWorld,
  name: string,
  response: ExchangeResponse,
  sentText: string,
): void {
  const text = `${JSON.stringify(response.headers)} ${response.body}`
  const foreign = marksIn(text).find((mark) => mark !== self.mark && !sentText.includes(mark))
  if (foreign !== undefined) proof.leaks.push(`${name}: ${self.tenant} sees ${foreign}: ${text}`)
  const id = idsIn(text).find(
    (each) => !sentText.includes(each) && (proof.ownerOf.get(each) ?? self.tenant) !== self.tenant,
  )
  if (id !== undefined)
    proof.leaks.push(`${name}: ${self.tenant} sees the id ${id} of ${proof.ownerOf.get(id)}: ${text}`)
}

function checkEvents({ target, ownerOf, leaks }: Proof): void {
  for (const { tenant, id } of target.events?.() ?? []) {
    const owner = id === undefined ? undefined : ownerOf.get(id)
    if (owner !== undefined && owner !== tenant) leaks.push(`event: ${tenant} with the id ${id} of ${owner}`)
  }
}

function anotherThan({ worlds }: Pick<Proof, 'worlds'>, self: TenantWorld, random: SeededRandom): TenantWorld {
  return random.pick(worlds.filter((world) => world !== self))
}

function count({ counts }: Pick<Proof, 'counts'>, name: string, requests: number): void {
  counts.set(name, (counts.get(name) ?? 0) + requests)
}
