/** The fixture of every chapter: the application, an identity provider, a browser, and a chat product. */
import type { Story } from '../stage/story.js'
import { type Answer, wireTo } from '../stage/wire.js'
import type { AppProcess } from './app-process.js'
import type { Chat } from './chat.js'

/** The SCIM client of the identity provider. Every function sends one request. */
export interface IdentityProvider {
  create(userName: string, attributes?: Readonly<Record<string, unknown>>): Promise<Answer>
  /** With the operation in its lines. */
  patch(id: string, operation: Readonly<Record<string, unknown>>): Promise<Answer>
  delete(id: string): Promise<Answer>
  send(method: string, path: string, body?: unknown): Promise<Answer>
}

/** A browser, at the URLs of the application. */
export interface Browser {
  login(userName: string): Promise<Answer>
  /** A request with the session cookie. */
  me(session: string): Promise<Answer>
  refresh(token: string): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string): Promise<Answer>
}

/** A person, with what the browser received at login. */
export interface Person {
  readonly id: string
  readonly userName: string
  readonly session: string
  readonly refresh: string
}

/** What the chapters use. */
export interface Scene {
  readonly story: Story
  readonly provider: IdentityProvider
  readonly browser: Browser
  readonly chat: Chat
  readonly app: AppProcess
  /** Starts the process of the application again, after it was killed. */
  restart(): Promise<void>
}

/** A part of the story. Throws if one of its statements is false. */
export type Chapter = (scene: Scene) => Promise<void>

/** The application at the URL that `url` returns now. */
export function clientsOf(url: () => string): Pick<Scene, 'provider' | 'browser'> {
  const send = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown) =>
    wireTo(url().slice(0, -'/scim/v2'.length))(method, path, { headers, body })
  const scim = (method: string, path: string, body?: unknown) => send(method, `/scim/v2${path}`, {}, body)
  return {
    provider: {
      send: scim,
      create: (userName, attributes) =>
        scim('POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...attributes }),
      async patch(id, operation) {
        const answer = await scim('PATCH', `/Users/${id}`, {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [operation],
        })
        const [request = '', ...rest] = answer.lines
        return { ...answer, lines: [request, `  ${JSON.stringify(operation)}`, ...rest] }
      },
      delete: (id) => scim('DELETE', `/Users/${id}`),
    },
    browser: {
      login: (userName) => send('POST', `/login?user=${encodeURIComponent(userName)}`),
      me: (session) => send('GET', '/me', { Cookie: `session=${session}` }),
      refresh: (token) => send('POST', '/refresh', { Authorization: `Bearer ${token}` }),
      get: (path) => send('GET', path),
      post: (path) => send('POST', path),
    },
  }
}

/** Creates a user who has logged in, and whom the chat product knows. */
export async function employed(
  { provider, browser, chat }: Scene,
  userName: string,
  attributes?: Readonly<Record<string, unknown>>,
): Promise<Person> {
  const { body } = await provider.create(userName, attributes)
  const id = String(body.id)
  const { body: access } = await browser.login(userName)
  await chat.until((received) => received.id === id && received.result === 'stored')
  return { id, userName, session: String(access.session), refresh: String(access.refresh) }
}

/** The operation with which Entra ID deactivates a user, and activates one again. */
export function entraActive(active: boolean): Readonly<Record<string, unknown>> {
  return { op: 'Replace', path: 'active', value: active ? 'True' : 'False' }
}

/** What the chat product received about one person, a line each. */
export function linesOf({ received }: Chat, id: string): readonly string[] {
  return received
    .filter((one) => one.id === id)
    .map(({ userName, active, result }) => `chat  ${userName.padEnd(8)} ${active ? 'active  ' : 'inactive'}  ${result}`)
}
