import { type MergeOptions, merge3 } from '../../../src/entry-points/merge.js'
import type { JsonObject, JsonValue } from '../../../src/index.js'
import { core, enterprise, plain } from '../../resource/support/reading.js'

/** A user that two clients edit. */
export const ada: JsonObject = {
  schemas: [core, enterprise],
  id: '42',
  userName: 'ada@example.com',
  title: 'Analyst',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [
    { value: 'ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  addresses: [
    { type: 'work', locality: 'London' },
    { type: 'home', locality: 'Ockham' },
  ],
  [enterprise]: { department: 'Engines', manager: { value: '7', displayName: 'Charles' } },
  meta: { resourceType: 'User', version: 'W/"1"' },
}

/** The path of her address at work. */
export const work = 'emails[type eq "work"]'

/** The resource, or the conflicts; of the resource only the differences from `ada`. */
export function outcome(
  mine: JsonObject,
  theirs: JsonObject,
  options?: MergeOptions,
  base: JsonObject = ada,
): JsonValue {
  const result = merge3(base, { ...base, ...mine }, { ...base, ...theirs }, options)
  if (result.kind === 'conflict') return result.conflicts.map(({ path }) => path)
  const changed = Object.entries(plain(result.resource)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(base[name]),
  )
  return Object.fromEntries(changed)
}

/** Her e-mails in this order: by name as they are, or others. */
export function emails(...given: readonly (string | JsonObject)[]): JsonObject {
  const known = { work: ada.emails, home: ada.emails } as const
  const [workEmail, homeEmail] = known.work as readonly JsonObject[]
  return {
    emails: given.map((one) => (one === 'work' ? workEmail : one === 'home' ? homeEmail : one) as JsonObject),
  }
}
