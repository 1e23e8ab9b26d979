import { createClient, failureOf, unwrapUpdate } from '@scimkit/client'
import { tenantFromPath, tenantId, withTenant } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { listen } from '../../stage/serve.js'
import { wireTo } from '../../stage/wire.js'
import { partsOf, type Scene } from '../scene.js'

/** Two customers on one server: one name twice, ids that the other tenant does not have, separate versions. */
export async function twoTenants({ story }: Scene): Promise<void> {
  story.chapter('Two tenants')
  story.say('A server for two customers. The path names the tenant, and the token must be of that tenant:')
  const tokens = new Map(['acme', 'globex'].map((name) => [`token-of-${name}`, { tenant: tenantId(name) }]))
  const authenticate = withTenant(tenantFromPath(), (request) =>
    tokens.get((request.header('authorization') ?? '').slice('Bearer '.length)),
  )
  const router = scimRouter({ provider: memoryProvider(), authenticate, basePath: '/scim/:tenant/v2' })
  const served = await listen(express().use(router))
  const { origin } = new URL(served.url)
  try {
    const clientOf = (tenant: string, token = tenant) =>
      createClient(`${origin}/scim/${tenant}/v2`, { token: `token-of-${token}` })
    const [acme, globex] = [clientOf('acme'), clientOf('globex')]
    const ada = await acme.users.create({ userName: 'ada' })
    const other = await globex.users.create({ userName: 'ada' })
    story.show(
      `acme    ada ${ada.id}  ${ada.meta?.version ?? ''}`,
      `globex  ada ${other.id}  ${other.meta?.version ?? ''}`,
    )
    story.check('both have a user ada, with different ids', ada.id === other.id, false)

    const kindOf = async (work: Promise<unknown>): Promise<string | undefined> =>
      work.then(
        () => 'success',
        (error: unknown) => failureOf(error)?.kind,
      )
    story.check('an id of acme is 404 in globex', await kindOf(globex.users.get(ada.id)), 'notFound')
    const ifMatch = ada.meta?.version ?? ''
    story.check('also with its current version', await kindOf(globex.users.delete(ada.id, { ifMatch })), 'notFound')

    const countess = unwrapUpdate(await acme.users.update(ada.id, (user) => ({ ...user, title: 'Countess' })))
    const still = await globex.users.get(other.id)
    story.check(
      'a change in acme makes version 2 there, and none in globex',
      [partsOf(countess.meta?.version ?? '').generation, still.meta?.version],
      ['2', other.meta?.version],
    )
    const foreignVersion = globex.users.delete(other.id, { ifMatch: countess.meta?.version ?? '' })
    story.check('a version of acme matches nothing in globex', await kindOf(foreignVersion), 'versionMismatch')

    const bearer = { headers: { Authorization: 'Bearer token-of-globex' } }
    const foreign = await wireTo(`${origin}/scim/acme/v2`)('GET', '/Users', bearer)
    const unknown = await wireTo(`${origin}/scim/nobody/v2`)('GET', '/Users', bearer)
    story.say('The token of globex at the address of acme, and at one that no customer has:')
    story.check('both are 401, with the same body', [foreign.status, foreign.body], [401, unknown.body])
  } finally {
    await served.close()
  }
}
