import { createScim, type JsonObject, type TenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'

const progressInterval = 2_000

/** Options of {@link seedUsers}. */
export interface Seeding {
  readonly count: number
  readonly tenant: TenantId
  /** Number of concurrent writes: more than one only if a write waits for another machine. */
  readonly atOnce: number
  /** Called about every two seconds with the number of users done so far. */
  readonly progress: (done: number) => void
}

/** The result of seeding. */
export interface Seeded {
  readonly made: number
  /** Users that existed already, created by another client or an earlier start. */
  readonly skipped: number
}

/**
 * Creates users `user0` … through the public operations of the core, so that they equal users that a client created.
 * Existing users stay unchanged. Emits no events.
 */
export async function seedUsers(
  provider: ResourceProvider,
  { count, tenant, atOnce, progress }: Seeding,
): Promise<Seeded> {
  const scim = createScim({ provider })
  const context = scim.context({ tenant, principal: 'seed' })
  let next = 0
  let made = 0
  let skipped = 0
  let reported = performance.now()

  async function isThere(i: number): Promise<boolean> {
    const search = { filter: `userName eq "user${i}"`, count: 0 }
    const { value } = await scim.perform({ kind: 'query', type: 'User', search }, context)
    return (value.totalResults ?? 0) > 0
  }

  async function isMade(i: number): Promise<boolean> {
    const outcome = await scim.perform({ kind: 'create', type: 'User', body: seedUser(i) }, context)
    return outcome.kind === 'created'
  }

  async function seedInTurn(): Promise<void> {
    // Existing users are usually consecutive, and a query is cheaper than a rejected write.
    let askFirst = false
    while (next < count) {
      const i = next++
      askFirst = (askFirst && (await isThere(i))) || !(await isMade(i))
      if (askFirst) skipped += 1
      else made += 1
      if (performance.now() - reported < progressInterval) continue
      reported = performance.now()
      progress(made + skipped)
    }
  }

  await Promise.all(Array.from({ length: atOnce }, seedInTurn))
  return { made, skipped }
}

const givenNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Tony', 'Frances', 'Leslie']
const familyNames = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Hoare', 'Allen']
const departments = ['Engineering', 'Finance', 'Legal', 'Marketing', 'Operations', 'Research', 'Sales']

/** The user with a number, about 1 KB; always the same for the same number. */
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
