/**
 * Registers contracts, which are data, with a test runner. A waiver documents a case that is known to fail, with its
 * reason, and fails itself as soon as it is no longer needed.
 */

/** The requirement level of a case. @see RFC 2119 */
export type Level = 'MUST' | 'SHOULD'

/** One requirement, and a test of it. */
export interface ContractCase {
  /** Stable and unique in its contract; waivers refer to it. */
  readonly id: string
  /** The requirement as a sentence. */
  readonly title: string
  readonly level: Level
  /** The source of the requirement: an RFC section, or a rule of this project. */
  readonly citation: string
  /** Capabilities of the tested system that the case requires. */
  readonly needs?: readonly string[]
  /** Resolves if the requirement is met; rejects with an Error that contains the expected and the actual result. */
  readonly run: () => Promise<void>
}

/** One case that is known to fail. */
export interface Waiver {
  readonly id: string
  /** The reason, for readers of the test report. */
  readonly reason: string
}

/** Registers a test: `it` or `test` of jest, vitest and node:test. */
export type RegisterTest = (title: string, run: () => Promise<void>) => unknown

/** A test runner: an object with `it` or `test`. */
export type TestRunner = { readonly it: RegisterTest } | { readonly test: RegisterTest }

/**
 * Registers every case as a test. The test of a waived case passes as long as the case fails, and fails when the waiver is
 * stale. A waiver without a reason, or for an id that the contract does not have, is a failing test.
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { bind, viaHttp, wireContract } from '@scimkit/testkit'
 *
 * bind({ test }, wireContract({ exchange: viaHttp('http://127.0.0.1:3000/scim/v2') }))
 * ```
 */
export function bind(runner: TestRunner, cases: Iterable<ContractCase>, waivers: Iterable<Waiver> = []): void {
  const register: RegisterTest = 'it' in runner ? runner.it : runner.test
  const reasons = new Map<string, string>()
  for (const { id, reason } of waivers) reasons.set(id, reason)
  const unused = new Set(reasons.keys())
  for (const contractCase of cases) {
    unused.delete(contractCase.id)
    const reason = reasons.get(contractCase.id)
    if (reason === undefined) register(titleOf(contractCase), contractCase.run)
    else registerWaived(register, contractCase, reason)
  }
  for (const id of unused) {
    register(`waiver ${id}`, async () => {
      throw new Error(`There is no case "${id}" to waive.`)
    })
  }
}

function registerWaived(register: RegisterTest, contractCase: ContractCase, reason: string): void {
  register(`${titleOf(contractCase)} (waived: ${reason})`, async () => {
    if (reason.trim() === '') throw new Error(`The waiver for "${contractCase.id}" needs a reason.`)
    if (await isKept(contractCase)) throw new Error(`The waiver for "${contractCase.id}" is stale: the case passes.`)
  })
}

async function isKept(contractCase: ContractCase): Promise<boolean> {
  try {
    await contractCase.run()
    return true
  } catch {
    return false
  }
}

function titleOf({ id, level, title, citation }: ContractCase): string {
  return `${id}: ${title} [${level}, ${citation}]`
}
