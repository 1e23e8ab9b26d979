/**
 * Chooses the next request of a client: all operations that can conflict, in a mix that makes conflicts frequent. Half of
 * the writes have no precondition, most of the others the newest tag that any client received, some an older one.
 */
import { type Change, type HistoryRequest, type Value, valueFrom } from '@scimkit/linearizability'
import type { SeededRandom } from '../seeded-random.js'
import { hotGroup } from './hot-type.js'
import type { Slot } from './slot.js'

/** The input of the choices. */
export interface Chooser {
  readonly random: SeededRandom
  /** Ids of users that are not deleted, to be members of groups. */
  readonly members: readonly string[]
  /** How many texts were generated so far, so that most of them are new. */
  made: number
}

type Kind = HistoryRequest['kind']

// Each kind occurs as often as its number says.
const onExisting: readonly Kind[] = mix({ GET: 28, PUT: 20, PATCH: 36, DELETE: 2, POST: 7, SEARCH: 7 })
const onAbsent: readonly Kind[] = mix({ POST: 14, SEARCH: 6 })
const onDeleted: readonly Kind[] = mix({ GET: 3, PUT: 1, PATCH: 1, DELETE: 1 })

/** A request about the current resource of a slot, a deleted one, or a new one. */
export function chooseRequest(chooser: Chooser, slot: Slot): HistoryRequest {
  const { random } = chooser
  const { id, deletedIds } = slot
  if (deletedIds.length > 0 && random.oneIn(id === undefined ? 4 : 40)) {
    return aboutOne(chooser, slot, random.pick(onDeleted), random.pick(deletedIds))
  }
  const kind = random.pick(id === undefined ? onAbsent : onExisting)
  if (kind === 'SEARCH' && slot.name !== undefined) return { kind, name: slot.name }
  if (id === undefined) return { kind: 'POST', name: slot.name, value: newValue(chooser, slot) }
  // Group names are not unique: a POST or search by name would concern another group, so it is replaced by a GET.
  if ((kind === 'POST' || kind === 'SEARCH') && slot.name === undefined) return aboutOne(chooser, slot, 'GET', id)
  if (kind === 'POST') return { kind, name: slot.name, value: newValue(chooser, slot) }
  return aboutOne(chooser, slot, kind, id)
}

function aboutOne(chooser: Chooser, slot: Slot, kind: Kind, id: string): HistoryRequest {
  const { random } = chooser
  switch (kind) {
    case 'PUT':
      return { kind, id, change: { kind: 'put', value: newValue(chooser, slot) }, ...ifMatch(random, slot) }
    case 'PATCH':
      return { kind, id, change: newChange(chooser, slot), ...ifMatch(random, slot) }
    case 'DELETE':
      return { kind, id, ...ifMatch(random, slot) }
    default:
      return { kind: 'GET', id, ...ifNoneMatch(random, slot) }
  }
}

function ifMatch(random: SeededRandom, { tags }: Slot): { readonly ifMatch?: string } {
  const newest = tags.at(-1)
  if (newest === undefined || random.oneIn(2)) return {}
  return { ifMatch: random.oneIn(5) ? random.pick(tags) : newest }
}

function ifNoneMatch(random: SeededRandom, { tags }: Slot): { readonly ifNoneMatch?: string } {
  const newest = tags.at(-1)
  return newest === undefined || random.oneIn(2) ? {} : { ifNoneMatch: newest }
}

function newValue(chooser: Chooser, slot: Slot): Value {
  const { random } = chooser
  // The same value: a write that changes nothing.
  if (slot.value !== undefined && random.oneIn(10)) return slot.value
  const elements = Array.from({ length: random.below(3) }, () => newElement(chooser, slot))
  return valueFrom(newText(chooser, 'v'), elements)
}

function newChange(chooser: Chooser, slot: Slot): Change {
  const { random } = chooser
  if (random.oneIn(3)) return { kind: 'set', scalar: newText(chooser, 's') }
  const known = slot.value?.elements ?? []
  if (known.length > 0 && random.oneIn(10)) return { kind: 'add', element: random.pick(known) }
  return { kind: 'add', element: newElement(chooser, slot) }
}

function newElement(chooser: Chooser, { type }: Slot): string {
  return type === hotGroup ? chooser.random.pick(chooser.members) : `${newText(chooser, 'e')}@example.com`
}

function newText(chooser: Chooser, prefix: string): string {
  chooser.made += 1
  return `${prefix}${chooser.made}`
}

function mix(shares: Partial<Readonly<Record<Kind, number>>>): readonly Kind[] {
  return Object.entries(shares).flatMap(([kind, share]) => Array.from({ length: share }, () => kind as Kind))
}
