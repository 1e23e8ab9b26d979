import type { Answer } from '../../stage/wire.js'
import {
  acmeOf,
  type Caller,
  globexOf,
  group,
  idIn,
  need,
  patch,
  type Scene,
  type SendOptions,
  user,
} from '../scene.js'

/** Every way that we know to reach the other tenant, beside the same request for something that does not exist. */
export async function reachingTheOther(scene: Scene): Promise<void> {
  const { story, made } = scene
  const [acme, globex] = [acmeOf(scene), globexOf(scene)]
  story.chapter('Reaching the other tenant')
  story.say(
    'Acme now tries to reach ada of globex. Each request is sent twice: with something of globex, and with something that no ' +
      'tenant has. If a tenant could distinguish the two answers, it would learn something.',
  )
  const found = await globex.send('GET', '/Users')
  const [ada] = found.body.Resources as readonly { readonly id: string; readonly meta: { readonly version: string } }[]
  const id = need(ada).id
  const unknown = `${id.slice(0, -4)}0000`
  const own = await acme.send('GET', `/Users?filter=${encodeURIComponent('userName eq "grace@example.com"')}`)
  const grace = (own.body.Resources as readonly { readonly id: string }[])[0]?.id ?? ''
  const team = idIn(await acme.send('POST', '/Groups', group('Team', [grace])))
  const page = await globex.send('GET', '/Users?cursor&count=1')
  // One more user, so that there is a next page.
  await globex.send('POST', '/Users', user('niklaus@example.com'))
  const cursor = String((await globex.send('GET', '/Users?cursor&count=1')).body.nextCursor ?? page.body.nextCursor)
  const tag = need(ada).meta.version

  const attempts: readonly (readonly [string, (named: string) => Promise<Answer>, string, string])[] = [
    ['read by id', (named) => acme.send('GET', `/Users/${named}`), id, unknown],
    ['replace by id', (named) => acme.send('PUT', `/Users/${named}`, user('taken@example.com')), id, unknown],
    [
      'deactivate by id',
      (named) => acme.send('PATCH', `/Users/${named}`, patch({ op: 'replace', path: 'active', value: false })),
      id,
      unknown,
    ],
    ['delete by id', (named) => acme.send('DELETE', `/Users/${named}`), id, unknown],
    [
      'delete with the right tag',
      (named) => acme.send('DELETE', `/Users/${named}`, undefined, { headers: { 'If-Match': tag } }),
      id,
      unknown,
    ],
    [
      'filter by id',
      (named) => acme.send('GET', `/Users?filter=${encodeURIComponent(`id eq "${named}"`)}`),
      id,
      unknown,
    ],
    [
      'search at the root',
      (named) =>
        acme.send('POST', '/.search', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
          filter: `id eq "${named}"`,
        }),
      id,
      unknown,
    ],
    ['member of an own group', (named) => addAndRead(acme, team, named), id, unknown],
    [
      'group with the member',
      (named) =>
        acme.send('GET', `/Groups?filter=${encodeURIComponent(`members[value eq "${named}" and display pr]`)}`),
      id,
      unknown,
    ],
    [
      'bulk',
      (named) =>
        acme.send('POST', '/Bulk', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: [{ method: 'DELETE', path: `/Users/${named}` }],
        }),
      id,
      unknown,
    ],
    [
      'cursor',
      (named) => acme.send('GET', `/Users?count=1&cursor=${encodeURIComponent(named)}`),
      cursor,
      `${cursor.slice(0, -4)}AAAA`,
    ],
    ['the address of the other', (named) => acme.send('GET', '/Users', undefined, at(named)), 'globex', 'initech'],
    ['a user at that address', (named) => acme.send('GET', `/Users/${id}`, undefined, at(named)), 'globex', 'initech'],
    [
      'the token of the other, altered',
      (named) => scene.plain('GET', '/scim/globex/v2/Users', { headers: { Authorization: `Bearer ${named}` } }),
      altered(globex.token),
      altered(acme.token),
    ],
    [
      'metadata of OAuth',
      (named) => scene.plain('GET', `/.well-known/oauth-authorization-server/scim/${named}`),
      'globex',
      'initech',
    ],
  ]
  const lines: string[] = []
  for (const [name, attempt, theirs, none] of attempts) {
    const [seen, expected] = [await attempt(theirs), await attempt(none)]
    if (comparable(seen, theirs) !== comparable(expected, none)) {
      throw new Error(`${name}: ${comparable(seen, theirs)} instead of ${comparable(expected, none)}`)
    }
    lines.push(`${name.padEnd(34)} ${seen.status}   the same for both`)
  }
  story.show(...lines)
  story.check('attempts with two equal answers', lines.length, attempts.length)
  const after = await globex.send('GET', `/Users/${id}`)
  story.check('ada of globex has not changed', (after.body.meta as { readonly version: string }).version, tag)
  story.check('her groups: none', after.body.groups, undefined)
  story.check(
    'an auditor of globex cannot use the address of acme: 401',
    (await need(made.auditor).send('GET', '/Users', undefined, at('acme'))).status,
    401,
  )
}

const at = (tenant: string): SendOptions => ({ at: tenant })

// The member is stored by its id, as a member that may exist later; nothing about it is found out.
async function addAndRead(acme: Caller, team: string, id: string): Promise<Answer> {
  await acme.send('PATCH', `/Groups/${team}`, patch({ op: 'add', path: 'members', value: [{ value: id }] }))
  const answer = await acme.send('GET', `/Groups/${team}`)
  await acme.send('PATCH', `/Groups/${team}`, patch({ op: 'remove', path: `members[value eq "${id}"]` }))
  return answer
}

function altered(token: string): string {
  return `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
}

// Times and tags of an own resource differ between two requests.
function comparable({ status, body }: Answer, named: string): string {
  return `${status} ${JSON.stringify(body)}`
    .replaceAll(named, '…')
    .replace(/W\/\\"[^"]*"/g, '(tag)')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)')
}
