/**
 * Everything that ends a request early is one class over one table.
 * @see RFC 7644 §3.12 (errata 6893: `sensitive` is 403); RFC 9865 §2.1
 */

/** The `scimType` values of RFC 7644 §3.12, table 9, and of RFC 9865 §2.1, table 3. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

/** The HTTP status that goes with each scimType. */
export const statusOfScimType: Readonly<Record<ScimType, number>> = {
  invalidFilter: 400,
  tooMany: 400,
  uniqueness: 409,
  mutability: 400,
  invalidSyntax: 400,
  invalidPath: 400,
  noTarget: 400,
  invalidValue: 400,
  invalidVers: 400,
  sensitive: 403,
  invalidCursor: 400,
  expiredCursor: 400,
  invalidCount: 400,
}

/** What a {@link ScimError} may carry beside status and text. */
export interface ScimErrorOptions {
  /** The RFC 7644 §3.12 keyword, if one fits. */
  readonly scimType?: ScimType
  /** Extra response headers, for example `Allow` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The failure underneath; goes to `onError`, never to the client. */
  readonly cause?: unknown
  /** True for a refusal because too much work is in flight: nothing has failed, so `onError` is not called. */
  readonly overload?: boolean
}

/** Ends a request with an RFC 7644 §3.12 error body. `detail` is shown to the client: name attributes, never values. */
export class ScimError extends Error {
  /** HTTP status, 400 to 599. */
  readonly status: number
  readonly scimType: ScimType | undefined
  readonly headers: Readonly<Record<string, string>>
  /** True if the request was refused because too much work is in flight. */
  readonly overload: boolean

  constructor(status: number, detail: string, options: ScimErrorOptions = {}) {
    super(detail, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'ScimError'
    this.status = status
    this.scimType = options.scimType
    this.headers = options.headers ?? {}
    this.overload = options.overload ?? false
  }
}

/** The media types that bodies may have, as headers list them. @see RFC 7644 §3.1, §8.1 */
export const mediaTypes = 'application/scim+json, application/json'

type MakeError = (detail: string) => ScimError

function ofType(scimType: ScimType): MakeError {
  return (detail) => new ScimError(statusOfScimType[scimType], detail, { scimType })
}

/** The errors of this protocol by name. Each function returns the error; the caller throws it. */
export interface ScimErrors {
  readonly invalidFilter: MakeError
  readonly tooMany: MakeError
  readonly uniqueness: MakeError
  readonly mutability: MakeError
  readonly invalidSyntax: MakeError
  readonly invalidPath: MakeError
  readonly noTarget: MakeError
  readonly invalidValue: MakeError
  readonly sensitive: MakeError
  /**
   * Always the same text: it must not distinguish a forged cursor from a cursor of another caller. @see RFC 9865 §5.2
   */
  readonly invalidCursor: () => ScimError
  readonly expiredCursor: () => ScimError
  readonly invalidCount: MakeError
  /** 400 without a scimType: the request line or a header is wrong, not the document. */
  readonly badRequest: MakeError
  /** 401; the HTTP layer adds `WWW-Authenticate`. */
  readonly unauthorized: MakeError
  /** 403 for a caller that is authenticated but not allowed. */
  readonly forbidden: MakeError
  /**
   * 404 for an address that is not an endpoint, or a resource that does not exist; always the same text, so it reveals
   * nothing.
   */
  readonly notFound: () => ScimError
  /** 405 with the methods that would work here. */
  readonly methodNotAllowed: (allow: string) => ScimError
  readonly notAcceptable: MakeError
  /** 412 where there is no resource whose version could be reported. */
  readonly preconditionFailed: MakeError
  /** 428: a write that must name the version it was made on. @see RFC 6585 §3 */
  readonly preconditionRequired: MakeError
  /** 413 with the limit in bytes. */
  readonly payloadTooLarge: (limit: number) => ScimError
  /** 413 for the body of a bulk request, with the limit in bytes. @see RFC 7644 §3.7.4 */
  readonly bulkTooLarge: (limit: number) => ScimError
  /** 414 with the limit in characters. */
  readonly uriTooLong: (limit: number) => ScimError
  /** 421: the request is for a host that this server does not answer for. @see RFC 9110 §15.5.20 */
  readonly misdirected: () => ScimError
  /** 431: the server received more header fields than its parser keeps, and the others are lost. @see RFC 6585 §5 */
  readonly tooManyHeaders: () => ScimError
  readonly unsupportedMediaType: MakeError
  /** 415 for a Content-Encoding that is not decoded. */
  readonly unsupportedEncoding: () => ScimError
  readonly notImplemented: MakeError
  /** 503; the client may send the same request again after `seconds`. */
  readonly unavailable: (detail: string, seconds?: number, cause?: unknown) => ScimError
  /** 503: the process has too much work in flight; nothing was done. The client may try again after `seconds`. */
  readonly overloaded: (detail: string, seconds?: number) => ScimError
  /** 429: the tenant has too much work in flight; nothing was done. @see RFC 6585 §4 */
  readonly tooManyRequests: (detail: string, seconds?: number) => ScimError
}

/**
 * Makes the errors of this protocol.
 * @example
 * ```ts
 * import { scimError } from '@scimkit/core'
 *
 * function requireOwnDomain(userName: string): void {
 *   if (!userName.endsWith('@example.com')) throw scimError.forbidden('userName is not in the domain example.com.')
 * }
 * ```
 */
export const scimError: ScimErrors = {
  invalidFilter: ofType('invalidFilter'),
  tooMany: ofType('tooMany'),
  uniqueness: ofType('uniqueness'),
  mutability: ofType('mutability'),
  invalidSyntax: ofType('invalidSyntax'),
  invalidPath: ofType('invalidPath'),
  noTarget: ofType('noTarget'),
  invalidValue: ofType('invalidValue'),
  sensitive: ofType('sensitive'),
  invalidCursor: () => ofType('invalidCursor')('Invalid cursor for this list. An empty cursor returns the first page.'),
  expiredCursor: () => ofType('expiredCursor')('The cursor has expired. An empty cursor returns the first page.'),
  invalidCount: ofType('invalidCount'),
  badRequest: (detail) => new ScimError(400, detail),
  unauthorized: (detail) => new ScimError(401, detail),
  forbidden: (detail) => new ScimError(403, detail),
  notFound: () => new ScimError(404, 'No such resource.'),
  methodNotAllowed: (allow) => new ScimError(405, `This endpoint takes ${allow}.`, { headers: { Allow: allow } }),
  notAcceptable: (detail) => new ScimError(406, detail),
  preconditionFailed: (detail) => new ScimError(412, detail),
  preconditionRequired: (detail) => new ScimError(428, detail),
  payloadTooLarge: (limit) => new ScimError(413, `The body is larger than ${limit} bytes.`),
  bulkTooLarge: (limit) => new ScimError(413, `The size of the bulk operation exceeds the maxPayloadSize (${limit}).`),
  uriTooLong: (limit) => new ScimError(414, `The request target is longer than ${limit} characters.`),
  misdirected: () => new ScimError(421, 'This server does not answer for the host of this request.'),
  tooManyHeaders: () =>
    new ScimError(431, 'The request has more header fields than this server reads; some may have been dropped.'),
  unsupportedMediaType: (detail) => new ScimError(415, detail, { headers: { Accept: mediaTypes } }),
  unsupportedEncoding: () =>
    new ScimError(415, 'Content-Encoding is not supported: send the body without compression.', {
      headers: { 'Accept-Encoding': 'identity' },
    }),
  notImplemented: (detail) => new ScimError(501, detail),
  unavailable: (detail, seconds = 1, cause) =>
    new ScimError(503, detail, { headers: { 'Retry-After': String(seconds) }, cause }),
  overloaded: (detail, seconds = 1) => refused(503, detail, seconds),
  tooManyRequests: (detail, seconds = 1) => refused(429, detail, seconds),
}

function refused(status: number, detail: string, seconds: number): ScimError {
  return new ScimError(status, detail, { headers: { 'Retry-After': String(seconds) }, overload: true })
}

/** The error that ended a request or an operation, as the client sees it: a store that fails is 500, never 404. */
export function asScimError(thrown: unknown): ScimError {
  if (thrown instanceof ScimError) return thrown
  // An identity provider recreates users on 404.
  return new ScimError(500, 'The server failed; whether anything was changed is not known.', { cause: thrown })
}

/** True for failures of the server, which the host wants to know. */
export function isFailure({ status, overload }: ScimError): boolean {
  return status >= 500 && status !== 501 && !overload
}
