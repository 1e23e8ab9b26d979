/**
 * Applies the change of an agent to a resource that another writer has changed meanwhile, if both changed different
 * things. The result is written with the version that was read, so a third writer is a conflict again and not lost.
 */
import type { JsonObject, JsonValue } from '@scimkit/core'
import { own } from '@scimkit/core/json'
import { type Conflict, type DiffOperation, diff, merge3 } from '@scimkit/core/merge'
import { applyPatch } from '@scimkit/core/patch'
import type { ResourceType } from '@scimkit/core/schema'
import type { FoundResource, Mismatch } from '../directory/directory.js'
import type { ResultBounds } from '../documents/bounds.js'
import { sentDocument } from '../documents/sent-document.js'
import { shownDocument } from '../documents/shown-document.js'
import { shownJson } from '../documents/shown-json.js'
import { shownText } from '../documents/shown-text.js'
import { documentSchema } from '../json-schema/attribute-schema.js'
import { objectSchema } from '../json-schema/json-schema.js'
import { conflictResult, type WriteCall, writeResult } from '../results/conflict-result.js'
import { notFoundResult } from '../results/error-result.js'
import { resourceMembersOf } from '../results/resource-result.js'
import { dataNotice, type ErrorResult, type MergeConflictResult, type ToolResult } from '../results/result.js'
import { offeredTool, type Subject } from '../subject.js'
import {
  expectedVersion,
  idArgument,
  operationsArgument,
  operationsOf,
  textArgument,
  versionArgument,
} from './arguments.js'
import { conflictSchema, mergeConflictSchema, notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'
import { attributeOf } from './unwritable.js'

// Each attempt lost against another writer; after these the agent gets the conflict.
const mostAttempts = 5

/** Merges a change into the current state. @see RFC 7644 §3.5.2, §3.14 */
export function mergeTool(subject: Subject, type: ResourceType, shown: ResourceType): Tool {
  const { type: name, noun } = subject
  const tool = `merge_${noun}`
  return {
    name: tool,
    description: `Like patch_${noun}, for a ${name} that has changed since you read it: applies your operations if the other writers changed other values, and otherwise writes nothing and returns base, mine and theirs of each value.`,
    inputSchema: objectSchema(
      {
        id: idArgument,
        expectedVersion: versionArgument,
        base: {
          ...documentSchema(shown, 'returned'),
          description: 'The `resource` as you read it with expectedVersion.',
        },
        operations: operationsArgument(type),
      },
      ['id', 'expectedVersion', 'base', 'operations'],
    ),
    outputSchema: outputSchema(
      shown,
      { ...resourceMembers, notice },
      ['id', 'version'],
      conflictSchema,
      mergeConflictSchema,
    ),
    annotations: writing(`Merge a change into a ${name}`, 'destructive'),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const call: WriteCall = { subject, directory, id, expected, tool, type }
      const ended = await directory.patch({ type: name, id }, operationsOf(given), expected)
      if (ended.kind !== 'versionMismatch') return writeResult(call, ended)
      return mergeInto(call, ended, given, shown)
    },
  }
}

async function mergeInto(
  call: WriteCall,
  first: Mismatch,
  given: JsonObject,
  shown: ResourceType,
): Promise<ToolResult> {
  const { subject, directory, id, type } = call
  const ref = { type: subject.type, id }
  const base = sentDocument(type, own(given, 'base') as JsonObject)
  const mine = applyPatch(base, operationsOf(given), type)
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const current = await directory.get(ref)
    if (current.kind === 'notFound')
      return notFoundResult(subject.type, id, offeredTool(subject, `search_${subject.noun}`))
    const theirs = shownDocument(shown, current.resource ?? {}, subject.bounds)
    const merged = merge3(base, mine, sentDocument(type, theirs.resource), { type })
    if (merged.kind === 'conflict') return mergeConflict(call, current, merged.conflicts, shown)
    const operations = diff(theirs.resource, merged.resource, { type })
    const hidden = touched(type, operations, theirs.altered)
    if (hidden.length > 0) return cannotMerge(subject, hidden)
    const wrong = touched(type, operations, changedBy(first, base, theirs.resource, type))
    if (wrong.length > 0) return notTheBase(call, wrong)
    // The same change is there already.
    if (operations.length === 0) return writeResult(call, current)
    const ended = await directory.patch(ref, operations, current.version)
    if (ended.kind !== 'versionMismatch') return writeResult(call, ended)
  }
  return conflictResult(call, first)
}

// The attributes that other writers have changed, although the given base shows them as they are now.
function changedBy(
  { changed = [] }: Mismatch,
  base: JsonObject,
  theirs: JsonObject,
  type: ResourceType,
): readonly string[] {
  const differing = new Set(diff(base, theirs, { type }).map((one) => attributeOf(type, one)?.path))
  return changed.filter((path) => !differing.has(path))
}

function touched(
  type: ResourceType,
  operations: readonly DiffOperation[],
  paths: readonly string[],
): readonly string[] {
  const attributes = new Set(operations.map((one) => attributeOf(type, one)))
  return paths.filter((path) => [...attributes].some((one) => path === one?.path || path.startsWith(`${one?.path}.`)))
}

function cannotMerge(subject: Subject, altered: readonly string[]): ErrorResult {
  const patch = offeredTool(subject, `patch_${subject.noun}`)
  return {
    outcome: 'error',
    status: 400,
    detail: `Results show ${altered.join(', ')} of this ${subject.type} shortened or cleaned, so a merge could lose values. Nothing was written.`,
    argument: 'operations',
    ...(patch !== undefined && { nextStep: `Read the ${subject.type} again, then use ${patch}.` }),
  }
}

function notTheBase({ subject, tool }: WriteCall, paths: readonly string[]): ErrorResult {
  return {
    outcome: 'error',
    status: 400,
    detail: `base is not the ${subject.type} at expectedVersion: ${paths.join(', ')} changed since then, and base has the current value. Nothing was written.`,
    argument: 'base',
    nextStep: `Call ${tool} with expectedVersion and base from one result, or read the ${subject.type} again and use its version.`,
  }
}

function mergeConflict(
  { subject, id, tool }: WriteCall,
  current: FoundResource,
  conflicts: readonly Conflict[],
  shown: ResourceType,
): MergeConflictResult {
  const { bounds } = subject
  const { version, ...members } = resourceMembersOf(current, shown, bounds)
  const patch = offeredTool(subject, `patch_${subject.noun}`) ?? tool
  return {
    outcome: 'mergeConflict',
    ...members,
    id,
    currentVersion: String(version),
    conflicts: conflicts.map((one) => shownConflict(one, bounds)),
    notice: dataNotice,
    nextStep: `Another writer has changed the same values (theirs), so nothing was written. Decide about each of \`conflicts\`. If your value is still right, call ${patch} with expectedVersion ${JSON.stringify(version)}; if theirs is, leave it.`,
  }
}

function shownConflict({ path, base, mine, theirs }: Conflict, bounds: ResultBounds): JsonObject {
  const sides = { base, mine, theirs }
  const present = Object.entries(sides).filter((side): side is [string, JsonValue] => side[1] !== undefined)
  return {
    path: shownText(path, bounds.textLength),
    ...Object.fromEntries(present.map(([side, value]) => [side, shownJson(value, bounds)])),
  }
}
