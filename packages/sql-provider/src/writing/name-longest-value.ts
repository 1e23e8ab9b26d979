import type { Member } from '@scimkit/core/provider'
import { indexLimit } from '../driver/postgres/errors.js'
import { StoreFailure } from '../driver/store-failure.js'
import type { KeyRow } from '../keys/key-rows.js'

/**
 * The failure of a write. For the size limit of a PostgreSQL index entry, it names the attribute of the longest indexed value,
 * because the database itself names none.
 */
export function namingTheLongest(error: unknown, keys: readonly KeyRow[], members: readonly Member[] = []): unknown {
  if (!(error instanceof StoreFailure) || error.outcome !== 'refused' || error.limit !== indexLimit) return error
  let attribute = ''
  let longest = 0
  const consider = (path: string, text: string): void => {
    if (text.length <= longest) return
    attribute = path
    longest = text.length
  }
  for (const [path, , , fold] of keys) consider(path, fold)
  for (const { value } of members) consider('members.value', value)
  if (longest === 0) return error
  return new StoreFailure(error.message, 'refused', error.cause, `${indexLimit} The longest one is in ${attribute}.`)
}
