/**
 * Members are stored as rows apart from the document; patches and validation see them in it. This file converts between
 * the two forms.
 */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, own } from '../json/value.js'
import { elementsInStep, mapInSteps, type Steps } from '../pacing/portions.js'
import { withKey } from '../resource/document.js'
import type { Member, MembersDelta } from '../resource/member.js'
import type { ResourceType } from '../schema/attribute.js'
import type { Stored } from './provider.js'

/** The stored document, parsed if necessary. */
export function documentOf(stored: Stored): JsonObject {
  return 'resource' in stored ? stored.resource : (JSON.parse(stored.json) as JsonObject)
}

/** The document with members in it, as validation and patches see it. */
export function* withMembers(
  type: ResourceType,
  document: JsonObject,
  members: readonly Member[] = [],
): Steps<JsonObject> {
  if (type.members === undefined || members.length === 0) return document
  return withKey(document, type.members.name, yield* mapInSteps(members, memberValue))
}

function memberValue(member: Member): JsonObject {
  const value = emptyObject()
  value.value = member.value
  if (member.type !== undefined) value.type = member.type
  return value
}

/** A document and its members, apart. */
export interface Split {
  readonly resource: JsonObject
  readonly members: readonly Member[]
}

/** The document without its members, and the members as rows. */
export function* splitMembers(type: ResourceType, document: JsonObject): Steps<Split> {
  if (type.members === undefined) return { resource: document, members: [] }
  const list = own(document, type.members.name)
  return {
    resource: withKey(document, type.members.name, undefined),
    members: isArray(list) ? (yield* mapInSteps(list, memberOf)).filter((member) => member !== undefined) : [],
  }
}

function memberOf(value: JsonValue): Member | undefined {
  if (!isObject(value) || typeof value.value !== 'string') return undefined
  return typeof value.type === 'string' ? { value: value.value, type: value.type } : { value: value.value }
}

/** The changes from the members read to the members wanted; undefined if they are the same. Order does not count. */
export function* membersDelta(before: readonly Member[], after: readonly Member[]): Steps<MembersDelta | undefined> {
  const add = yield* missingIn(after, yield* idsOf(before))
  const remove = (yield* missingIn(before, yield* idsOf(after))).map((member) => member.value)
  return add.length === 0 && remove.length === 0 ? undefined : { add, remove }
}

function* idsOf(members: readonly Member[]): Steps<ReadonlySet<string>> {
  const ids = new Set<string>()
  let looked = 0
  for (const { value } of members) {
    ids.add(value)
    if (++looked % elementsInStep === 0) yield
  }
  return ids
}

function* missingIn(members: readonly Member[], ids: ReadonlySet<string>): Steps<readonly Member[]> {
  const missing: Member[] = []
  let looked = 0
  for (const member of members) {
    if (!ids.has(member.value)) missing.push(member)
    if (++looked % elementsInStep === 0) yield
  }
  return missing
}
