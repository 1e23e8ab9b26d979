/**
 * The writes of the cases, in the form that the core sends them. A provider may assign its own ids and versions, so cases
 * use the returned values, never the proposed ones.
 */
import type { ScimContext } from '@scimkit/core'
import type { JsonObject } from '@scimkit/core/json'
import {
  type ConditionalResult,
  caseKey,
  documentOnly,
  firstVersion,
  type MembersDelta,
  type Needs,
  type Next,
  nextVersion,
  type RawVersion,
  type Removal,
  type ResourceRef,
  type Stored,
  type UniqueKey,
  versionNonce,
  type Written,
} from '@scimkit/core/provider'
import { ensureFound, ensureSuccess } from './assert.js'
import type { Rig } from './rig.js'

/** The URN of the core User schema. */
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
/** The URN of the core Group schema. */
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
/** The URN of the enterprise extension. */
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The document, all members, and all derived attributes. */
export const everything: Needs = { members: 'all', derived: true }

/** A resource as the provider last returned it. */
export interface Held {
  readonly ref: ResourceRef
  readonly version: RawVersion
  readonly at: string
  readonly document: JsonObject
}

/** An unused id. */
export function newId(): string {
  return crypto.randomUUID()
}

/** A reference to a new user. */
export function newUserRef(): ResourceRef {
  return { type: 'User', id: newId() }
}

/** A reference to a new group. */
export function newGroupRef(): ResourceRef {
  return { type: 'Group', id: newId() }
}

/** A random digest: providers must not interpret versions. */
function newDigest(): string {
  return newId().split('-').join('').slice(0, 16)
}

/** The argument of a removal, as the core passes it. */
export function newRemoval(rig: Rig): Removal {
  return { at: rig.at(), nonce: versionNonce() }
}

/** The version of a new resource. */
export function newVersion(): RawVersion {
  return firstVersion(newDigest(), versionNonce())
}

/** The next version, for other content. */
export function versionAfter(version: RawVersion): RawVersion {
  return nextVersion(version, versionNonce(), newDigest())
}

/** A user's document with a random userName; `attributes` override it. */
export function userDocument(ref: ResourceRef, attributes: JsonObject = {}): JsonObject {
  const schemas = enterpriseUrn in attributes ? [userUrn, enterpriseUrn] : [userUrn]
  return { schemas, id: ref.id, userName: `user-${newId()}`, ...attributes }
}

/** A group's document. */
export function groupDocument(ref: ResourceRef, displayName: string): JsonObject {
  return { schemas: [groupUrn], id: ref.id, displayName }
}

/** The unique keys of a document, as the core computes them. */
export function keysOf(ref: ResourceRef, document: JsonObject): readonly UniqueKey[] {
  const { userName } = document
  return ref.type === 'User' && typeof userName === 'string' ? [{ attribute: 'userName', key: caseKey(userName) }] : []
}

/** The argument of a write. */
export function nextOf(
  rig: Rig,
  ref: ResourceRef,
  resource: JsonObject,
  version: RawVersion,
  members?: MembersDelta,
): Next {
  return { resource, version, at: rig.at(), unique: keysOf(ref, resource), members }
}

/** Member rows to add. */
export function adding(...members: readonly ResourceRef[]): MembersDelta {
  return { add: members.map(({ id, type }) => ({ value: id, type })), remove: [] }
}

/** Member rows to remove. */
export function removing(...members: readonly ResourceRef[]): MembersDelta {
  return { add: [], remove: members.map(({ id }) => id) }
}

/** Tries to insert; the caller checks the result. */
export function tryInsert(
  rig: Rig,
  ref: ResourceRef,
  document: JsonObject,
  members?: MembersDelta,
  context: ScimContext = rig.here,
): Promise<ConditionalResult<Written>> {
  return rig.provider.insert(ref, nextOf(rig, ref, document, newVersion(), members), context)
}

/** Inserts; must succeed. */
export async function insert(
  rig: Rig,
  ref: ResourceRef,
  document: JsonObject,
  members?: MembersDelta,
  context: ScimContext = rig.here,
): Promise<Held> {
  const result = await tryInsert(rig, ref, document, members, context)
  const { id = ref.id, version, at } = ensureSuccess(result, `insert of a ${ref.type}`)
  return { ref: { type: ref.type, id }, version, at, document: { ...document, id } }
}

/** Inserts a user with these attributes. */
export function insertUser(rig: Rig, attributes: JsonObject = {}, context: ScimContext = rig.here): Promise<Held> {
  const ref = newUserRef()
  return insert(rig, ref, userDocument(ref, attributes), undefined, context)
}

/** Inserts a group with these members. */
export function insertGroup(
  rig: Rig,
  displayName: string,
  members: readonly ResourceRef[] = [],
  context: ScimContext = rig.here,
): Promise<Held> {
  const ref = newGroupRef()
  return insert(rig, ref, groupDocument(ref, displayName), adding(...members), context)
}

/** Tries to replace a resource by another document; the caller checks the result. */
export function tryReplace(
  rig: Rig,
  held: Pick<Held, 'ref' | 'version'>,
  document: JsonObject,
  members?: MembersDelta,
  context: ScimContext = rig.here,
): Promise<ConditionalResult<Written>> {
  const next = nextOf(rig, held.ref, document, versionAfter(held.version), members)
  return rig.provider.replace(held.ref, held.version, next, context)
}

/** Replaces; must succeed. */
export async function replace(rig: Rig, held: Held, document: JsonObject, members?: MembersDelta): Promise<Held> {
  const { version, at } = ensureSuccess(await tryReplace(rig, held, document, members), `replace of a ${held.ref.type}`)
  return { ref: held.ref, version, at, document }
}

/** Changes the members of a group and nothing else. */
export function replaceMembers(rig: Rig, group: Held, members: MembersDelta): Promise<Held> {
  return replace(rig, group, group.document, members)
}

/** Removes; must succeed. Returns the time of the remove. */
export async function remove(rig: Rig, held: Pick<Held, 'ref' | 'version'>): Promise<string> {
  const removal = newRemoval(rig)
  ensureSuccess(await rig.provider.remove(held.ref, held.version, removal, rig.here), `remove of a ${held.ref.type}`)
  return removal.at
}

/** Reads a resource that must exist. */
export async function readBack(
  rig: Rig,
  ref: ResourceRef,
  needs: Needs = documentOnly,
  context: ScimContext = rig.here,
): Promise<Stored> {
  return ensureFound(await rig.provider.read(ref, needs, context), `read of a ${ref.type}`)
}

/** The document of a stored resource, in either form of a provider. */
export function documentOf(stored: Stored): JsonObject {
  return 'resource' in stored ? stored.resource : (JSON.parse(stored.json) as JsonObject)
}
