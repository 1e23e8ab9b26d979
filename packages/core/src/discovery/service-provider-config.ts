/**
 * ServiceProviderConfig. Everything in it is derived from the server: options, limits, and supported features.
 * @see RFC 7643 §5; RFC 9865 §4 (`pagination`)
 */
import type { InteropSwitches } from '../interop.js'
import type { JsonObject } from '../json/value.js'
import type { Limits } from '../limits.js'
import type { ResourceOperation } from '../schema/schema-definition.js'
import { type Paging, paginationDocument } from './pagination-document.js'

/** The inputs of the document. */
export interface ConfigSource extends Paging {
  readonly limits: Limits
  /** Whether a host takes passwords. */
  readonly changePassword: boolean
  readonly authenticationSchemes: readonly JsonObject[]
  /** Where people can read about this server; undefined leaves it out. */
  readonly documentationUri: string | undefined
  /** The operations that at least one of the resource types offers. */
  readonly offered: ReadonlySet<ResourceOperation>
}

/** The switches that the document depends on. A caller may have switches of its own, and gets the document for them. */
export type ConfigSwitches = Pick<InteropSwitches, 'announcePagination'>

/** ServiceProviderConfig for a caller, without `meta`. */
export function serviceProviderConfig(source: ConfigSource, { announcePagination }: ConfigSwitches): JsonObject {
  const { limits, changePassword, authenticationSchemes, documentationUri, offered } = source
  const [patches, changes] = [offered.has('patch'), offered.has('replace') || offered.has('patch')]
  const writes = changes || offered.has('create') || offered.has('remove')
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    ...(documentationUri !== undefined && { documentationUri }),
    patch: { supported: patches },
    bulk: { supported: writes, maxOperations: limits.bulkOperations, maxPayloadSize: limits.bulkPayloadBytes },
    filter: { supported: true, maxResults: limits.maxPageSize },
    changePassword: { supported: changePassword && changes },
    sort: { supported: true },
    etag: { supported: true },
    ...(announcePagination && { pagination: paginationDocument(source) }),
    authenticationSchemes,
  }
}

const schemeTypes: readonly unknown[] = ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest']

/** Throws a TypeError for an authentication scheme that lacks what RFC 7643 §5 requires, or for more than one primary. */
export function checkSchemes(schemes: readonly unknown[]): void {
  if (!Array.isArray(schemes)) throw new TypeError('options.authenticationSchemes: expected a list')
  let primaries = 0
  for (const scheme of schemes as readonly Partial<Record<string, unknown>>[]) {
    if (!schemeTypes.includes(scheme?.type)) {
      throw new TypeError(`options.authenticationSchemes: type must be one of ${schemeTypes.join(', ')}`)
    }
    for (const name of ['name', 'description']) {
      if (typeof scheme[name] !== 'string') throw new TypeError(`options.authenticationSchemes: ${name} is required`)
    }
    if (scheme.primary === true) primaries += 1
  }
  if (primaries > 1) throw new TypeError('options.authenticationSchemes: only one may be primary')
}

/** Throws a TypeError unless the text is an absolute http(s) URL without blanks. */
export function checkDocumentationUri(uri: string): void {
  const isAbsolute = typeof uri === 'string' && ['https://', 'http://'].some((prefix) => uri.startsWith(prefix))
  if (
    !isAbsolute ||
    [...uri].some((character) => character <= ' ' || character > '~' || '"<>\\^`{|}'.includes(character))
  ) {
    throw new TypeError('options.documentationUri: expected an absolute URL like "https://app.example/docs/scim"')
  }
}
