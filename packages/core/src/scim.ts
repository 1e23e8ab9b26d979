/** A SCIM server without a network: `handle` is the entry point for HTTP adapters, `perform` for everything else. */
import type { ScimContext, TenantId } from './context.js'
import type { Call } from './engine/call.js'
import type { ScimRequest, ScimResponse } from './http/adapter-interface.js'
import { baseUrlOfTenant, checkedBaseUrl } from './http/url/base-url.js'
import { type Interop, interopFrom } from './interop.js'
import type { Limits } from './limits.js'
import type { Operation } from './operation-types/operation.js'
import type { OutcomeByKind } from './operation-types/outcome.js'
import { perform } from './operations/perform.js'
import { type PermittedType, permittedTypes } from './permissions/permitted-types.js'
import { type AnswerCaller, handle } from './request-path/handle.js'
import type { ScimOptions } from './settings/options.js'
import { engineFor, type Settings, settingsFrom } from './settings/settings.js'
import type { TenantSettings } from './settings/tenant-settings.js'
import type { WaitUntil } from './wait-until.js'

/** The caller that `perform` works for. */
export interface ContextOptions {
  readonly tenant: TenantId
  readonly principal?: string
  /** For `authorize`. Default: none. */
  readonly scopes?: readonly string[]
  /** Default: the server's. */
  readonly interop?: Interop
  /** Absolute URL for `meta.location` and `$ref`. Default: the server's `baseUrl`, else empty. */
  readonly baseUrl?: string
  /** Takes the promises of asynchronous hooks. Default: the server's. */
  readonly waitUntil?: WaitUntil
}

/** A SCIM server, without a network. `Native` is what its `authenticate` and `provider` functions receive. */
export interface Scim<Native = unknown> {
  /**
   * Answers one HTTP request. Never rejects: every failure becomes an RFC 7644 error body. `native` is the framework's
   * own request or environment, passed to `authenticate` and to a `provider` function. `waitUntil`, of the options or
   * of the request, gets the same promise, so that a client that disconnects cancels nothing.
   */
  handle(request: ScimRequest, native?: Native): Promise<ScimResponse>
  /**
   * Answers an HTTP request of another protocol for the same callers: host, authentication, rate limits, the settings
   * of the tenant and the limits of requests in flight are those of SCIM requests; `answer` is called for a caller that
   * passes them. A refusal is an RFC 7644 error body, also if `answer` rejects. Never rejects.
   */
  admit(request: ScimRequest, answer: AnswerCaller, native?: Native): Promise<ScimResponse>
  /** The types, and the operations on them, that `authorize` permits to a caller on some resource. */
  permitted(context: ScimContext, native?: Native): Promise<readonly PermittedType[]>
  /**
   * Carries out one operation without HTTP, if `authorize` permits it. Throws a ScimError for bad input and for an
   * operation that is not permitted, and the errors of the store. `native` is passed to a `provider` function. The
   * limits of requests and bodies in flight do not count it: the caller decides how many calls run at once. Passwords
   * wait for their turn here too.
   */
  perform<Kind extends Operation['kind']>(
    operation: Extract<Operation, { readonly kind: Kind }>,
    context: ScimContext,
    native?: Native,
  ): Promise<OutcomeByKind[Kind]>
  /** A context for `perform`. */
  context(options: ContextOptions): ScimContext
  /**
   * Throws a TypeError that names the setting if these settings of a tenant cannot work with the options of the server:
   * before a host stores them, or returns them from `tenantSettings`.
   */
  checkTenantSettings(settings: TenantSettings): void
  /** The limits in force, for adapters: only the adapter can enforce some of them. */
  readonly limits: Limits
}

/**
 * Creates a SCIM server. Throws a TypeError that names the option if an option is invalid.
 * @example
 * ```ts
 * import { createScim, noAuthentication } from '@scimkit/core'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const scim = createScim({ provider: memoryProvider(), authenticate: noAuthentication() })
 * console.log(scim.limits.maxPageSize)
 * ```
 */
export function createScim<Native = unknown>(options: ScimOptions<Native>): Scim<Native> {
  const settings = settingsFrom(options)
  const scim: Scim<Native> = {
    handle: (request, native) => handle(settings, request, native),
    admit: (request, answer, native) => handle(settings, request, native, answer),
    permitted: async (context, native) => permittedTypes(await callAlone(settings, context, native)),
    perform: async (operation, context, native) => performAlone(settings, operation, context, native),
    context: ({ tenant, principal, scopes, interop, baseUrl, waitUntil = settings.waitUntil }) => ({
      tenant,
      principal,
      ...(scopes !== undefined && { scopes }),
      requestId: settings.engine.ports.newId(),
      signal: undefined,
      waitUntil,
      interop: interop === undefined ? settings.interop : interopFrom(interop),
      baseUrl: baseUrl === undefined ? baseUrlOfTenant(settings.baseUrl ?? '', tenant) : checkedBaseUrl(baseUrl),
      mediaType: 'application/scim+json',
    }),
    checkTenantSettings: settings.checkTenant,
    limits: settings.engine.limits,
  }
  return scim
}

// A host may use one context for many operations; each of them is a request of its own, unless it is part of one.
async function performAlone<Kind extends Operation['kind']>(
  server: Settings,
  operation: Extract<Operation, { readonly kind: Kind }>,
  given: ScimContext,
  native: unknown,
): Promise<OutcomeByKind[Kind]> {
  return perform(await callAlone(server, given, native), operation)
}

async function callAlone(server: Settings, given: ScimContext, native: unknown): Promise<Call> {
  const settings = server.ofTenant === undefined ? server : await server.ofTenant(given.tenant)
  const context = settings === server ? given : withSettings(given, server, settings)
  const own = context.request === undefined ? { ...context, request: {} } : context
  return { engine: await engineFor(settings, own, native), context: own }
}

// `context()` does not wait for the settings of the tenant, so a context that names nothing of its own has the server's.
function withSettings(context: ScimContext, server: Settings, { interop, baseUrl = '' }: Settings): ScimContext {
  return {
    ...context,
    ...(context.interop === server.interop && { interop }),
    ...(context.baseUrl === baseUrlOfTenant(server.baseUrl ?? '', context.tenant) && {
      baseUrl: baseUrlOfTenant(baseUrl, context.tenant),
    }),
  }
}
