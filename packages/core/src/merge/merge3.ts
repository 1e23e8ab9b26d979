/**
 * Three-way merge of resources: the edits of two writers of one version, both kept where they do not overlap.
 * @see RFC 7644 §3.14 (the version that a stale write was refused with is the source of `theirs`)
 */
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { builtInTypeOf } from '../schema/standard/built-in-type.js'
import type { MergeOptions, MergeResult } from './conflict.js'
import { withDangling } from './dangling-references.js'
import { allFields, type Fields, fieldsOf, isServers, putField } from './fields.js'
import { mergeValue } from './merge-value.js'
import type { Merging } from './merging.js'
import { strategiesFrom } from './strategies.js'

/**
 * Merges the edits of `mine` and `theirs` of `base`: three whole documents of one resource, read with the same
 * attributes. `theirs` is the server's current state; values that only a server sets (`id`, `meta`, readOnly
 * attributes) are taken from there. Pure: the documents are left as they are.
 *
 * Values are compared by their schema: case where it counts, lists as sets whose elements are identified by `value` and
 * `type`, null and [] as absent. A change of one side is in the result; the same change of both sides is no conflict;
 * anything else is one {@link Conflict} per attribute, and without a strategy for it there is no resource. A reference
 * without an id that mine has added (`members: [{ display }]`) is kept as it is, for the server to refuse.
 *
 * Throws a TypeError for a document that is not an object of JSON values or has a duplicate attribute, if `schemas`
 * does not determine a type, for an unknown strategy or attribute in `strategies`, and for an unsuitable result of a
 * strategy's function. Errors of such a function are not caught.
 * @example
 * ```ts
 * import { merge3 } from '@scimkit/core/merge'
 *
 * const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
 * const base = { schemas, userName: 'ada', title: 'Miss' }
 * const mine = { schemas, userName: 'ada', title: 'Countess' }
 * const theirs = { schemas, userName: 'ada', title: 'Miss', nickName: 'Ada' }
 * const result = merge3(base, mine, theirs)
 * ```
 * @see RFC 7643 §2.2, §2.4, §2.5
 */
export function merge3(base: object, mine: object, theirs: object, options: MergeOptions = {}): MergeResult {
  const type = options.type ?? builtInTypeOf([base, theirs, mine])
  const read = fieldsOf(type, base, 'base')
  const fields = {
    base: read,
    mine: fieldsOf(type, mine, 'mine', read),
    theirs: fieldsOf(type, theirs, 'theirs'),
  }
  const strategyFor = strategiesFrom(options, type, [fields.base, fields.mine, fields.theirs])
  const merging: Merging = { strategyFor, conflicts: [], resolved: [] }
  const resource = mergeFields(merging, fields)
  const { conflicts, resolved } = merging
  return conflicts.length === 0
    ? { kind: 'merged', resource, resolved }
    : { kind: 'conflict', conflicts, resolved, partial: resource }
}

interface Sides {
  readonly base: Fields
  readonly mine: Fields
  readonly theirs: Fields
}

function mergeFields(merging: Merging, { base, mine, theirs }: Sides): JsonObject {
  const merged = emptyObject()
  for (const [key, field] of allFields(theirs, mine, base)) {
    const { path, attribute } = field
    const versions = { base: base.get(key)?.value, mine: mine.get(key)?.value, theirs: theirs.get(key)?.value }
    const value = isServers(field)
      ? versions.theirs
      : withDangling(mergeValue(merging, { path, plain: path, attribute }, versions), mine.get(key)?.dangling)
    if (value !== undefined) putField(merged, field, value)
  }
  const { schemas } = merged
  if (isArray(schemas)) merged.schemas = schemasOf(merged, schemas, theirs)
  return merged
}

// `schemas` lists the schemas of the document: it shows an extension that mine has added or removed.
function schemasOf(merged: JsonObject, theirs: readonly JsonValue[], fields: Fields): readonly JsonValue[] {
  const assigned = [...fields.values()].filter(({ value }) => value !== undefined)
  const had = new Set(assigned.map(({ urn }) => urn?.toLowerCase()))
  const has = Object.keys(merged).filter((name) => name.toLowerCase().startsWith('urn:') && isObject(merged[name]))
  const lower = new Set(has.map((urn) => urn.toLowerCase()))
  const isGone = (urn: JsonValue): boolean =>
    typeof urn === 'string' && had.has(urn.toLowerCase()) && !lower.has(urn.toLowerCase())
  const kept = theirs.filter((urn) => !isGone(urn))
  const named = new Set(kept.map((urn) => String(urn).toLowerCase()))
  return [...kept, ...has.filter((urn) => !named.has(urn.toLowerCase()))]
}
