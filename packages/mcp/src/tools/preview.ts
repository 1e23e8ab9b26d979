import type { JsonObject, JsonValue } from '@scimkit/core'
import { isArray } from '@scimkit/core/json'
import { type DiffOperation, diff } from '@scimkit/core/merge'
import { applyPatch } from '@scimkit/core/patch'
import type { ResourceType } from '@scimkit/core/schema'
import type { ResultBounds } from '../documents/bounds.js'
import { shownDocument } from '../documents/shown-document.js'
import { shownJson } from '../documents/shown-json.js'
import { shownText } from '../documents/shown-text.js'
import { type JsonSchema, objectSchema } from '../json-schema/json-schema.js'
import { notFoundResult, unwritableResult } from '../results/error-result.js'
import { dataNotice, type ErrorResult } from '../results/result.js'
import { offeredTool, type Subject } from '../subject.js'
import { idArgument, operationsArgument, operationsOf, textArgument } from './arguments.js'
import { notice, outputSchema, resourceMembers } from './output-schemas.js'
import { readOnly, type Tool } from './tool.js'
import { unwritableIn } from './unwritable.js'

const mostChanges = 100
const mostElements = 5_000

/** What a PATCH would change, without a write. Unique values and the host's own rules are checked by the write alone. */
export function previewTool(subject: Subject, type: ResourceType, shown: ResourceType): Tool {
  const { type: name, noun, bounds } = subject
  const change: JsonSchema = objectSchema(
    {
      op: { type: 'string', enum: ['add', 'replace', 'remove'] },
      path: { type: 'string' },
      value: { description: 'The value after it.' },
    },
    ['op', 'path'],
  )
  return {
    name: `preview_${noun}`,
    description: `Shows what patch_${noun} with these operations would change now, and writes nothing. Unique values and rules of the host are checked by the write alone.`,
    inputSchema: objectSchema({ id: idArgument, operations: operationsArgument(type) }, ['id', 'operations']),
    outputSchema: outputSchema(
      shown,
      {
        ...resourceMembers,
        changes: {
          type: 'array',
          items: change,
          description: `The difference, its first ${mostChanges} changes; none: the operations change nothing.`,
        },
        changeCount: { type: 'integer', description: 'How many changes there are in all.' },
        ignored: {
          type: 'array',
          items: { type: 'string' },
          description: 'Attributes of the operations that are left out, because only the server sets them.',
        },
        notice,
      },
      ['id', 'version', 'changes', 'changeCount'],
    ),
    annotations: readOnly(`Preview a change of a ${name}`),
    async run(given, directory) {
      const id = textArgument(given, 'id')
      const current = await directory.get({ type: name, id })
      if (current.kind === 'notFound') return notFoundResult(name, id, offeredTool(subject, `search_${noun}`))
      const before = current.resource ?? {}
      const large = Object.keys(before).find((attribute) => isLarge(before[attribute]))
      if (large !== undefined) return tooLarge(subject, large)
      const ignored: string[] = []
      const after = applyPatch(before, operationsOf(given), type, { onIgnored: (one) => ignored.push(one) })
      const changes = diff(before, after, { type })
      const forbidden = unwritableIn(type, changes)
      if (forbidden.length > 0) return unwritableResult(forbidden)
      const { resource, altered } = shownDocument(shown, after, bounds)
      return {
        outcome: 'success',
        id,
        version: current.version,
        changes: changes.slice(0, mostChanges).map((one) => shownChange(one, bounds)),
        changeCount: changes.length,
        resource,
        ...(altered.length > 0 && { altered }),
        ...(ignored.length > 0 && { ignored: ignored.map((one) => shownText(one, bounds.textLength)) }),
        notice: dataNotice,
      }
    },
  }
}

// Elements are compared one by one, which would stop other requests for too long.
function isLarge(value: JsonValue | undefined): boolean {
  return isArray(value) && value.length > mostElements
}

function tooLarge({ type }: Subject, attribute: string): ErrorResult {
  return {
    outcome: 'error',
    status: 400,
    scimType: 'tooMany',
    detail: `This ${type} has more than ${mostElements} ${attribute}, too many for a preview.`,
    argument: 'id',
  }
}

function shownChange(change: DiffOperation, bounds: ResultBounds): JsonObject {
  const path = shownText(change.path, bounds.textLength)
  return change.op === 'remove'
    ? { op: change.op, path }
    : { op: change.op, path, value: shownJson(change.value, bounds) }
}
