/**
 * Clients on hot resources of one store, through as many servers as there are, and the question whether all that they
 * saw could have happened one after the other.
 */
import type { Exchange } from '../exchange.js'
import { type CheckHistoryOptions, checkHistory } from './check-history.js'
import { type Clock, sharedClock } from './clock.js'
import { lostAtTheEnd } from './last-look.js'
import type { HistoryOperation, HistoryRequest } from './operation.js'
import { playRound } from './round.js'

const defaultRound = 20_000

/** Who plays against whom, and for how long. */
export interface LinearizabilityOptions extends CheckHistoryOptions {
  /**
   * The servers, all on one store: processes of their own behind `viaHttp`, or handlers in this one. Each request goes
   * to any of them. They must let in whoever comes (`withHeaders` brings a token along), and may be in use by others.
   */
  readonly servers: readonly Exchange[]
  /** Requests in all; a little more are sent, to see how each round ended. Default 10,000. */
  readonly operations?: number
  /** Milliseconds after which no further request is sent, done or not. Default: as long as it takes. */
  readonly milliseconds?: number
  /** Clients that send one request after the other. Default 16. */
  readonly clients?: number
  /** Resources that they want. Default 32, a quarter of them groups. */
  readonly hotResources?: number
  /** Requests of one round, which is checked before the next begins. Default 20,000. */
  readonly roundOperations?: number
  /** Repeats what the clients choose; when they are served is up to the servers. Default: a new one. */
  readonly seed?: number
  /** Default {@link sharedClock}. */
  readonly now?: Clock
}

/** What came of it. Good are only `violations` and `undecided` that are empty. */
export interface LinearizabilityReport {
  readonly seed: number
  /** How many operations were checked. */
  readonly operations: number
  readonly counts: Readonly<Record<HistoryRequest['kind'], number>>
  /** Answers 412 and 409: a run without any has shown nothing. */
  readonly conflicts: number
  /** Requests of which nobody knows whether they were carried out. */
  readonly unknown: number
  /** Resources and names that have a history of their own. */
  readonly registers: number
  /** Operations of the longest of these. */
  readonly longest: number
  /** Milliseconds that clients played, and that the checker took. */
  readonly played: number
  readonly checked: number
  /** What no order explains, as text for people. */
  readonly violations: readonly string[]
  /** Of what nothing is known: the search was given up. */
  readonly undecided: readonly string[]
}

/**
 * Plays 16 clients against the servers and checks every resource and every name. Clients GET, PUT, PATCH, DELETE and
 * POST, with conditions and without, create again what was deleted under other spellings of its name, and search for
 * it. Ends at the first round with a violation. Rejects only if the servers cannot be used at all.
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
    const { history, lastLook } = await playRound({
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
    const lost = lostAtTheEnd(history, lastLook)
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
    // What follows a lost write is not worth anybody's time.
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
