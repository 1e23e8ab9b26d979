/** Merges payroll's attributes into an existing user. Attributes from other sources stay. */
import type { Draft, User } from '@scimkit/client'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Email = NonNullable<User['emails']>[number]

/** The user with payroll's attributes: a middle name, a manager or a second e-mail that payroll does not have stay. */
export function mergePayroll(there: User, given: Draft<User>): User {
  return {
    ...there,
    ...given,
    // Payroll only activates new users. A user that was deactivated since stays inactive.
    active: there.active,
    name: over(there.name, given.name),
    emails: given.emails === undefined ? there.emails : given.emails.reduce(withEmail, there.emails ?? []),
    [enterprise]: over(there[enterprise], given[enterprise]),
  }
}

function over<Complex extends object>(there: Complex | undefined, given: Complex | undefined): Complex | undefined {
  return given === undefined ? there : { ...there, ...given }
}

function withEmail(there: readonly Email[], given: Email): readonly Email[] {
  const old = sameAddress(there, given) ?? onlyOfItsType(there, given)
  const others = there.filter((email) => email !== old)
  // At most one e-mail can be primary; an existing primary one is kept.
  const isTaken = others.some(({ primary }) => primary === true)
  const email = { ...old, ...given, primary: isTaken ? old?.primary : given.primary }
  return old === undefined ? [...there, email] : there.map((each) => (each === old ? email : each))
}

function sameAddress(there: readonly Email[], given: Email): Email | undefined {
  return there.find(({ value }) => value?.toLowerCase() === given.value?.toLowerCase())
}

// With several e-mails of the type it is ambiguous which one to replace, so the new one is added.
function onlyOfItsType(there: readonly Email[], given: Email): Email | undefined {
  const [first, ...more] = there.filter(({ type }) => type !== undefined && type === given.type)
  return more.length === 0 ? first : undefined
}
