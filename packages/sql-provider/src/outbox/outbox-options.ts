import type { OutboxContent } from '../store/store.js'

/** The option `outbox` of a provider. */
export interface OutboxOptions {
  /**
   * Whether each row has the document after the change, and for a removal the last one. False: rows have names, ids and versions,
   * and no values. Default true.
   */
  readonly documents?: boolean
  /** How long rows are kept that every consumer has finished with, in seconds. Default 604,800, which is 7 days. */
  readonly retentionSeconds?: number
}

/** The option, checked. */
export interface OutboxSettings {
  readonly content: OutboxContent
  readonly retentionSeconds: number
}

const defaultRetentionSeconds = 7 * 24 * 60 * 60

/** The settings of an option. Throws a TypeError for an invalid one. */
export function outboxSettingsFrom(option: boolean | OutboxOptions | undefined): OutboxSettings {
  if (option === undefined || option === false) return { content: 'off', retentionSeconds: defaultRetentionSeconds }
  if (option === true) return { content: 'documents', retentionSeconds: defaultRetentionSeconds }
  if (typeof option !== 'object' || option === null) {
    throw new TypeError(`outbox: expected true, false or an object, got ${String(option)}`)
  }
  const { documents = true, retentionSeconds = defaultRetentionSeconds } = option
  if (typeof documents !== 'boolean') {
    throw new TypeError(`outbox.documents: expected true or false, got ${String(documents)}`)
  }
  return {
    content: documents ? 'documents' : 'names',
    retentionSeconds: wholeNumber('outbox.retentionSeconds', retentionSeconds, 1),
  }
}

/** The number if it is whole and at least `least`. Throws a TypeError that names the option. */
export function wholeNumber(
  name: string,
  value: number,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw new TypeError(`${name}: expected a whole number ${range}, got ${String(value)}`)
}
