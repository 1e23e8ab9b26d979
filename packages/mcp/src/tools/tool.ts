import type { JsonObject } from '@scimkit/core'
import type { Directory } from '../directory/directory.js'
import type { ObjectSchema } from '../json-schema/json-schema.js'
import type { ToolResult } from '../results/result.js'

/** One of these objects: which one, `outcome` says. */
export interface OutputSchema {
  readonly type: 'object'
  readonly oneOf: readonly ObjectSchema[]
  /** The document of the resource, which several of them have. */
  readonly $defs: { readonly resource: ObjectSchema }
}

/** What a client may assume of a tool before it is called. They are hints: the server does not rely on them. */
export interface ToolAnnotations {
  readonly title: string
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  /** False: a tool reaches this directory and nothing else. */
  readonly openWorldHint: false
}

/** A tool, for one resource type and one caller. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly inputSchema: ObjectSchema
  readonly outputSchema: OutputSchema
  readonly annotations: ToolAnnotations
  /** Carries out a call whose arguments fit the input schema. Rejects with a ScimError for a refusal of the server. */
  run(given: JsonObject, directory: Directory): Promise<ToolResult>
}

/** The annotations of a tool that changes nothing. */
export function readOnly(title: string): ToolAnnotations {
  return { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
}

/** The annotations of a tool that writes. `destructive`: it can remove what another writer has stored. */
export function writing(title: string, destructive: 'destructive' | 'additive'): ToolAnnotations {
  return {
    title,
    readOnlyHint: false,
    destructiveHint: destructive === 'destructive',
    // The second call names a version that the first one has replaced: it is a conflict and writes nothing.
    idempotentHint: true,
    openWorldHint: false,
  }
}
