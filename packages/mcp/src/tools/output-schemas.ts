/** The forms of results, as output schemas name them. */
import type { ResourceType } from '@scimkit/core/schema'
import { documentSchema } from '../json-schema/attribute-schema.js'
import { type ArraySchema, type JsonSchema, type ObjectSchema, objectSchema } from '../json-schema/json-schema.js'
import type { OutputSchema } from './tool.js'

const text: JsonSchema = { type: 'string' }
const texts: ArraySchema = { type: 'array', items: text }
const document: JsonSchema = { $ref: '#/$defs/resource' }
const nextStep: JsonSchema = { type: 'string', description: 'What to do next.' }

/** The notice beside directory data. */
export const notice: JsonSchema = text

/** One resource with its version. `resource` is absent where the server returns none. */
export const resourceMembers: Readonly<Record<string, JsonSchema>> = {
  id: text,
  version: { type: 'string', description: 'Name it as expectedVersion in your next write to this resource.' },
  resource: document,
  altered: {
    ...texts,
    description: 'Attributes that are shown shortened or without characters that cannot be seen.',
  },
}

/** The result of a write to a resource that has changed. */
export const conflictSchema: ObjectSchema = objectSchema(
  {
    outcome: only('conflict'),
    id: text,
    expectedVersion: text,
    currentVersion: text,
    changed: {
      ...texts,
      description: 'Attributes that have changed since expectedVersion; absent if they are not known.',
    },
    resource: document,
    altered: texts,
    notice,
    nextStep,
  },
  ['outcome', 'id', 'expectedVersion', 'currentVersion', 'nextStep'],
)

const side: JsonSchema = { description: 'Absent: no value.' }

/** The result of a merge in which both sides changed the same. */
export const mergeConflictSchema: ObjectSchema = objectSchema(
  {
    outcome: only('mergeConflict'),
    id: text,
    currentVersion: text,
    conflicts: { type: 'array', items: objectSchema({ path: text, base: side, mine: side, theirs: side }, ['path']) },
    resource: document,
    altered: texts,
    notice,
    nextStep,
  },
  ['outcome', 'id', 'currentVersion', 'conflicts', 'nextStep'],
)

const errorSchema: ObjectSchema = objectSchema(
  {
    outcome: only('error'),
    status: { type: 'integer', description: 'The HTTP status of the same refusal.' },
    scimType: text,
    detail: text,
    argument: { type: 'string', description: 'The argument that was not accepted.' },
    accepted: { ...texts, description: 'The values that the argument accepts.' },
    retryAfterSeconds: { type: 'number' },
    nextStep,
  },
  ['outcome', 'status', 'detail'],
)

/** The schema of a tool on resources of this type, whose success has these members. */
export function outputSchema(
  type: ResourceType,
  success: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  ...others: readonly ObjectSchema[]
): OutputSchema {
  return {
    type: 'object',
    oneOf: [objectSchema({ outcome: only('success'), ...success }, ['outcome', ...required]), ...others, errorSchema],
    $defs: { resource: documentSchema(type, 'returned') },
  }
}

function only(outcome: string): JsonSchema {
  return { type: 'string', enum: [outcome] }
}
