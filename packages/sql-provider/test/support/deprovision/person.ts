/**
 * One user through an identity provider: created, logged in, deactivated, activated again, deleted. Each response is compared with
 * what the sessions of the user do at that moment. A request whose response was lost is repeated until its outcome is known.
 */
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { type Request, responseTo, type Send } from './requests.js'

/** What is known about a user at the end. */
export interface Person {
  readonly id: string
  /** The values of `active` after each of its changes, false for its removal: what the outside system has to receive. */
  readonly states: boolean[]
  /** The sessions and refresh tokens that have to exist. */
  readonly access: { readonly session: string; readonly refresh: string }[]
}

/** What all users report. */
export interface Report {
  /** Acknowledged deactivations and deletes. */
  acknowledged: number
  /** Requests without a response. */
  unanswered: number
  readonly violations: string[]
  readonly people: Person[]
  /** Called at once after each acknowledged deactivation or delete. */
  onAcknowledged(): void
}

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The life of one user, with random turns. */
export async function live(userName: string, send: Send, random: SeededRandom, report: Report): Promise<void> {
  const person: Person = { id: await create(), states: [true], access: [] }
  report.people.push(person)
  const path = `/scim/v2/Users/${person.id}`
  const past: Person['access'] = []
  await login()
  for (let turns = random.below(3); turns > 0; turns--) {
    await setActive(false)
    await setActive(true)
    await login()
  }
  if (random.oneIn(4)) return
  if (random.oneIn(3)) return remove()
  await setActive(false)
  if (random.oneIn(2)) await remove()

  function complain(what: string): void {
    report.violations.push(`${userName}: ${what}`)
  }

  async function create(): Promise<string> {
    for (;;) {
      const made = await send('POST', '/scim/v2/Users', { body: { schemas: [userSchema], userName } })
      if (made?.status === 201) return String(made.body.id)
      report.unanswered += 1
      const filter = encodeURIComponent(`userName eq "${userName}"`)
      const { body } = await responseTo(send, 'GET', `/scim/v2/Users?filter=${filter}`)
      const [found] = body.Resources as readonly { readonly id: string }[]
      if (found !== undefined) return found.id
    }
  }

  async function login(): Promise<void> {
    const { status, body } = await responseTo(send, 'POST', `/login?user=${userName}`)
    if (status !== 200) return complain(`login of an active user: ${status}`)
    const access = { session: String(body.session), refresh: String(body.refresh) }
    person.access.push(access)
    await expectAccess(person.access, true)
  }

  /** Every session works, or none; the same for every refresh token. */
  async function expectAccess(access: Person['access'], works: boolean): Promise<void> {
    for (const { session, refresh } of access) {
      const me = await responseTo(send, 'GET', '/me', { headers: { Cookie: `session=${session}` } })
      if (me.status !== (works ? 200 : 401))
        complain(`a session of ${works ? 'an active' : 'an inactive'} user: ${me.status}`)
      if (works) continue
      const token = await responseTo(send, 'POST', '/refresh', { headers: { Authorization: `Bearer ${refresh}` } })
      if (token.status !== 401) complain(`a refresh token of an inactive user: ${token.status}`)
    }
  }

  /** After a lost response the user is active with its sessions, or inactive without: nothing in between. */
  async function compare(): Promise<void> {
    report.unanswered += 1
    const { status, body } = await responseTo(send, 'GET', path)
    const isActive = status === 200 && body.active !== false
    if (person.states.at(-1) === true) await expectAccess(person.access, isActive)
  }

  async function setActive(active: boolean): Promise<void> {
    const { status, body } = await responseTo(send, ...changeTo(active), compare)
    if (status !== 200 || body.active !== active) return complain(`active: ${active} was answered ${status}`)
    person.states.push(active)
    if (active) return expectAccess(past, false)
    await ended()
  }

  async function remove(): Promise<void> {
    const { status } = await responseTo(send, 'DELETE', path, {}, compare)
    // 404: an earlier DELETE without a response had removed it.
    if (status !== 204 && status !== 404) return complain(`DELETE was answered ${status}`)
    person.states.push(false)
    await ended()
  }

  async function ended(): Promise<void> {
    report.acknowledged += 1
    report.onAcknowledged()
    past.push(...person.access.splice(0))
    await expectAccess(past, false)
  }

  function changeTo(active: boolean): [method: string, path: string, request: Request] {
    const patch = (operation: object): [string, string, Request] => [
      'PATCH',
      path,
      { body: { schemas: [patchSchema], Operations: [operation] } },
    ]
    switch (random.below(3)) {
      case 0:
        return patch({ op: 'Replace', path: 'active', value: active ? 'True' : 'False' })
      case 1:
        return patch({ op: 'replace', value: { active } })
      default:
        return ['PUT', path, { body: { schemas: [userSchema], userName, active } }]
    }
  }
}
