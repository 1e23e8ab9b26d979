/** Random rules, against a model that decides for each attribute by itself. The seed is in the report of a failure. */
import { expect, test } from '@jest/globals'
import {
  type AttributeMask,
  type Authorizer,
  allow,
  createScim,
  type Scim,
  type ScimContext,
  tenantId,
} from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import fc from 'fast-check'
import { composeAuthorizers, permissions } from '../../src/index.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** Every attribute of the document with a value of its own: its path, and the paths that contain it. */
const leaves: Readonly<Record<string, readonly string[]>> = {
  title: [],
  nickName: [],
  'name.givenName': ['name'],
  'name.familyName': ['name'],
  [`${enterprise}:department`]: [enterprise],
  [`${enterprise}:costCenter`]: [enterprise],
}
const paths = [...new Set(Object.entries(leaves).flatMap(([leaf, around]) => [leaf, ...around]))]

const mask: fc.Arbitrary<AttributeMask> = fc.oneof(
  fc.record({ only: fc.subarray(paths) }),
  fc.record({ except: fc.subarray(paths) }),
)
const rule = fc.record({ readable: fc.option(mask), writable: fc.option(mask) })
const scopes = fc.array(fc.array(rule, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })

function allows(given: AttributeMask | null, leaf: string): boolean {
  if (given === null) return true
  const isNamed = [leaf, ...(leaves[leaf] ?? [])].some((path) => (given.only ?? given.except)?.includes(path))
  return given.only === undefined ? !isNamed : isNamed
}

const body = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
  userName: 'ada',
  title: 'x',
  nickName: 'x',
  name: { givenName: 'x', familyName: 'x' },
  [enterprise]: { department: 'x', costCenter: 'x' },
}

interface Place {
  readonly scim: Scim
  readonly context: ScimContext
  readonly id: string
  decide(authorize: Authorizer): void
}

async function place(): Promise<Place> {
  let decide: Authorizer = () => allow
  const scim = createScim({ provider: memoryProvider(), authorize: (request, context) => decide(request, context) })
  const context = { ...scim.context({ tenant: tenantId('t') }), scopes: ['a', 'b', 'c'] }
  const made = await scim.perform({ kind: 'create', type: 'User', body }, context)
  if (made.kind !== 'created') throw new Error('not created')
  const authorizer = (authorize: Authorizer): void => {
    decide = authorize
  }
  return { scim, context, id: made.value.ref.id, decide: authorizer }
}

async function expectRights(
  { scim, context, id }: Place,
  canRead: (leaf: string) => boolean,
  canWrite: (leaf: string) => boolean,
): Promise<void> {
  const ref = { type: 'User', id }
  const got = await scim.perform({ kind: 'get', ref }, context)
  const shown = JSON.stringify(got.kind === 'success' ? got.value.resource : undefined)
  for (const leaf of Object.keys(leaves)) {
    const name = leaf.slice(Math.max(leaf.lastIndexOf('.'), leaf.lastIndexOf(':')) + 1)
    expect([leaf, shown.includes(`"${name}":"x"`)]).toEqual([leaf, canRead(leaf)])
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [
        { op: 'replace', path: leaf, value: 'y' },
        { op: 'replace', path: leaf, value: 'x' },
      ],
    }
    const change = { ...patch, Operations: patch.Operations.slice(0, 1) }
    const refused = await scim.perform({ kind: 'patch', ref, body: change }, context).then(
      () => false,
      () => true,
    )
    expect([leaf, refused]).toEqual([leaf, !canWrite(leaf)])
    if (!refused) {
      const back = { ...patch, Operations: patch.Operations.slice(1) }
      await scim.perform({ kind: 'patch', ref, body: back }, context)
    }
    const filter = { kind: 'query', type: 'User', search: { filter: `${leaf} pr` } } as const
    const asked = await scim.perform(filter, context).then(
      () => true,
      () => false,
    )
    expect([leaf, asked]).toEqual([leaf, canRead(leaf)])
  }
}

const asData = (
  rules: readonly { readonly readable: AttributeMask | null; readonly writable: AttributeMask | null }[],
) =>
  rules.map(({ readable, writable }) => ({
    types: ['User'],
    ...(readable !== null && { readable }),
    ...(writable !== null && { writable }),
  }))

test('scopes together: an attribute may be read, and changed, if a rule of one of them allows it', async () => {
  const at = await place()
  await fc.assert(
    fc.asyncProperty(scopes, async (given) => {
      const names = ['a', 'b', 'c']
      const scoped = Object.fromEntries(given.map((rules, i) => [names[i] ?? '', asData(rules)]))
      at.decide(permissions({ scopes: scoped }))
      await expectRights(
        at,
        (leaf) => given.flat().some(({ readable }) => allows(readable, leaf)),
        (leaf) => given.flat().some(({ writable }) => allows(writable, leaf)),
      )
    }),
    { numRuns: 150 },
  )
})

test('authorizers together: an attribute may be read, and changed, if all of them allow it', async () => {
  const at = await place()
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 3 }), async (given) => {
      at.decide(composeAuthorizers(...given.map((one) => permissions({ scopes: { a: asData([one]) } }))))
      await expectRights(
        at,
        (leaf) => given.every(({ readable }) => allows(readable, leaf)),
        (leaf) => given.every(({ writable }) => allows(writable, leaf)),
      )
    }),
    { numRuns: 100 },
  )
})
