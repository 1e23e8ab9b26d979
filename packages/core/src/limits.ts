/** Bounds on everything where user input meets CPU or memory. Every one is an option; these are the defaults. */
export interface Limits {
  /** Bytes of a request body; more is 413. Default 1 MiB. */
  readonly bodyBytes: number
  /** Bytes of a body sent to a type that keeps members: Okta PUTs whole groups. Default 10 MiB. */
  readonly groupBodyBytes: number
  /** Nesting of JSON arrays and objects. Default 32. */
  readonly jsonDepth: number
  /** Keys in one JSON object. Default 1,000. */
  readonly objectKeys: number
  /** JSON values in one body in total. Default 1,000,000. */
  readonly jsonValues: number
  /** Characters (UTF-16 units) in one JSON string. Default 65,536. */
  readonly stringLength: number
  /** Elements in one JSON array. Default 200,000. */
  readonly arrayLength: number
  /** Characters in a filter. Default 16,384; what the request target holds is bounded by `targetLength` as well. */
  readonly filterLength: number
  /** Nesting of a filter: parentheses, `not`, brackets; counted before recursion. Default 20. */
  readonly filterDepth: number
  /** Comparisons in a filter. Default 100. */
  readonly filterTerms: number
  /** `attr[…]` groups in a filter. Default 20. */
  readonly filterValuePaths: number
  /** Operations in one PATCH. Default 1,000. */
  readonly patchOperations: number
  /** Characters in one PATCH path. Default 1,024. */
  readonly patchPathLength: number
  /** Characters of values that one PATCH may look at, all operations together, an element counting as 200 at least;
   * more is 400 tooMany. Default 100,000,000, some tenths of a second. */
  readonly patchWork: number
  /** Characters of one stored document, as JSON; a write that would lead to more is 400. Default 1,048,576. */
  readonly documentLength: number
  /** Milliseconds that an unconditional write may wait for others of this process; more is 503. Default 30,000. */
  readonly queueMilliseconds: number
  /** Milliseconds that an unconditional write waits for the writers of the same resource before it while none of them
   * begins or ends; then it runs beside them, and the version comparison decides. Default 2,000. */
  readonly turnMilliseconds: number
  /** Characters of the request target (path and query). Default 16,384. */
  readonly targetLength: number
  /** Attributes named in `attributes` or `excludedAttributes`. Default 200. */
  readonly projectedAttributes: number
  /** Characters in one `If-Match` or `If-None-Match`. Default 8,192. */
  readonly etagHeaderLength: number
  /** Tags in one `If-Match` or `If-None-Match`. Default 64. */
  readonly etagCount: number
  /** Resources in a list when the client names no `count`. Default 100. */
  readonly pageSize: number
  /** Most resources in one list; a larger `count` gets this many. Default 200. */
  readonly maxPageSize: number
  /** Members in one list page, all resources together; the page stops there. Default 10,000. */
  readonly pageMembers: number
  /** Bytes of one list page, as UTF-8; the page stops before the resource that would exceed them, one resource at least.
   * Default 4,194,304 (4 MiB). */
  readonly pageBytes: number
  /** Characters in a cursor; a page that would need a longer one is 400 invalidValue. Default 8,192. */
  readonly cursorLength: number
  /**
   * How far into a sorted list of several types `startIndex` reaches, the page included; more is 400 tooMany. Cursors
   * reach everywhere. Default 10,000.
   */
  readonly mergedResults: number
  /** Largest group that a PATCH answers with a body; larger ones get 204. Default 100 members. */
  readonly patchBodyMembers: number
  /** Operations in one bulk request; more is 413. Advertised as `bulk.maxOperations`. Default 1,000. */
  readonly bulkOperations: number
  /** Bytes of the body of a bulk request; more is 413. Advertised as `bulk.maxPayloadSize`. Default 1 MiB. */
  readonly bulkPayloadBytes: number
  /** Characters of values that one bulk request may look at, its operations together, counted as in `patchWork`, with
   * the documents and members it reads; the operations after that are 400 tooMany. Default 1,000,000,000. */
  readonly bulkWork: number
  /** Attempts of an unconditional write against concurrent writers in other processes. Default 10. */
  readonly writeAttempts: number
  /** Milliseconds that those attempts may take in all. Default 3,000. */
  readonly writeMilliseconds: number
  /** Requests carried out at once, all tenants together; more wait. As many may be authenticated at once. Default 512. */
  readonly inFlight: number
  /** Requests of one tenant carried out at once; more wait. Default as many as `inFlight`. */
  readonly tenantInFlight: number
  /** Milliseconds for which a request, its body and its password count as in flight at most: a request that the platform
   * has ended would count forever. One that takes longer is not ended. Default 300,000. */
  readonly inFlightMilliseconds: number
  /** Requests that wait at once, tenants taking turns; more are 429 (of a tenant at its limit) or 503. Default 1,024. */
  readonly waitingRequests: number
  /** Milliseconds that a request may wait for its turn, a large body or a password included; then 429 or 503. Default 5,000. */
  readonly waitingMilliseconds: number
  /** Bytes of bodies above 64 KiB in memory at once; more wait. A larger body is taken alone. Default 32 MiB. */
  readonly bodyBytesInFlight: number
  /** Bodies that wait for that at once; more are 503. Default 64. */
  readonly waitingBodies: number
  /** Passwords handed to `secrets` at once: hashing takes threads that WebCrypto needs too; more wait. Default 2. */
  readonly passwordsInFlight: number
  /** Passwords that wait for that at once; more are 503, before anything is written. Default 128. */
  readonly waitingPasswords: number
  /**
   * Milliseconds that a client may take to receive a response, and one second more for each 64 KiB of it; then the
   * connection is closed. Adapters on Node. Default 30,000.
   */
  readonly answerMilliseconds: number
  /**
   * Bytes of responses that clients have not received yet; above it the oldest of them loses its connection. Adapters
   * on Node. Default 128 MiB.
   */
  readonly unreadAnswerBytes: number
}

/** The documented defaults. */
export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  groupBodyBytes: 10_485_760,
  jsonDepth: 32,
  objectKeys: 1_000,
  jsonValues: 1_000_000,
  stringLength: 65_536,
  arrayLength: 200_000,
  filterLength: 16_384,
  filterDepth: 20,
  filterTerms: 100,
  filterValuePaths: 20,
  patchOperations: 1_000,
  patchPathLength: 1_024,
  patchWork: 100_000_000,
  documentLength: 1_048_576,
  queueMilliseconds: 30_000,
  turnMilliseconds: 2_000,
  targetLength: 16_384,
  projectedAttributes: 200,
  etagHeaderLength: 8_192,
  etagCount: 64,
  pageSize: 100,
  maxPageSize: 200,
  pageMembers: 10_000,
  pageBytes: 4_194_304,
  cursorLength: 8_192,
  mergedResults: 10_000,
  patchBodyMembers: 100,
  bulkOperations: 1_000,
  bulkPayloadBytes: 1_048_576,
  bulkWork: 1_000_000_000,
  writeAttempts: 10,
  writeMilliseconds: 3_000,
  inFlight: 512,
  tenantInFlight: 512,
  inFlightMilliseconds: 300_000,
  waitingRequests: 1_024,
  waitingMilliseconds: 5_000,
  bodyBytesInFlight: 33_554_432,
  waitingBodies: 64,
  passwordsInFlight: 2,
  waitingPasswords: 128,
  answerMilliseconds: 30_000,
  unreadAnswerBytes: 134_217_728,
}

/** The defaults with a host's own numbers over them. Throws a TypeError for an unknown name or an invalid number. */
export function limitsFrom(own: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(own)) {
    if (!Object.hasOwn(defaultLimits, name)) {
      throw new TypeError(`limits: unknown limit "${name}"; known are ${Object.keys(defaultLimits).join(', ')}`)
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`limits.${name}: expected a whole number above 0, got ${String(value)}`)
    }
  }
  const inFlight = own.inFlight ?? defaultLimits.inFlight
  const limits = { ...defaultLimits, tenantInFlight: inFlight, ...own }
  if (own.pageSize === undefined) return { ...limits, pageSize: Math.min(limits.pageSize, limits.maxPageSize) }
  if (limits.pageSize > limits.maxPageSize) {
    throw new TypeError(`limits.pageSize: ${limits.pageSize} is more than maxPageSize, ${limits.maxPageSize}`)
  }
  return limits
}

type SharedLimit =
  | 'turnMilliseconds'
  | 'inFlight'
  | 'tenantInFlight'
  | 'inFlightMilliseconds'
  | 'waitingRequests'
  | 'waitingMilliseconds'
  | 'bodyBytesInFlight'
  | 'waitingBodies'
  | 'passwordsInFlight'
  | 'waitingPasswords'
  | 'answerMilliseconds'
  | 'unreadAnswerBytes'

// The limits of work that all tenants share: they cannot differ between tenants.
const sharedLimits: Readonly<Record<SharedLimit, true>> = {
  turnMilliseconds: true,
  inFlight: true,
  tenantInFlight: true,
  inFlightMilliseconds: true,
  waitingRequests: true,
  waitingMilliseconds: true,
  bodyBytesInFlight: true,
  waitingBodies: true,
  passwordsInFlight: true,
  waitingPasswords: true,
  answerMilliseconds: true,
  unreadAnswerBytes: true,
}

/** The limits that a tenant may have for itself. */
export type TenantLimits = Omit<Limits, SharedLimit>

/**
 * The limits of a server with those of a tenant over them. Throws a TypeError for an unknown name, an invalid number,
 * or a limit of work that all tenants share.
 */
export function tenantLimitsFrom(server: Limits, own: Partial<TenantLimits>): Limits {
  const shared = Object.keys(own).find((name) => Object.hasOwn(sharedLimits, name))
  if (shared !== undefined) throw new TypeError(`limits.${shared}: all tenants share this limit; set it for the server`)
  return limitsFrom({ ...server, ...(own.maxPageSize !== undefined && boundedPage(server, own)), ...own })
}

function boundedPage({ pageSize }: Limits, { maxPageSize = pageSize }: Partial<Limits>): Partial<Limits> {
  return { pageSize: Math.min(pageSize, maxPageSize) }
}
