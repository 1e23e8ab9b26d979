/** Payroll's attributes, laid over somebody who is there already. What others have given them beside those stays. */
import type { Draft, User } from '@scimkit/client'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Email = NonNullable<User['emails']>[number]

/** That user as payroll has them: a middle name, a manager or a second e-mail that payroll knows nothing of stay. */
export function laidOver(there: User, given: Draft<User>): User {
  return {
    ...there,
    ...given,
    // Payroll says it of those who come. Whoever has been switched off since stays off.
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
  // One can be the primary at most, and somebody has said which.
  const isTaken = others.some(({ primary }) => primary === true)
  const email = { ...old, ...given, primary: isTaken ? old?.primary : given.primary }
  return old === undefined ? [...there, email] : there.map((each) => (each === old ? email : each))
}

function sameAddress(there: readonly Email[], given: Email): Email | undefined {
  return there.find(({ value }) => value?.toLowerCase() === given.value?.toLowerCase())
}

// Of several, nobody knows which one is payroll's: then it is added.
function onlyOfItsType(there: readonly Email[], given: Email): Email | undefined {
  const [first, ...more] = there.filter(({ type }) => type !== undefined && type === given.type)
  return more.length === 0 ? first : undefined
}
