/** Connections, tokens and secrets as lines for people. */
import type { Connection, ConnectionStatus, ListedToken } from '@scimkit/connections'

/** One line for each connection, in columns. */
export function listText(connections: readonly Connection[]): string {
  return columns(connections.map(({ id, state, tenant, name, scopes }) => [id, state, tenant, scopes.join(','), name]))
}

/** A connection with its tokens and client secrets. */
export function connectionText(connection: Connection, tokens: readonly ListedToken[]): string {
  const { id, tenant, name, state, scopes, created, oauth, users } = connection
  return lines([
    ['connection', id],
    ['tenant', tenant],
    ['name', name],
    ['state', state],
    ['scopes', scopes.join(' ')],
    ['created', created],
    ...(users === undefined ? [] : [['users', users] as const]),
    ...tokens.map((token) => ['token', tokenText(token)] as const),
    ...(oauth?.secrets ?? []).map(
      ({ id: secret, expires }) => ['client secret', `${secret} ${endText(expires)}`] as const,
    ),
    ...(oauth?.keys === undefined ? [] : [['keys', sourceText(oauth.keys)] as const]),
    ...(oauth?.trust === undefined ? [] : [['trust', `${oauth.trust.issuer} ${oauth.trust.subject}`] as const]),
  ])
}

/** The result of a test. */
export function statusText(status: ConnectionStatus): string {
  const { connection, usable, problems, tokens, keySets, lastUsed, lastError } = status
  return (
    connectionText(connection, tokens) +
    lines([
      ...keySets.map(({ of, state }) => [`key set of ${of}`, state] as const),
      ['last used', lastUsed ?? 'never'],
      ['last error', lastError === undefined ? 'none' : `${lastError.at} ${lastError.reason}`],
      ...problems.map((problem) => ['problem', problem] as const),
      ['usable', usable ? 'yes' : 'no'],
    ])
  )
}

function tokenText({ id, audience, scopes, expires, alive, lastUsed }: ListedToken): string {
  const use = lastUsed === undefined ? 'never used' : `last used ${lastUsed}`
  const endpoint = audience === 'mcp' ? ', for AI agents' : ''
  return `${id} ${alive ? endText(expires) : 'has ended'}, ${scopes.join(' ')}${endpoint}, ${use}`
}

function endText(expires: number | undefined): string {
  return expires === undefined ? 'has no end' : `ends ${new Date(expires).toISOString()}`
}

type Keys = NonNullable<NonNullable<Connection['oauth']>['keys']>

function sourceText(keys: Keys): string {
  switch (keys.kind) {
    case 'jwks':
      return `${keys.keys.length} stored`
    case 'jwksUrl':
      return keys.url
    case 'issuer':
      return keys.issuer
  }
}

function lines(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name}: ${value}\n`).join('')
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
