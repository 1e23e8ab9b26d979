/** The results of writes that changed nothing, each with what an agent needs for its next step. */
import { ScimError } from '@scimkit/core'
import type { ResourceType } from '@scimkit/core/schema'
import type { Directory, Duplicate, FoundResource, Mismatch, Missing } from '../directory/directory.js'
import { offeredTool, type Subject, typeToShow } from '../subject.js'
import { notFoundResult } from './error-result.js'
import { resourceMembersOf, resourceResult } from './resource-result.js'
import { type ConflictResult, dataNotice, type ErrorResult, type ToolResult } from './result.js'

/** The call whose write ended, for the result and its next step. */
export interface WriteCall {
  readonly subject: Subject
  readonly directory: Directory
  readonly id: string
  readonly expected: string
  /** The name of the tool. */
  readonly tool: string
  /** The type with the rights of the operation. */
  readonly type: ResourceType
}

/** The result of a write. */
export async function writeResult(
  call: WriteCall,
  ended: FoundResource | Missing | Mismatch | Duplicate,
): Promise<ToolResult> {
  const { subject, id, type } = call
  switch (ended.kind) {
    case 'resource':
      return resourceResult(ended, typeToShow(subject, type), subject.bounds)
    case 'notFound':
      return notFoundResult(subject.type, id, offeredTool(subject, `search_${subject.noun}`))
    case 'duplicate':
      return duplicateResult(subject, ended)
    case 'versionMismatch':
      return conflictResult(call, ended)
  }
}

/** The result of a write of a value that another resource has. */
export function duplicateResult(subject: Subject, { attribute = 'unique value' }: Duplicate): ErrorResult {
  const search = offeredTool(subject, `search_${subject.noun}`)
  return {
    outcome: 'error',
    status: 409,
    scimType: 'uniqueness',
    detail: `Another ${subject.type} has this ${attribute}. Nothing was written.`,
    ...(search !== undefined && {
      nextStep: `Find the other ${subject.type} with ${search}, or use another ${attribute}.`,
    }),
  }
}

/** The result of a write to a resource that has changed since the expected version, with its current state. */
export async function conflictResult(call: WriteCall, { changed }: Mismatch): Promise<ToolResult> {
  const { subject, directory, id, expected, type } = call
  const current = await readCurrent(directory, subject, id)
  if (current?.kind === 'notFound') return notFoundResult(subject.type, id, undefined)
  const shown = current === undefined ? {} : resourceMembersOf(current, typeToShow(subject, type), subject.bounds)
  const { version = '', ...members } = shown
  const result: ConflictResult = {
    outcome: 'conflict',
    ...members,
    id,
    expectedVersion: expected,
    currentVersion: String(version),
    ...(changed !== undefined && { changed }),
    ...(current !== undefined && { notice: dataNotice }),
    nextStep: nextStepOf(call, String(version), changed),
  }
  return result
}

// A caller that may write and not read gets no state, and has to obtain it in another way.
async function readCurrent(
  directory: Directory,
  { type, operations }: Subject,
  id: string,
): Promise<FoundResource | Missing | undefined> {
  if (!operations.has('get')) return undefined
  try {
    return await directory.get({ type, id })
  } catch (error) {
    if (error instanceof ScimError && error.status === 403) return undefined
    throw error
  }
}

function nextStepOf({ subject, tool }: WriteCall, version: string, changed: readonly string[] | undefined): string {
  const start = `Another writer has changed this ${subject.type} since you read it, so nothing was written.`
  if (version === '') return `${start} Obtain its current version, then call ${tool} again with it as expectedVersion.`
  const what = changed === undefined ? '' : ` Changed since then: ${changed.join(', ') || 'nothing that you can see'}.`
  const again = `Look at \`resource\`, which is its current state. If your change is still right, call ${tool} again with expectedVersion ${JSON.stringify(version)}.`
  const merge = offeredTool(subject, `merge_${subject.noun}`)
  const orMerge =
    merge === undefined || tool === merge || !tool.startsWith('patch_')
      ? ''
      : ` Or call ${merge} with the same operations, and as base the resource as you had read it: it applies them if the other writer changed other attributes.`
  return `${start}${what} ${again}${orMerge}`
}
