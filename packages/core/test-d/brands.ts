/**
 * RawVersion is for stores, HttpVersion for clients, and only access creates a TenantId: none is accepted in place of
 * another.
 */
import {
  type HttpVersion,
  httpVersion,
  ifVersion,
  noAuthentication,
  parseHttpVersion,
  type RawVersion,
  rawVersion,
  type ScimContext,
  type TenantId,
  tenantId,
  type WriteEvent,
} from '@scimkit/core'
import { evaluatePrecondition } from '@scimkit/core/operations'
import { type Stored, versionMismatch } from '@scimkit/core/provider'

declare const raw: RawVersion
declare const http: HttpVersion
declare const tenant: TenantId
declare const text: string

// Every brand can be read as text …
export const texts: readonly string[] = [raw, http, tenant]

// … but text is no brand.
// @ts-expect-error a version must be checked by rawVersion()
export const rawFromText: RawVersion = text
// @ts-expect-error an ETag is made by httpVersion()
export const httpFromText: HttpVersion = text
// @ts-expect-error a tenant is minted by tenantId()
export const tenantFromText: TenantId = text

// @ts-expect-error an ETag is no stored version
export const rawFromHttp: RawVersion = http
// @ts-expect-error a stored version is no ETag
export const httpFromRaw: HttpVersion = raw
// @ts-expect-error a tenant is no version
export const rawFromTenant: RawVersion = tenant
// @ts-expect-error a version is no tenant
export const tenantFromRaw: TenantId = raw

// The conversion, in both directions.
export const up: HttpVersion = httpVersion(raw)
export const down: RawVersion | undefined = parseHttpVersion(http)
export const checked: RawVersion = rawVersion(text)
export const minted: TenantId = tenantId(text)
// @ts-expect-error the bridge upstairs takes stored versions
httpVersion(text)
// @ts-expect-error and is not walked twice
httpVersion(http)
// @ts-expect-error the bridge downstairs may find no version of ours
export const surely: RawVersion = parseHttpVersion(text)

// Where versions are compared only stored ones are.
evaluatePrecondition(ifVersion(raw), raw)
// @ts-expect-error not text
ifVersion(text)
// @ts-expect-error not an ETag
evaluatePrecondition(ifVersion(raw), http)
// @ts-expect-error not an ETag
versionMismatch(raw, http)

// Clients see only ETags.
export const event: Pick<WriteEvent, 'before' | 'after'> = { before: http, after: http }
// @ts-expect-error events have ETags
export const wrongEvent: Pick<WriteEvent, 'after'> = { after: raw }
// @ts-expect-error stores have versions
export const stored: Pick<Stored, 'version'> = { version: http }

// A context without a created tenant does not compile.
export const context: Pick<ScimContext, 'tenant'> = { tenant }
// @ts-expect-error a tenant from anywhere
export const wrongContext: Pick<ScimContext, 'tenant'> = { tenant: 'default' }
// @ts-expect-error there is no default tenant in a context
export const noTenant: Pick<ScimContext, 'tenant'> = {}
export const authenticator = noAuthentication({ tenant: 'named by the operator, so text' })
