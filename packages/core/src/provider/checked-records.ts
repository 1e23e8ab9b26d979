/** The limits of records, checked in one place for every store. */
import type { RecordChange, RecordKey, RecordQuery, RecordStore } from './record-store.js'

/** Most characters of the value of a record. */
export const recordValueLimit = 65_536

const mostKeys = 100
const mostChanges = 50
const mostListed = 1_000
const longestKind = 32
const longestId = 200
const longestTenant = 128

/**
 * The same store, whose functions reject with a TypeError if an argument is outside the limits of {@link RecordStore}. Stores
 * call it, so that a record which one of them accepts is accepted by every other.
 */
export function checkedRecords(store: RecordStore): RecordStore {
  return {
    async read(keys) {
      checkCount('read: keys', keys.length, 0, mostKeys)
      keys.forEach(checkKey)
      return store.read(keys)
    },
    async list(query) {
      checkQuery(query)
      return store.list(query)
    },
    async write(changes) {
      checkCount('write: changes', changes.length, 1, mostChanges)
      changes.forEach(checkChange)
      const names = new Set(changes.map(({ kind, id }) => `${kind} ${id}`))
      if (names.size < changes.length) throw new TypeError('write: expected changes of different records')
      return store.write(changes)
    },
    async removeExpired(now, count) {
      checkTime('removeExpired: now', now)
      checkCount('removeExpired: count', count, 1, mostListed)
      return store.removeExpired(now, count)
    },
  }
}

function checkQuery({ kind, tenant, after, count }: RecordQuery): void {
  checkKind(kind)
  if (tenant !== undefined) checkTenant(tenant)
  if (after !== undefined && after !== '') checkId(after)
  checkCount('list: count', count, 1, mostListed)
}

function checkChange(change: RecordChange): void {
  checkKey(change)
  switch (change.change) {
    case 'insert':
      checkTenant(change.tenant)
      checkContent(change)
      return
    case 'replace':
      checkRevision(change.expected)
      checkContent(change)
      return
    case 'remove':
      checkRevision(change.expected)
      return
    default:
      throw new TypeError(`change: expected insert, replace or remove, got ${shown((change as RecordChange).change)}`)
  }
}

function checkKey({ kind, id }: RecordKey): void {
  checkKind(kind)
  checkId(id)
}

function checkKind(kind: unknown): void {
  const holds = typeof kind === 'string' && isBetween(kind.length, 1, longestKind) && everyUnit(kind, isOfKind)
  if (!holds) throw new TypeError(`kind: expected 1 to ${longestKind} letters, digits and "-", got ${shown(kind)}`)
}

function checkId(id: unknown): void {
  const holds = typeof id === 'string' && isBetween(id.length, 1, longestId) && everyUnit(id, isVisible)
  // The id of a record may be derived from a secret.
  if (!holds) throw new TypeError(`id: expected 1 to ${longestId} visible ASCII characters`)
}

function checkTenant(tenant: unknown): void {
  if (typeof tenant === 'string' && tenant.length <= longestTenant && isText(tenant)) return
  throw new TypeError(`tenant: expected at most ${longestTenant} characters without U+0000 and lone surrogates`)
}

function checkContent({ value, expires }: { readonly value: unknown; readonly expires?: number | undefined }): void {
  if (typeof value !== 'string' || value.length > recordValueLimit || !isText(value)) {
    throw new TypeError(
      `value: expected at most ${recordValueLimit.toLocaleString('en')} characters without U+0000 and lone surrogates`,
    )
  }
  if (expires !== undefined) checkTime('expires', expires)
}

function checkTime(name: string, time: number): void {
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new TypeError(`${name}: expected whole milliseconds since 1970, got ${shown(time)}`)
  }
}

function checkRevision(expected: number): void {
  if (Number.isSafeInteger(expected) && expected > 0) return
  throw new TypeError(`expected: expected a revision, which is a whole number above 0, got ${shown(expected)}`)
}

function checkCount(name: string, count: number, least: number, most: number): void {
  if (Number.isSafeInteger(count) && isBetween(count, least, most)) return
  throw new TypeError(`${name}: expected ${least} to ${most.toLocaleString('en')}, got ${shown(count)}`)
}

const isBetween = (number: number, least: number, most: number): boolean => number >= least && number <= most

function everyUnit(text: string, holds: (unit: number) => boolean): boolean {
  for (let index = 0; index < text.length; index++) if (!holds(text.charCodeAt(index))) return false
  return true
}

const isVisible = (unit: number): boolean => unit > 0x20 && unit < 0x7f

const isOfKind = (unit: number): boolean =>
  unit === 0x2d || (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)

/** Whether every store can keep the text. */
function isText(text: string): boolean {
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (point === 0 || (point >= 0xd800 && point <= 0xdfff)) return false
  }
  return true
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
