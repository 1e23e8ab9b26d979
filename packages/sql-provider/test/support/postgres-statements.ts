/** Short forms of statements, for tests of drivers. */
import type { SqlValue, Statement, Step } from '../../src/driver/driver.js'

/** A statement that runs once. */
export function ask(sql: string, ...parameters: readonly SqlValue[]): Statement {
  return { sql, parameters, lasting: false }
}

/** A step that may change nothing. */
export function step(sql: string, ...parameters: readonly SqlValue[]): Step {
  return { sql, parameters, lasting: true, mustChange: false }
}

/** A step that must change a row. */
export function decisive(sql: string, ...parameters: readonly SqlValue[]): Step {
  return { ...step(sql, ...parameters), mustChange: true }
}

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
