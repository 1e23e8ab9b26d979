/**
 * Concurrent clients on hot resources of one store, through several servers, and a check whether their history is
 * linearizable.
 */
import {
  type CheckHistoryOptions,
  type Clock,
  checkHistory,
  type HistoryOperation,
  type HistoryRequest,
  lostWrites,
  sharedClock,
} from '@scimkit/linearizability'
import type { Exchange } from '../exchange.js'
import { playRound } from './round.js'

const defaultRound = 20_000

/** The servers, the clients, and the length of the run. */
export interface LinearizabilityOptions extends CheckHistoryOptions {
  /**
   * The servers, all on one store: separate processes behind `viaHttp`, or handlers in this process. Each request goes to
   * a random one. They must accept the requests (`withHeaders` adds a token), and may have other clients.
   */
  readonly servers: readonly Exchange[]
  /** Total requests; a few more are sent to read the final state of each round. Default 10,000. */
  readonly operations?: number
  /** Milliseconds after which no further request is sent. Default: no limit. */
  readonly milliseconds?: number
  /** Concurrent clients; each sends one request after the other. Default 16. */
  readonly clients?: number
  /** Contended resources. Default 32, a quarter of them groups. */
  readonly hotResources?: number
  /** Requests of one round, which is checked before the next begins. Default 20,000. */
  readonly roundOperations?: number
  /** Repeats the choices of the clients, not the timing of the servers. Default: random. */
  readonly seed?: number
  /** Default {@link sharedClock}. */
  readonly now?: Clock
}

/** The result. The history is linearizable only if `violations` and `undecided` are both empty. */
export interface LinearizabilityReport {
  readonly seed: number
  /** How many operations were checked. */
  readonly operations: number
  readonly counts: Readonly<Record<HistoryRequest['kind'], number>>
  /** Responses 412 and 409: a run without conflicts proves nothing. */
  readonly conflicts: number
  /** Requests with an unknown outcome. */
  readonly unknown: number
  /** The number of registers: resources and names. */
  readonly registers: number
  /** Operations of the longest history of one register. */
  readonly longest: number
  /** Milliseconds of the clients, and of the checker. */
  readonly played: number
  readonly checked: number
  /** The histories without a linearization, described as text. */
  readonly violations: readonly string[]
  /** The registers whose search reached its limit, described as text. */
  readonly undecided: readonly string[]
}

/**
 * Runs 16 clients against the servers and checks every resource and every name. Clients GET, PUT, PATCH, DELETE and
 * POST, with preconditions and without; they create deleted resources again under other spellings of the name, and
 * search for them. Ends at the first round with a violation. Rejects only if the servers cannot be used at all.
 * @see RFC 7644 §3.14; REL-1
 */
export async function linearizability(options: LinearizabilityOptions): Promise<LinearizabilityReport> {
  const { servers, operations = 10_000, milliseconds, clients = 16, hotResources = 32 } = options
  const { roundOperations = defaultRound, seed = Math.floor(Math.random() * 2 ** 31) } = options
  const now = options.now ?? (await sharedClock())
  const until = milliseconds === undefined ? Number.POSITIVE_INFINITY : now() + milliseconds * 1_000_000
  let report: LinearizabilityReport = nothingYet(seed)
  for (let sent = 0, round = 0; sent < operations && now() < until; sent += roundOperations, round++) {
    const began = now()
    const { history, finalReads } = await playRound({
      servers,
      clients,
      hotResources,
      operations: Math.min(roundOperations, operations - sent),
      until,
      seed: seed + round,
      now,
    })
    const ended = now()
    const { registers, longest, violations, undecided } = checkHistory(history, options)
    const lost = lostWrites(history, finalReads)
    report = {
      seed,
      operations: report.operations + history.length,
      counts: countsOf(history, report.counts),
      conflicts: report.conflicts + history.filter(isConflict).length,
      unknown: report.unknown + history.filter(({ answer }) => answer.kind === 'unknown').length,
      registers: report.registers + registers,
      longest: Math.max(report.longest, longest),
      played: report.played + (ended - began) / 1_000_000,
      checked: report.checked + (now() - ended) / 1_000_000,
      violations: [...report.violations, ...violations, ...lost],
      undecided: [...report.undecided, ...undecided],
    }
    // Rounds after a violation add no information.
    if (report.violations.length > 0) break
  }
  return report
}

function nothingYet(seed: number): LinearizabilityReport {
  return {
    seed,
    operations: 0,
    counts: { GET: 0, PUT: 0, PATCH: 0, DELETE: 0, POST: 0, SEARCH: 0 },
    conflicts: 0,
    unknown: 0,
    registers: 0,
    longest: 0,
    played: 0,
    checked: 0,
    violations: [],
    undecided: [],
  }
}

function countsOf(
  history: readonly HistoryOperation[],
  before: LinearizabilityReport['counts'],
): LinearizabilityReport['counts'] {
  const counts = { ...before }
  for (const { request } of history) counts[request.kind] += 1
  return counts
}

function isConflict({ answer }: HistoryOperation): boolean {
  return answer.kind === 'answered' && (answer.status === 412 || answer.status === 409)
}
