import { bytesOnPage, type MembersNeed, type Needs } from '@scimkit/core/provider'
import type { Row } from './row.js'

/** The cost of a row on a page that is bounded in bytes, estimated before its members are loaded. */
export function costOfRow({ state, members }: Row, needs: Needs): number {
  return bytesOnPage(state.json.length, askedCount(members?.size ?? 0, needs.members))
}

function askedCount(size: number, need: MembersNeed): number {
  if (need === 'none') return 0
  if (need === 'all') return size
  if ('only' in need) return Math.min(size, need.only.length)
  if ('first' in need) return Math.min(size, need.first)
  return size > need.upTo ? 0 : size
}
