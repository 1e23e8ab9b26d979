import { randomBytes } from 'node:crypto'
import type { TokenState } from '../secrets/token-choice.js'
import { colors } from './colors.js'

/** The data and the token of a server, for the output. */
export interface StartFacts {
  readonly token: TokenState
  /** The location of the data. */
  readonly place: string
  /** Whether the data survives the process. */
  readonly durable: boolean
}

/** A running server, for the output. */
export interface WelcomeFacts extends StartFacts {
  readonly url: string
  /** Whether the server was started with the preset for Entra ID. */
  readonly entra: boolean
}

const hint = 'only its hash is stored; --new-token generates another'

/** The lines for a log: the location of the data, and a new token. */
export function startLines({ token, place, durable }: StartFacts): readonly string[] {
  return [...(durable ? [`data ${place}`] : []), ...tokenLines(token, durable)]
}

/** The lines of a server with several tenants. */
export function tenantLines({
  url,
  place,
  durable,
  file,
}: Pick<WelcomeFacts, 'url' | 'place' | 'durable'> & { readonly file: string | undefined }): readonly string[] {
  return [
    `data ${durable ? place : 'in memory, deleted when the server stops'}`,
    `SCIM of each tenant is at ${url}`,
    ...(file === undefined ? [] : [`tenants ${file}, read again when it changes`]),
    ...(durable ? ['A token for a tenant: scimkit connection create --tenant acme --name Okta'] : []),
  ]
}

function tokenLines(token: TokenState, durable: boolean): readonly string[] {
  switch (token.kind) {
    case 'none':
    case 'given':
      return []
    case 'generated':
      return [
        `token ${token.token}`,
        ...(durable ? [`The token is shown only once and is valid for later starts too: ${hint}.`] : []),
      ]
    case 'stored':
      return [`The token of an earlier start is valid: ${hint}.`]
    case 'concurrent':
      return [`Another process has just generated the token and shows it: ${hint}.`]
  }
}

/** The text for a person who has just started the server: lines to paste, and the settings for identity providers. */
export function welcomeText({ url, token, place, durable, entra }: WelcomeFacts, colour: boolean): string {
  const colorize = colors(colour)
  const title = (text: string) => colorize('bold', text)
  const value = (text: string) => colorize('cyan', text)
  const known = 'token' in token ? token.token : undefined
  const secret = known === undefined ? inWords(token) : value(known)
  // The lines may have been pasted after an earlier start: then a fixed name would be taken.
  const ada = durable ? `ada-${randomBytes(3).toString('hex')}@example.com` : 'ada@example.com'
  const note =
    token.kind === 'generated' && durable
      ? [`                 shown only once, valid for later starts too; ${hint}`]
      : []
  return [
    '',
    `  ${title('ScimKit')} is at  ${value(url)}`,
    `  Data           ${durable ? value(place) : 'in memory, deleted when the server stops'}`,
    `  Bearer token   ${secret}`,
    ...note,
    '',
    `  ${title('Try it')}: create a user, read it with its ETag, change it if it has not changed since. The last line again gives 412.`,
    ...(token.kind === 'none' || known !== undefined ? [] : ["  Before that: SCIM_TOKEN='the token'"]),
    '',
    ...curlLines(url, token.kind === 'none' ? undefined : (known ?? '$SCIM_TOKEN'), ada).map((line) => value(line)),
    '',
    `  ${title('Microsoft Entra ID')}  (enterprise application › Provisioning › Admin credentials; it needs a public https address)`,
    `    Tenant URL     ${url}`,
    `    Secret Token   ${secret}`,
    ...(entra ? [] : ['    Start with --interop entra to pass its validator as well.']),
    '',
    `  ${title('Okta')}  (application › Provisioning › SCIM connection; it needs a public https address)`,
    `    SCIM connector base URL             ${url}`,
    '    Unique identifier field for users   userName',
    '    Authentication mode                 HTTP Header',
    `    Authorization: Bearer               ${secret}`,
    '',
    '',
  ].join('\n')
}

function inWords({ kind }: TokenState): string {
  if (kind === 'none') return 'none, every client is accepted'
  return kind === 'concurrent'
    ? `the token that another process has just generated (${hint})`
    : `the token of an earlier start (${hint})`
}

/**
 * Three lines for one shell: the first stores the new user's address, the second its ETag, so that the third is a
 * conditional update. `sed` also prints the responses. The token may be a variable of the shell.
 */
export function curlLines(url: string, token: string | undefined, userName: string): readonly [string, string, string] {
  const curl = `curl -si -w '\\n'${token === undefined ? '' : ` -H "Authorization: Bearer ${token}"`}`
  const json = "-H 'Content-Type: application/scim+json'"
  const user = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })
  const change =
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Countess"}]}'
  const keep = (header: string) => `| tr -d '\\r' | sed -n -e 'w /dev/stderr' -e 's/^${header}: //p'`
  return [
    `user=$(${curl} ${json} -d '${user}' '${url}/Users' ${keep('Location')})`,
    `etag=$(${curl} "$user" ${keep('ETag')})`,
    `${curl} -X PATCH ${json} -H "If-Match: $etag" -d '${change}' "$user"`,
  ]
}
