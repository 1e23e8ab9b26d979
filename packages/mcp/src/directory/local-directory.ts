/** The SCIM server of this process, through its operations: the same decisions, limits and hooks as over HTTP. */
import {
  ifVersion,
  type Operation,
  type OutcomeByKind,
  type Precondition,
  parseHttpVersion,
  type Scim,
  type ScimContext,
  scimError,
} from '@scimkit/core'
import type { JsonObject, JsonValue } from '@scimkit/core/json'
import type { Representation } from '@scimkit/core/operations'
import type { Directory, FoundResource, Mismatch, Missing, Removed, VersionText, WriteResult } from './directory.js'
import { pageFrom, withVersion } from './page-from.js'
import { patchMessage } from './patch-message.js'

/** The caller of a local directory. */
export interface LocalCaller {
  readonly scim: Pick<Scim, 'perform' | 'permitted'>
  readonly context: ScimContext
  /** The framework's own request, for a `provider` function. */
  readonly native: unknown
  readonly supportsIdempotencyKeys: boolean
}

/** The directory that one caller sees. */
export function localDirectory({ scim, context, native, supportsIdempotencyKeys }: LocalCaller): Directory {
  const perform = <Kind extends Operation['kind']>(
    operation: Extract<Operation, { kind: Kind }>,
  ): Promise<OutcomeByKind[Kind]> => scim.perform(operation, context, native)
  return {
    supportsIdempotencyKeys,
    types: () => scim.permitted(context, native),
    async schema(urn) {
      const outcome = await perform({ kind: 'discover', endpoint: 'Schemas', id: urn })
      return outcome.kind === 'document' ? (parsed(outcome.value.text) as JsonObject) : undefined
    },
    async get(ref, projection = {}) {
      const outcome = await perform({ kind: 'get', ref, projection })
      if (outcome.kind === 'success') return found(outcome.value)
      if (outcome.kind === 'notFound') return outcome
      throw new Error(`a read without a precondition ended with ${outcome.kind}`)
    },
    async search(type, search) {
      const { value } = await perform({ kind: 'query', type, search: withVersion(search) })
      return pageFrom(parsed(value.text), versionIn)
    },
    async create(type, document, idempotencyKey) {
      const key = idempotencyKey === undefined ? {} : { idempotencyKey }
      const outcome = await perform({ kind: 'create', type, body: document, ...key })
      return outcome.kind === 'created' ? found(outcome.value) : outcome
    },
    replace: async (ref, document, expected) =>
      resultOf(await perform({ kind: 'replace', ref, body: document, precondition: ifStill(expected) })),
    patch: async (ref, operations, expected) => {
      const body = patchMessage(operations)
      return resultOf(await perform({ kind: 'patch', ref, body, precondition: ifStill(expected) }))
    },
    remove: async (ref, expected) => resultOf(await perform({ kind: 'remove', ref, precondition: ifStill(expected) })),
  }
}

// A model may copy the version of a result, or the entity tag in `meta.version` of a document from elsewhere.
function ifStill(expected: VersionText): Precondition {
  const version = parseHttpVersion(expected.includes('"') ? expected : `W/"${expected}"`)
  if (version === undefined) {
    throw scimError.badRequest('expectedVersion is not a version: use the member `version` of a result.')
  }
  return ifVersion(version)
}

type WriteOutcome = OutcomeByKind['replace' | 'patch']
type RemoveOutcome = OutcomeByKind['remove']

function resultOf(outcome: WriteOutcome): WriteResult
function resultOf(outcome: RemoveOutcome): Removed | Missing | Mismatch
function resultOf(outcome: WriteOutcome | RemoveOutcome): WriteResult | Removed {
  switch (outcome.kind) {
    case 'success':
      return found(outcome.value)
    case 'versionMismatch':
      return { kind: 'versionMismatch', changed: outcome.changed }
    case 'removed':
    case 'notFound':
    case 'duplicate':
      return outcome
    case 'preconditionRequired':
      throw new Error('a write with a precondition was refused for having none')
  }
}

function found({ ref, resource, version }: Representation): FoundResource {
  return { kind: 'resource', id: ref.id, version: version as string as VersionText, resource }
}

// The text was serialised by this server.
function parsed(text: string): JsonValue {
  return JSON.parse(text) as JsonValue
}

// `meta.version` of an element of a list.
function versionIn(tag: string): VersionText {
  const version = parseHttpVersion(tag)
  // Where tags are strict, the digest of the representation follows the version.
  return (version?.split('.', 1)[0] ?? tag) as VersionText
}
