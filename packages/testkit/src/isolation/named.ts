import type { SeededRandom } from '../seeded-random.js'
import type { Named } from './attacks.js'
import { markOf, type TenantWorld } from './world.js'

/** What another tenant has. */
export function namedBy(other: TenantWorld, self: TenantWorld, random: SeededRandom): Named {
  const { manager, group, externalId, cursor } = other
  return {
    userId: manager.id,
    groupId: group.id,
    userName: manager.name,
    displayName: group.name,
    externalId,
    tag: manager.tag,
    cursor,
    ownName: `own-${self.mark}-${random.below(0x7fffffff)}`,
  }
}

/** The counterparts, each in the same form, that no tenant has. */
export function namedByNone(named: Named, random: SeededRandom): Named {
  const mark = markOf(999_999, random)
  return {
    userId: changedId(named.userId, random),
    groupId: changedId(named.groupId, random),
    userName: `manager-${mark}`,
    displayName: `group-${mark}`,
    externalId: `external-${mark}`,
    tag: withOtherEnd(named.tag, random),
    cursor: withOtherEnd(named.cursor, random),
    ownName: named.ownName,
  }
}

const digits = '0123456789abcdef'

// The last 12 digits of an id: the version digits of a UUID stay.
function changedId(id: string, random: SeededRandom): string {
  return id.slice(0, -12) + Array.from({ length: 12 }, () => random.pick([...digits])).join('')
}

// Six of the last characters, but not the quotation mark of a tag.
function withOtherEnd(text: string, random: SeededRandom): string {
  const quote = text.endsWith('"') ? '"' : ''
  const body = text.slice(0, text.length - quote.length)
  return body.slice(0, -6) + Array.from({ length: 6 }, () => random.pick([...digits])).join('') + quote
}
