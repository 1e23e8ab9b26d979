/** The resources of a list page as texts, as many as one page may hold. @see RFC 7644 §3.4.2.4 */
import type { Call } from '../engine/call.js'
import { eventLoopYield } from '../pacing/event-loop-yield.js'
import { representText } from '../presenting/represent.js'
import { type ListItem, shownOf, withWholeFirst } from './list-items.js'

// The size of the message without its resources; a long cursor can exceed it.
const bytesBeside = 1_024

/**
 * The texts of the resources that the page shows: the first ones, up to the bounds on members and on bytes, one at
 * least if there is one. `itemsPerPage` is their number, and the client continues from there.
 */
export async function pageTexts(call: Call, listed: readonly ListItem[]): Promise<readonly string[]> {
  const { limits, ports } = call.engine
  const breathe = eventLoopYield(ports)
  const page = listed.slice(0, shownOf(listed, limits.pageMembers))
  const texts: string[] = []
  const fits = withinBytes(limits.pageBytes - bytesBeside)
  for (const { part, stored } of await withWholeFirst(call, page)) {
    const text = await representText(call, part.presentation, stored)
    if (!fits(text) && texts.length > 0) break
    texts.push(text)
    await breathe()
  }
  return texts
}

/**
 * Whether one text more fits into so many bytes of UTF-8 with all texts before it. A character is three bytes at most, so
 * most pages need no exact count.
 */
function withinBytes(most: number): (text: string) => boolean {
  const uncounted: string[] = []
  let atMost = 0
  let exact = 0
  return (text) => {
    uncounted.push(text)
    // A comma separates the resources.
    atMost += text.length * 3 + 1
    if (atMost <= most) return true
    for (const one of uncounted.splice(0)) exact += utf8Length(one) + 1
    return exact <= most
  }
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Each half of a surrogate pair counts two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
