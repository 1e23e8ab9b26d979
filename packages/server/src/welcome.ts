import { randomBytes } from 'node:crypto'
import type { TokenState } from './admission.js'
import { painter } from './paint.js'

/** What there is to tell about a server's data and token. */
export interface StartFacts {
  readonly token: TokenState
  /** Where the data is. */
  readonly place: string
  /** Whether it is still there when the server is not. */
  readonly durable: boolean
}

/** What there is to tell about a running server. */
export interface WelcomeFacts extends StartFacts {
  readonly url: string
  /** Whether the server was started as Entra ID likes it best. */
  readonly entra: boolean
}

const holds = 'only its hash is kept; --new-token makes another'

/** The few lines for a log: where the data is, and a token that nobody knows yet. */
export function startLines({ token, place, durable }: StartFacts): readonly string[] {
  return [...(durable ? [`data ${place}`] : []), ...tokenLines(token, durable)]
}

function tokenLines(token: TokenState, durable: boolean): readonly string[] {
  switch (token.kind) {
    case 'everybody':
    case 'given':
      return []
    case 'made':
      return [
        `token ${token.token}`,
        ...(durable ? [`The token is shown this once and holds from now on: ${holds}.`] : []),
      ]
    case 'kept':
      return [`The token of an earlier start holds: ${holds}.`]
    case 'rival':
      return [`Another process has just made the token, and shows it: ${holds}.`]
  }
}

/** What somebody who has just started the server wants to read: lines to paste, and what to enter where. */
export function welcomeText({ url, token, place, durable, entra }: WelcomeFacts, colour: boolean): string {
  const paint = painter(colour)
  const title = (text: string) => paint('bold', text)
  const value = (text: string) => paint('cyan', text)
  const known = 'token' in token ? token.token : undefined
  const secret = known === undefined ? inWords(token) : value(known)
  // Somebody may have tried it at an earlier start, and then the name is taken.
  const ada = durable ? `ada-${randomBytes(3).toString('hex')}@example.com` : 'ada@example.com'
  const note = token.kind === 'made' && durable ? [`                 shown this once, holds from now on; ${holds}`] : []
  return [
    '',
    `  ${title('ScimKit')} is at  ${value(url)}`,
    `  Data           ${durable ? value(place) : 'in memory, gone when this stops'}`,
    `  Bearer token   ${secret}`,
    ...note,
    '',
    `  ${title('Try it')}: create a user, read it with its ETag, change it if nobody else has. The last line pasted again gives 412.`,
    ...(token.kind === 'everybody' || known !== undefined ? [] : ["  Before that: SCIM_TOKEN='the token'"]),
    '',
    ...curlLines(url, token.kind === 'everybody' ? undefined : (known ?? '$SCIM_TOKEN'), ada).map((line) =>
      value(line),
    ),
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
  if (kind === 'everybody') return 'none, everybody is let in'
  return kind === 'rival'
    ? `the one that another process has just made (${holds})`
    : `that of an earlier start (${holds})`
}

/**
 * Three lines for one shell: the first keeps the new user's address, the second its ETag, so the third is a
 * conditional update. On their way through `sed` the answers are shown. The token may be a variable of the shell.
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
