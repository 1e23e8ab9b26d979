/** The token endpoint: the grant client_credentials, and the metadata by which clients find it. @see RFC 6749 §3.2, §4.4 */
import { defaultLimits, type Limits, type RateLimiter } from '@scimkit/core'
import type { HttpHandler, ScimRequest, ScimResponse } from '@scimkit/core/adapter'
import type { RecordStore } from '@scimkit/core/provider'
import type { KeySets } from '../key-sets/key-sets.js'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord } from '../records/connection.js'
import { readConnection } from '../records/stored-records.js'
import { authenticateClient, type ClientRejectionReason } from './authenticate-client.js'
import { grantedScopes, type ScopeAliases } from './granted-scopes.js'
import { issueAccessToken } from './issue-access-token.js'
import type { Addresses, IssuerAddresses, Place } from './issuer-addresses.js'
import { resourceMetadata, serverMetadata } from './metadata.js'
import {
  documentAnswer,
  failureAnswer,
  invalidClient,
  methodNotAllowed,
  notFound,
  type OAuthFailure,
  tokenAnswer,
  tooManyRequests,
  unavailable,
} from './oauth-answer.js'
import { type PresentedClient, presentedClient } from './presented-client.js'
import { type Form, isFailure, mostFormBytes, readForm } from './read-form.js'
import { expiryCleaner, type TokenRates, tokenRates } from './request-rates.js'
import { requestedAudience } from './requested-audience.js'

/** The parts of a token endpoint. */
export interface TokenEndpointParts {
  readonly addresses: IssuerAddresses
  readonly store: RecordStore
  readonly ports: ConnectionPorts
  readonly keySets: KeySets
  readonly rateLimiter: RateLimiter
  readonly rates: TokenRates
  /** Whether client secrets are accepted; else every client has a key. */
  readonly acceptSecrets: boolean
  /** Whether an assertion that a client has signed itself needs a `jti`. */
  readonly requireJti: boolean
  readonly scopeAliases: ScopeAliases
  /** The client is undefined if the request named none that exists. */
  readonly onRejected: (
    reason: ClientRejectionReason,
    client: ConnectionRecord | undefined,
    request: ScimRequest,
  ) => void
  readonly onError: (error: unknown) => void
}

/** A token endpoint, as a handler of its paths. */
export function tokenEndpoint(parts: TokenEndpointParts): HttpHandler {
  const { addresses, store, ports, onError } = parts
  const limits: Limits = { ...defaultLimits, bodyBytes: mostFormBytes, groupBodyBytes: mostFormBytes }
  const rates = tokenRates(parts.rateLimiter, parts.rates, onError)
  const clean = expiryCleaner(store, ports, onError)

  const answerToken = async (request: ScimRequest, tenant: string | undefined): Promise<ScimResponse> => {
    const form = await readForm(request)
    if (isFailure(form)) return failureAnswer(form)
    const grantType = form.get('grant_type')
    if (grantType === undefined) return failureAnswer(missingGrantType)
    if (grantType !== 'client_credentials') return failureAnswer(unsupportedGrantType)
    const presented = presentedClient(request.header('authorization'), form)
    if (presented.kind === 'failure') {
      return presented.error === 'invalid_client'
        ? refuse('client-credentials', undefined, request, presented)
        : failureAnswer(presented)
    }
    if (presented.kind === 'malformed') {
      return refuse('client-credentials', undefined, request, invalidClient(presented.usedHeader))
    }
    return issueFor(presented, form, request, tenant)
  }

  const issueFor = async (
    presented: Exclude<PresentedClient, { readonly kind: 'malformed' }>,
    form: Form,
    request: ScimRequest,
    tenant: string | undefined,
  ): Promise<ScimResponse> => {
    const record = await clientRecord(store, presented.client)
    const { issuer, tokenEndpoint: url } = addresses.addressesOf(tenant ?? record?.tenant)
    const context = { ...parts, audiences: [issuer, url], tenant }
    const check = await authenticateClient(presented, record, context)
    const failure = invalidClient(presented.kind === 'secret' && presented.usedHeader)
    if (check.kind === 'rejected') return refuse(check.reason, record, request, failure)
    const { client } = check
    const audience = requestedAudience(form.get('resource'), addresses.addressesOf(client.tenant))
    if (audience === undefined) return failureAnswer(invalidTarget)
    const scopes = grantedScopes(form.get('scope'), client.scopes, parts.scopeAliases)
    if (scopes === undefined) return failureAnswer(invalidScope)
    const seconds = await rates.ofClient(client.id)
    if (seconds > 0) return failureAnswer(tooManyRequests(seconds))
    const issued = await issueAccessToken({ ...check, scopes, audience }, store, ports)
    if (issued === undefined) return refuse('assertion-jti', client, request, failure)
    clean(request.waitUntil)
    return tokenAnswer(issued.text, issued.seconds, scopes)
  }

  // After the verification: too many failed requests change the response of further ones, and stop no valid one.
  const refuse = async (
    reason: ClientRejectionReason,
    client: ConnectionRecord | undefined,
    request: ScimRequest,
    failure: OAuthFailure,
  ): Promise<ScimResponse> => {
    parts.onRejected(reason, client, request)
    const seconds = await rates.ofFailures()
    return failureAnswer(seconds > 0 ? tooManyRequests(seconds) : failure)
  }

  const answer = async (place: Place, request: ScimRequest): Promise<ScimResponse> => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    switch (place.kind) {
      case 'token':
        return request.method === 'POST' ? answerToken(request, place.tenant) : methodNotAllowed('POST')
      case 'server':
        if (!isRead) return methodNotAllowed('GET, HEAD')
        return documentAnswer(serverMetadata(addresses.addressesOf(place.tenant), parts.acceptSecrets))
      case 'resource':
        if (!isRead) return methodNotAllowed('GET, HEAD')
        return resourceAnswer(addresses.addressesOf(place.tenant), ({ resource }) => resource)
      case 'mcpResource':
        if (!isRead) return methodNotAllowed('GET, HEAD')
        return resourceAnswer(addresses.addressesOf(place.tenant), ({ mcp }) => mcp?.resource)
    }
  }

  return {
    limits,
    matches: (target) => addresses.placeOf(target) !== undefined,
    handle: async (request) => {
      const place = addresses.placeOf(request.target)
      try {
        const answered = place === undefined ? notFound : await answer(place, request)
        return request.method === 'HEAD' ? { ...answered, body: null } : answered
      } catch (error) {
        onError(error)
        return failureAnswer(unavailable)
      }
    },
  }
}

const missingGrantType: OAuthFailure = {
  kind: 'failure',
  error: 'invalid_request',
  description: 'grant_type is required.',
}

const unsupportedGrantType: OAuthFailure = {
  kind: 'failure',
  error: 'unsupported_grant_type',
  description: 'The grant type must be client_credentials.',
}

const invalidTarget: OAuthFailure = {
  kind: 'failure',
  error: 'invalid_target',
  description: 'The resource is not one that this server issues tokens for.',
}

function resourceAnswer(addresses: Addresses, resourceOf: (addresses: Addresses) => string | undefined): ScimResponse {
  const resource = resourceOf(addresses)
  return resource === undefined ? notFound : documentAnswer(resourceMetadata(addresses.issuer, resource))
}

const invalidScope: OAuthFailure = {
  kind: 'failure',
  error: 'invalid_scope',
  description: 'None of the requested scopes is permitted.',
}

// Stores reject ids that no record can have.
async function clientRecord(store: RecordStore, id: string | undefined): Promise<ConnectionRecord | undefined> {
  if (id === undefined || id.length > 200) return undefined
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at)
    if (unit < 0x21 || unit > 0x7e) return undefined
  }
  return id === '' ? undefined : (await readConnection(store, id))?.record
}
