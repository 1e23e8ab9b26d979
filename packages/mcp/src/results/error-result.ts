import { type JsonObject, ScimError } from '@scimkit/core'
import type { SchemaProblem } from '../json-schema/check-value.js'
import type { ErrorResult } from './result.js'

/** The result of a tool that an error ended. Errors that are no ScimError are the host's: their text is not shown. */
export function errorResult(error: unknown): ErrorResult {
  if (!(error instanceof ScimError)) {
    return {
      outcome: 'error',
      status: 500,
      detail:
        'The server failed. If this was a write, it may have been carried out: read the resource before another try.',
    }
  }
  const retryAfter = Number(error.headers?.['Retry-After'])
  return {
    outcome: 'error',
    status: error.status,
    ...(error.scimType !== undefined && { scimType: error.scimType }),
    detail: error.message,
    ...(Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
  }
}

/** The result of a call whose arguments the tool does not accept. */
export function argumentError({ path, message, accepted }: SchemaProblem): ErrorResult {
  const argument = path === '' ? 'arguments' : path
  return {
    outcome: 'error',
    status: 400,
    detail: `Argument ${argument} ${message}. Nothing was done.`,
    argument,
    ...(accepted !== undefined && { accepted }),
  }
}

/** There is no such resource, or the caller may not know of it. */
export function notFoundResult(type: string, id: string, searchTool: string | undefined): ErrorResult & JsonObject {
  return {
    outcome: 'error',
    status: 404,
    detail: `There is no ${type} with the id ${JSON.stringify(id.slice(0, 100))}. Nothing was done.`,
    argument: 'id',
    ...(searchTool !== undefined && { nextStep: `Find the id with ${searchTool}.` }),
  }
}

/** The caller may not change these attributes. */
export function unwritableResult(paths: readonly string[]): ErrorResult {
  return {
    outcome: 'error',
    status: 403,
    detail: `You may not change ${paths.join(', ')}. Nothing was written.`,
    argument: 'operations',
  }
}
