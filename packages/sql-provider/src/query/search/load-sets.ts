import type { RowSet } from '../filter/row-sets.js'
import { groupRowsOf, groupRowsWith } from './group-rows.js'
import { rowsBelow } from './rows-below.js'
import type { Search } from './search.js'

/** Reads all sets that the query uses. Throws 400 tooMany and a StoreFailure. */
export async function loadSets(search: Search): Promise<void> {
  for (const { name, set } of search.sets.unread()) search.sets.keep(name, await rowsOf(search, set))
}

function rowsOf(search: Search, set: RowSet): Promise<Iterable<number>> {
  switch (set.kind) {
    case 'groupsOf':
      return groupRowsOf(search, set.key)
    case 'groupsWith':
      return groupRowsWith(search, set.operator, set.key)
    case 'below':
      return rowsBelow(search, set.key)
  }
}
