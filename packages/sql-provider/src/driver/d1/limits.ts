/** The limits of D1, checked before a statement is sent. @see https://developers.cloudflare.com/d1/platform/limits/ */
import type { Statement } from '../driver.js'
import { StoreFailure } from '../store-failure.js'

/** Most parameters that one statement may bind. */
export const mostParameters = 100
/** Most bytes of a string, and of all values of a row together. */
const rowBytes = 2_000_000
/** Most bytes of the text of a statement. */
const sqlBytes = 100_000

/** The sentence for a client whose value or resource is too large. */
export const rowLimit: string = `A value or the whole resource is larger than ${rowBytes} bytes, the limit of Cloudflare for a value and for a row.`
const sqlLimit = `The request needs an SQL statement of more than ${mostParameters} parameters or ${sqlBytes} bytes, the limits of Cloudflare.`

/**
 * Throws a {@link StoreFailure} with the outcome `refused` and the limit if one of the statements exceeds a limit of D1.
 * The values of one statement are counted together: those of an insert or update are one row.
 */
export function ensureWithinLimits(statements: readonly Statement[]): void {
  for (const { sql, parameters } of statements) {
    if (parameters.length > mostParameters || isLonger([sql], sqlBytes)) throw refused(sqlLimit)
    if (isLonger(parameters, rowBytes)) throw refused(rowLimit)
  }
}

function refused(limit: string): StoreFailure {
  return new StoreFailure(limit, 'refused', undefined, limit)
}

/** Whether the texts have more than so many bytes in UTF-8, together. */
function isLonger(values: Statement['parameters'], bytes: number): boolean {
  let units = 0
  for (const value of values) if (typeof value === 'string') units += value.length
  // A UTF-16 unit has between 1 and 3 bytes.
  if (units * 3 <= bytes) return false
  if (units > bytes) return true
  let counted = 0
  for (const value of values) if (typeof value === 'string') counted += new TextEncoder().encode(value).length
  return counted > bytes
}
