import { painter } from './paint.js'

/** What there is to tell about a running server. */
export interface WelcomeFacts {
  readonly url: string
  /** Undefined when everybody is let in. */
  readonly token: string | undefined
  /** Whether the server was started as Entra ID likes it best. */
  readonly entra: boolean
}

/** What somebody who has just started the server wants to read: lines to paste, and what to enter where. */
export function welcomeText({ url, token, entra }: WelcomeFacts, colour: boolean): string {
  const paint = painter(colour)
  const title = (text: string) => paint('bold', text)
  const value = (text: string) => paint('cyan', text)
  const secret = token === undefined ? 'none, everybody is let in' : value(token)
  return [
    '',
    `  ${title('ScimKit')} is at  ${value(url)}`,
    `  Bearer token   ${secret}`,
    '',
    `  ${title('Try it')}: create a user, read it with its ETag, change it if nobody else has. The last line pasted again gives 412.`,
    '',
    ...curlLines(url, token).map((line) => value(line)),
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

/**
 * Three lines for one shell: the first keeps the new user's address, the second its ETag, so the third is a
 * conditional update. On their way through `sed` the answers are shown.
 */
export function curlLines(url: string, token: string | undefined): readonly [string, string, string] {
  const curl = `curl -si -w '\\n'${token === undefined ? '' : ` -H 'Authorization: Bearer ${token}'`}`
  const json = "-H 'Content-Type: application/scim+json'"
  const ada = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com"}'
  const change =
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Countess"}]}'
  const keep = (header: string) => `| tr -d '\\r' | sed -n -e 'w /dev/stderr' -e 's/^${header}: //p'`
  return [
    `user=$(${curl} ${json} -d '${ada}' '${url}/Users' ${keep('Location')})`,
    `etag=$(${curl} "$user" ${keep('ETag')})`,
    `${curl} -X PATCH ${json} -H "If-Match: $etag" -d '${change}' "$user"`,
  ]
}
