/** Faults of token endpoint, assertions and key sets: each removes one check. */
export interface OAuthFault {
  readonly name: string
  /** The case that fails with it. */
  readonly seenBy: string
  /** Relative to src. */
  readonly file: string
  /** `from` is in the file exactly once. */
  readonly from: string
  readonly to: string
}

const verify = 'assertions/verify-assertion.ts'
const parse = 'assertions/parse-jwt.ts'
const claims = 'assertions/check-claims.ts'
const client = 'token-endpoint/authenticate-client.ts'
const endpoint = 'token-endpoint/token-endpoint.ts'
const sets = 'key-sets/key-sets.ts'
const key = 'key-sets/public-key.ts'

const fault = (name: string, seenBy: string, file: string, from: string, to = ''): OAuthFault => ({
  name,
  seenBy,
  file,
  from,
  to,
})

export const oauthFaults: readonly OAuthFault[] = [
  fault(
    'algorithms of other clients',
    'algorithms',
    verify,
    'oauth?.algorithms.includes(jwt.algorithm) === true',
    'true',
  ),
  fault('signatures', 'signatures', verify, "if (!isValid) return rejected('assertion-signature')"),
  fault('kid', 'signatures', key, 'fitting.find((key) => key.kid === kid)', 'fitting[0]'),
  fault('private parts of keys', 'key-url-refused', key, "if ('d' in key || 'k' in key) return false"),
  fault('use of keys', 'key-url-refused', key, "if (key.use !== undefined && key.use !== 'sig') return false"),
  fault('crit', 'header-members', parse, "'crit' in header || "),
  fault('typ', 'header-members', parse, ' || !(typ === undefined || isType(typ, types))'),
  fault('duplicate members', 'malformed-assertions', parse, 'parseJson(json, limits)', 'JSON.parse(json)'),
  fault('length of assertions', 'malformed-assertions', parse, 'if (text.length > longestJwt) return undefined'),
  fault('own subject', 'claims', claims, "if (claims.sub !== client) return 'assertion-subject'"),
  fault('own audience', 'claims', claims, "if (!isAudience(claims.aud, audiences)) return 'assertion-audience'"),
  fault('all audiences of a list', 'claims', claims, 'named.every((one) => typeof', 'named.some((one) => typeof'),
  fault('exp', 'claims', claims, '|| exp + leeway <= seconds'),
  fault('nbf and iat', 'claims', claims, 'of [nbf, iat]', 'of []'),
  fault('life', 'claims', claims, "exp - begin > longest + leeway ? 'assertion-life' : undefined", 'undefined'),
  fault(
    'form of jti',
    'claims',
    claims,
    "typeof jti === 'string' && jti !== '' ? undefined : 'assertion-jti'",
    'undefined',
  ),
  fault('required jti', 'jti-required', claims, "isRequired ? 'assertion-jti' : undefined", 'undefined'),
  fault('jti once', 'jti-once', 'token-endpoint/issue-access-token.ts', 'used === undefined ? [] :', 'true ? [] :'),
  fault('jti of each client', 'jti-once', 'token-endpoint/issue-access-token.ts', '{client.id} $'),
  fault('issuer of a trust', 'federated-issuer', claims, "if (claims.iss !== trust.issuer) return 'assertion-issuer'"),
  fault(
    'subject of a trust',
    'federated-subject',
    claims,
    "if (claims.sub !== trust.subject) return 'assertion-subject'",
  ),
  fault(
    'audience of a trust',
    'federated-audience',
    claims,
    "if (!isAudience(claims.aud, trust.audiences)) return 'assertion-audience'",
  ),
  fault('object', 'federated-subject', claims, 'claims.oid !== trust.objectId', 'false'),
  fault(
    'tenant of Entra',
    'federated-tenant-of-issuer',
    claims,
    "typeof claims.tid !== 'string' || claims.tid !== tenantOfIssuer",
    'false',
  ),
  fault(
    'application',
    'federated-application',
    claims,
    "every((one) => one === expected) ? undefined : 'assertion-application'",
    "every(() => true) ? undefined : 'assertion-application'",
  ),
  fault(
    'version',
    'federated-application',
    claims,
    "claims.ver === version ? undefined : 'assertion-version'",
    'undefined',
  ),
  fault(
    'tenant of the address',
    'same-refusal',
    client,
    "if (tenant !== undefined && client.tenant !== tenant) return 'client-tenant'",
  ),
  fault('suspended clients', 'same-refusal', client, "return 'client-suspended'", 'return undefined'),
  fault(
    'digest of secrets',
    'same-refusal',
    client,
    'equalTexts(digest, known?.digest ?? noDigest) ? known : undefined',
    'known ?? client?.oauth?.secrets[0]',
  ),
  fault(
    'end of secrets',
    'client-secret',
    client,
    "if (found.expires !== undefined && found.expires <= now) return rejected('client-secret-expired')",
  ),
  fault(
    'no client secrets',
    'no-client-secrets',
    client,
    "if (!context.acceptSecrets) return rejected('client-credentials')",
  ),
  fault('one method', 'parameters', 'token-endpoint/presented-client.ts', 'methods.length > 1', 'false'),
  fault('repeated parameters', 'parameters', 'token-endpoint/read-form.ts', 'if (seen.has(name))', 'if (false)'),
  fault(
    'media type',
    'parameters',
    'token-endpoint/read-form.ts',
    "type !== 'application/x-www-form-urlencoded'",
    'false',
  ),
  fault(
    'scopes of the connection',
    'scopes',
    'token-endpoint/granted-scopes.ts',
    '], allowed)',
    "], ['scim', 'scim.read'])",
  ),
  fault('rate of a client', 'limits', endpoint, 'if (seconds > 0) return failureAnswer(tooManyRequests(seconds))'),
  fault('rate of failures', 'limits', endpoint, 'seconds > 0 ? tooManyRequests(seconds) : failure', 'failure'),
  fault('time between reads', 'unknown-kids', sets, '(reading ? abandonedAfter : betweenMilliseconds)', '0'),
  fault(
    'waiting for a read',
    'valid-requests-together',
    sets,
    'while (isBeingRead(entry)) await sleep(pollMilliseconds)',
    '{}',
  ),
  fault('hourly reads', 'keys-from-url', sets, 'elapsed() - entry.readAt >= refreshMilliseconds', 'false'),
  fault('end of kept keys', 'unreachable-keys', sets, 'elapsed() - readAt < staleMilliseconds ?', 'true ?'),
  fault(
    'issuer of metadata',
    'keys-of-issuer',
    'key-sets/issuer-metadata.ts',
    'metadata?.issuer !== issuer',
    'metadata === undefined',
  ),
  fault('size of key sets', 'key-url-refused', 'key-sets/web-key-fetcher.ts', 'if (size > limit)', 'if (false)'),
  fault(
    'one address of each tenant',
    'methods',
    'token-endpoint/issuer-addresses.ts',
    'encodeURIComponent(name) === segment ? name : undefined',
    'name',
  ),
  fault(
    'end of access tokens',
    'removal-ends-tokens',
    'token-endpoint/issue-access-token.ts',
    'generation: client.generation',
    'generation: 2',
  ),
  fault(
    'secret of access tokens',
    'removal-ends-tokens',
    'token-endpoint/issue-access-token.ts',
    '    secret,\n  }\n',
    '  }\n',
  ),
  fault('no-store', 'token-response', 'token-endpoint/oauth-answer.ts', "'Cache-Control': 'no-store', "),
]
