/**
 * Contracts are data; this is the one place where they meet a test runner. A waiver says in the open what is not kept
 * and why, and turns red as soon as it is no longer needed.
 */

/** How binding a promise is. @see RFC 2119 */
export type Level = 'MUST' | 'SHOULD'

/** One promise, and a way to try it. */
export interface ContractCase {
  /** Stable and unique in its contract; what waivers name. */
  readonly id: string
  /** The promise as a sentence. */
  readonly title: string
  readonly level: Level
  /** Where the promise comes from: an RFC section, or the requirement of this project. */
  readonly citation: string
  /** What the tried thing must be able to do for the case to make sense. */
  readonly needs?: readonly string[]
  /** Resolves if the promise was kept; rejects with an Error that says what was expected and what was seen. */
  readonly run: () => Promise<void>
}

/** One case that is known not to be kept. */
export interface Waiver {
  readonly id: string
  /** Why, for whoever reads the test report. */
  readonly reason: string
}

/** Registers a test; what jest, vitest and node:test call `it` and `test`. */
export type RegisterTest = (title: string, run: () => Promise<void>) => unknown

/** A test runner: an object with `it` or `test`. */
export type TestRunner = { readonly it: RegisterTest } | { readonly test: RegisterTest }

/**
 * Registers every case as a test. A waived case must fail: it passes as long as it does, and is red when stale.
 * A waiver without a reason, or for an id that the contract does not have, is a red test of its own.
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
