import { Command, Option } from 'commander'
import {
  addConnectionFlags,
  addExpires,
  addScopes,
  type CredentialFlags,
  credentialIn,
  type OAuthFlag,
  oauthIn,
  parseOAuth,
} from './connection-flags.js'
import { type ConnectionRun, inStore, print } from './connection-run.js'

interface CreateFlags extends CredentialFlags {
  readonly name: string
  /** Undefined: a static token, unless `--oauth` is given. */
  readonly token?: boolean
  readonly oauth?: OAuthFlag
}

/** The command `connection create`. */
export function createCommand(run: ConnectionRun): Command {
  const command = addConnectionFlags(
    new Command('create').description('Create a connection, and print its token or client secret.'),
    'the tenant that it belongs to',
  )
  addScopes(addExpires(command, 'token or client secret'), 'what it permits: scim or scim.read (default: scim)')
    .requiredOption('--name <text>', 'a name for people, such as Okta')
    .option('--token', 'create a static token (default: unless --oauth is given)')
    .option('--no-token', 'create no static token')
    .addOption(
      new Option(
        '--oauth <how>',
        'access tokens by client credentials: secret, jwks-url=URL, issuer=URL or trust=FILE; may be repeated',
      ).argParser(parseOAuth),
    )
  return command.action(async (flags: CreateFlags) => {
    const { tenant, name, oauth, token = oauth === undefined, json } = flags
    if (tenant === undefined) return command.error("error: required option '--tenant <name>' not specified")
    const { expires, scopes } = credentialIn(flags)
    const created = await inStore(run, flags, command, (connections) =>
      connections.create({
        tenant,
        name,
        ...(scopes !== undefined && { scopes }),
        token: token && { expires },
        ...(oauth !== undefined && { oauth: oauthIn(oauth, expires) }),
      }),
    )
    const texts = [created.token?.text, created.secret?.text].filter((text) => text !== undefined)
    print(flags, created, () => texts.map((text) => `${text}\n`).join(''))
    if (json === true) return
    const { id } = created.connection
    run.terminal.say(`Created connection ${id} of tenant ${tenant}.`)
    if (oauth !== undefined) run.terminal.say(`client_id: ${id}`)
    if (texts.length > 0) run.terminal.say('Its credentials are shown once and cannot be printed again.')
  })
}
