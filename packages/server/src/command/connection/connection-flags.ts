/** The flags of `scimkit connection`. */
import { readFileSync } from 'node:fs'
import type { FederatedTrustRecord, KeySource, NewConnection, OAuthSettings, TokenAudience } from '@scimkit/connections'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../flag-values.js'
import { addStoreFlags, type StoreFlags } from '../store-flags.js'

/** The flags of every command about connections. */
export interface ConnectionFlags extends StoreFlags {
  readonly json?: true
  readonly tenant?: string
}

/** The flags of a new credential. */
export interface CredentialFlags extends ConnectionFlags {
  /** Milliseconds from now. */
  readonly expires?: number
  readonly audience?: TokenAudience
  readonly scopes?: readonly string[]
}

/** How a connection obtains access tokens, from the values of `--oauth`. */
export interface OAuthFlag {
  readonly settings: OAuthSettings
  /** Whether it gets a client secret. */
  readonly secret: boolean
}

/** A command about connections, with the flags of all of them. */
export function addConnectionFlags(command: Command, tenant: string): Command {
  return addStoreFlags(command).option('--tenant <name>', tenant).option('--json', 'print the result as JSON')
}

/** Adds `--expires`. */
export function addExpires(command: Command, what: string): Command {
  return command.option(
    '--expires <duration>',
    `when the ${what} ends: 90d, 24h (default: it has no end)`,
    parseDuration,
  )
}

/** Adds `--audience`. */
export function addAudience(command: Command): Command {
  return command.addOption(
    new Option(
      '--audience <endpoint>',
      'the endpoint that accepts the token: SCIM, or the tools for AI agents (default: scim)',
    ).choices(['scim', 'mcp']),
  )
}

/** Adds `--scopes`. */
export function addScopes(command: Command, text: string): Command {
  return command.option('--scopes <list>', text, (value: string) => value.split(',').map((scope) => scope.trim()))
}

/** The settings of a new credential; a time from now becomes a moment. */
export function credentialIn({ expires, audience, scopes, tenant }: CredentialFlags): {
  readonly expires?: number
  readonly audience?: TokenAudience
  readonly scopes?: readonly string[]
  readonly tenant?: string
} {
  return {
    ...(expires !== undefined && { expires: Date.now() + expires }),
    ...(audience !== undefined && { audience }),
    ...(scopes !== undefined && { scopes }),
    ...(tenant !== undefined && { tenant }),
  }
}

/** Parses one value of `--oauth` and adds it to the values before. */
export function parseOAuth(text: string, before: OAuthFlag = { settings: {}, secret: false }): OAuthFlag {
  const equals = text.indexOf('=')
  const [kind, value] = equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
  const withKeys = (keys: KeySource): OAuthFlag => {
    if (before.settings.keys !== undefined) throw new InvalidArgumentError('The keys can be named only once.')
    return { ...before, settings: { ...before.settings, keys } }
  }
  switch (kind) {
    case 'secret':
      if (equals !== -1) break
      return { ...before, secret: true }
    case 'jwks-url':
      return withKeys({ kind: 'jwksUrl', url: value })
    case 'issuer':
      return withKeys({ kind: 'issuer', issuer: value })
    case 'trust':
      return { ...before, settings: { ...before.settings, trust: trustIn(value) } }
  }
  throw new InvalidArgumentError('Expected secret, jwks-url=URL, issuer=URL or trust=FILE.')
}

/** The `oauth` of a new connection; `expires` is that of its client secret. */
export function oauthIn(
  { settings, secret }: OAuthFlag,
  expires: number | undefined,
): NonNullable<NewConnection['oauth']> {
  return { ...settings, secret: secret && { expires } }
}

// The members are checked where the settings are stored.
function trustIn(file: string): FederatedTrustRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new InvalidArgumentError('Cannot read the trust: expected a file with a JSON object.')
  }
}
