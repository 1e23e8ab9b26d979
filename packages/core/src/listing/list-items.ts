import type { Call } from '../engine/call.js'
import type { IndexPage, KeysetPage, Needs, Page, Stored } from '../provider/provider.js'
import type { ListPart } from './list-question.js'

/** A resource of a list, and the part of the list that it is in. */
export interface ListItem {
  readonly part: ListPart
  readonly stored: Stored
}

/** Requests a page of one part from the provider, within the bound on bytes: it may be short. */
export async function requestPart<Kind extends IndexPage | KeysetPage>(
  call: Call,
  { presentation, filter, sort }: ListPart,
  page: Kind,
  needs: Needs,
): Promise<Page> {
  return call.engine.provider.query(
    presentation.type.name,
    { filter, sort, page: { ...page, bytes: call.engine.limits.pageBytes }, needs: { ...needs, mayLag: true } },
    call.context,
  )
}

/** The resources of a page, each with its part. */
export function listItemsOf(part: ListPart, { resources }: Page): readonly ListItem[] {
  return resources.map((stored) => ({ part, stored }))
}

/**
 * How many resources of a page are shown: those up to the bound on members, one at least. `itemsPerPage` is their
 * number, and the client continues from there.
 */
export function shownOf(listed: readonly ListItem[], mostMembers: number): number {
  let members = 0
  for (const [i, { stored }] of listed.entries()) {
    members += (stored.members?.length ?? 0) + (stored.derived?.groups?.length ?? 0)
    if (members > mostMembers && i > 0) return i
  }
  return listed.length
}

/**
 * The page with its first resource whole: otherwise a client could never page past a group that exceeds the bound
 * alone.
 */
export async function withWholeFirst(call: Call, page: readonly ListItem[]): Promise<readonly ListItem[]> {
  const [first, ...rest] = page
  if (first === undefined || (first.stored.members?.length ?? 0) <= call.engine.limits.pageMembers) return page
  const stored = await call.engine.provider.read(first.stored.ref, first.part.presentation.needs, call.context)
  return stored === undefined ? page : [{ part: first.part, stored }, ...rest]
}
