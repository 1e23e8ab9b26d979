/** Pages by cursor, of one type or of several as one list. @see RFC 9865 §2 */
import type { ScimContext } from '../context.js'
import type { Call } from '../engine/call.js'
import { scimError } from '../errors.js'
import type { KeysetPage, Page } from '../provider/provider.js'
import { documentOnly } from '../provider/provider.js'
import { type CursorSetting, openCursor, type Place, sealCursor } from './cursor.js'
import { indexedPage } from './index-pages.js'
import { type ListItem, listItemsOf, requestPart } from './list-items.js'
import type { ListPart, ListQuestion } from './list-question.js'
import { interleave, keyOfStored, mergeOrder, needsOfKey, sharesOf } from './merge-sorted-lists.js'
import { pageTexts } from './page-texts.js'

/** A page of a walk. */
export interface CursorPage {
  /** Its resources. */
  readonly texts: readonly string[]
  /** Undefined if the provider would have to count. */
  readonly totalResults: number | undefined
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined
}

const saltLength = 16

/**
 * The page at a cursor; an empty one is at the first page. Throws 400 invalidCursor or expiredCursor; invalidCount
 * where the caller's `count` has to stay the same; 400 invalidValue for a page that no cursor could continue.
 */
export async function cursorPage(
  call: Call,
  question: ListQuestion,
  cursor: string,
  count: number,
): Promise<CursorPage> {
  const setting = await settingOf(call, question)
  const places = await placesAt(cursor, setting, question, count, call.context)
  if (count === 0) {
    // RFC 9865 §2: nothing is returned "except for totalResults".
    const { totalResults } = await indexedPage(call, question, { startIndex: 1, count })
    return { texts: [], totalResults, nextCursor: undefined }
  }
  const { texts, totalResults, next } = await pageFrom(call, question, places, count)
  if (next.every((place) => place === 'end')) return { texts, totalResults, nextCursor: undefined }
  const nextCursor = await sealCursor({ places: next, count }, setting, call.engine.ports.randomBytes(saltLength))
  if (nextCursor === undefined) {
    throw scimError.invalidValue(
      'No cursor can continue from here: too many resources have the same long value of the sortBy attribute. Sort by another attribute, or page by startIndex.',
    )
  }
  return { texts, totalResults, nextCursor }
}

// A cursor reveals nothing and authenticates no caller, but it is also not valid for another caller (RFC 9865 §5.2).
async function settingOf(call: Call, { text }: ListQuestion): Promise<CursorSetting> {
  return {
    keys: await call.engine.cursorKeys(),
    bound: JSON.stringify([call.context.tenant, call.context.principal ?? null, text()]),
    now: call.engine.ports.now(),
    seconds: call.engine.cursorSeconds,
    limits: call.engine.limits,
  }
}

async function placesAt(
  cursor: string,
  setting: CursorSetting,
  { parts }: ListQuestion,
  count: number,
  { interop }: ScimContext,
): Promise<readonly Place[]> {
  if (cursor === '') return parts.map(() => 'start')
  const walk = await openCursor(cursor, setting)
  if (!interop.anyCursorCount && walk.count !== count) {
    throw scimError.invalidCount('count must be the same as on the first page.')
  }
  return walk.places
}

interface Step {
  readonly listed: readonly ListItem[]
  readonly totalResults: number | undefined
  /** The positions behind the resources of the page. */
  readonly next: readonly Place[]
}

/** A page over a bound is repeated with as many resources as it may hold, so that its positions are behind them. */
async function pageFrom(
  call: Call,
  question: ListQuestion,
  places: readonly Place[],
  count: number,
): Promise<Omit<Step, 'listed'> & { readonly texts: readonly string[] }> {
  const { parts, sorted } = question
  const step =
    sorted === undefined
      ? await stepInTurn(call, parts, places, count)
      : await mergedStep(call, parts, sorted.descending, places, count)
  const texts = await pageTexts(call, step.listed)
  return texts.length === step.listed.length ? { ...step, texts } : pageFrom(call, question, places, texts.length)
}

/** All of the first type, then all of the next. */
async function stepInTurn(
  call: Call,
  parts: readonly ListPart[],
  places: readonly Place[],
  count: number,
): Promise<Step> {
  const listed: ListItem[] = []
  const next = [...places]
  let totalResults: number | undefined
  for (const [i, part] of parts.entries()) {
    const place = next[i] ?? 'start'
    if (place === 'end') continue
    const left = count - listed.length
    if (left === 0) {
      if (await hasMore(call, part, place)) break
      next[i] = 'end'
      continue
    }
    const found = await requestPart(call, part, pageAt(place, left), part.needs)
    listed.push(...listItemsOf(part, found))
    next[i] = placeAfter(found)
    if (parts.length === 1) totalResults = found.totalResults
    if (found.next !== undefined) break
  }
  return { listed, totalResults, next }
}

/**
 * The page of each type is merged to determine how many of its resources the page shows; then exactly those are
 * requested, so that each type's position is behind its last shown resource. A concurrent write between the two can put
 * a resource on the page after its place; it cannot make a resource appear twice or be skipped.
 */
async function mergedStep(
  call: Call,
  parts: readonly ListPart[],
  descending: boolean,
  places: readonly Place[],
  count: number,
): Promise<Step> {
  const ahead = await Promise.all(
    parts.map(async (part, i): Promise<Page> => {
      const place = places[i] ?? 'start'
      if (place === 'end') return nothing
      return requestPart(call, part, pageAt(place, count), needsOfKey(part))
    }),
  )
  const keys = ahead.map(({ resources }, i) => resources.map((stored) => keyIn(parts[i], stored)))
  const goesOn = ahead.map(({ next }) => next !== undefined)
  const order = mergeOrder(keys, descending, count, goesOn)
  const shares = sharesOf(order, parts.length)
  const taken = await Promise.all(
    parts.map(async (part, i) => {
      const [place = 'start', share = 0] = [places[i], shares[i]]
      if (place === 'end' || share === 0)
        return { listed: [], isShort: false, next: ahead[i]?.resources.length ? place : 'end' } as const
      const found = await requestPart(call, part, pageAt(place, share), part.needs)
      return { listed: listItemsOf(part, found), isShort: found.short === true, next: placeAfter(found) }
    }),
  )
  const listed = interleave(order, taken)
  // The positions must be behind the shown resources: with the resources that a short page has left out, others are
  // left out too.
  if (taken.some(({ isShort }) => isShort) && listed.length > 0 && listed.length < count) {
    return mergedStep(call, parts, descending, places, listed.length)
  }
  return {
    listed,
    totalResults: undefined,
    next: taken.map(({ next }) => next),
  }
}

const nothing: Page = { resources: [], totalResults: undefined }

function keyIn(part: ListPart | undefined, stored: Page['resources'][number]): ReturnType<typeof keyOfStored> {
  return part && keyOfStored(part, stored)
}

function pageAt(place: Exclude<Place, 'end'>, count: number): KeysetPage {
  return { after: place === 'start' ? undefined : place.after, count }
}

function placeAfter({ next }: Page): Place {
  return next === undefined ? 'end' : { after: next }
}

async function hasMore(call: Call, part: ListPart, place: Exclude<Place, 'end'>): Promise<boolean> {
  const { resources, next } = await requestPart(call, part, pageAt(place, 1), documentOnly)
  return resources.length > 0 || next !== undefined
}
