import { createScim, type JsonObject, type ResourceProvider, type TenantId } from '@scimkit/core'

const everySoOften = 2_000

/**
 * Makes users `user0` … through the front of the core, as a client would, so that they are what a client would have
 * made. Tells no events; `progress` hears the count about every two seconds. Throws if one of them is there already.
 */
export async function seedUsers(
  provider: ResourceProvider,
  count: number,
  tenant: TenantId,
  progress: (made: number) => void,
): Promise<void> {
  const scim = createScim({ provider })
  const context = scim.context({ tenant, principal: 'seed' })
  let told = performance.now()
  for (let i = 0; i < count; i++) {
    const outcome = await scim.perform({ kind: 'create', type: 'User', body: seedUser(i) }, context)
    if (outcome.kind !== 'created') throw new Error(`user${i} could not be made: ${outcome.kind}`)
    if (performance.now() - told < everySoOften) continue
    told = performance.now()
    progress(i + 1)
  }
}

const givenNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Tony', 'Frances', 'Leslie']
const familyNames = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Hoare', 'Allen']
const departments = ['Engineering', 'Finance', 'Legal', 'Marketing', 'Operations', 'Research', 'Sales']

/** The user of one number, about 1 KB; always the same. */
export function seedUser(i: number): JsonObject {
  const givenName = pick(givenNames, i)
  const familyName = pick(familyNames, i)
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    userName: `user${i}`,
    externalId: `seed-${i}`,
    name: { formatted: `${givenName} ${familyName}`, givenName, familyName },
    displayName: `${givenName} ${familyName} (${i})`,
    title: 'Member of Staff',
    userType: 'Employee',
    preferredLanguage: 'en-GB',
    locale: 'en-GB',
    timezone: 'Europe/London',
    active: i % 10 !== 9,
    emails: [
      { value: `user${i}@example.com`, type: 'work', primary: true },
      { value: `user${i}@home.example`, type: 'home' },
    ],
    phoneNumbers: [{ value: `tel:+44-20-7946-${String(i % 10_000).padStart(4, '0')}`, type: 'work' }],
    addresses: [
      {
        streetAddress: `${(i % 200) + 1} St James's Square`,
        locality: 'London',
        region: 'England',
        postalCode: 'SW1Y 4LE',
        country: 'GB',
        type: 'work',
        primary: true,
      },
    ],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      employeeNumber: String(100_000 + i),
      department: pick(departments, i),
      organization: 'Example Ltd',
      costCenter: String(4_000 + (i % 50)),
    },
  }
}

const pick = (list: readonly string[], i: number): string => list[i % list.length] ?? ''
