/** The people of a company, as a payroll system would export them: the same ones each time. */
import type { Draft, User } from '@scimkit/client'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const given = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Tony', 'Frances', 'Leslie', 'Margaret']
const family = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Hoare', 'Allen', 'Lamport']
const departments = ['Engineering', 'Finance', 'Legal', 'Marketing', 'Operations', 'Research', 'Sales']

/** The prefix of every payroll number. */
export const prefix = 'payroll-'

/** Person number `i`. The payroll number is the `externalId`: it identifies the person even if the name changes. */
export function person(i: number): Draft<User> & { readonly userName: string; readonly externalId: string } {
  const [givenName = '', familyName = ''] = [given[i % given.length], family[i % family.length]]
  return {
    userName: `employee${i}@example.com`,
    externalId: `${prefix}${i}`,
    name: { givenName, familyName },
    displayName: `${givenName} ${familyName}`,
    active: true,
    emails: [{ value: `employee${i}@example.com`, type: 'work', primary: true }],
    [enterprise]: { employeeNumber: String(i), department: departments[i % departments.length] ?? '' },
  }
}
