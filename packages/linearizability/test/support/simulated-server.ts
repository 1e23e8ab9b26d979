import { type Change, type HistoryAnswer, type HistoryRequest, type Value, valueFrom } from '@scimkit/linearizability'
import type { SeededRandom } from '../../../testkit/src/seeded-random.js'
import type { Known } from './simulate.js'

interface Resource {
  readonly id: string
  tags: readonly string[]
  value: Value
}

/** A server with one name that handles requests sequentially. */
export interface SimulatedServer {
  readonly handle: (request: HistoryRequest) => HistoryAnswer
  readonly known: () => Known
}

const mostTags = 5

/** Creates an empty server. Some of its responses omit optional information, as those of other servers do. */
export function simulatedServer(chance: SeededRandom): SimulatedServer {
  let current: Resource | undefined
  let deletedId: string | undefined
  let ids = 0
  let tags = 0
  const newTag = (): string => {
    tags += 1
    return `W/"${tags}"`
  }
  const here = (): Resource | undefined => current

  const write = (resource: Resource, change: Change): HistoryAnswer => {
    const value = applied(resource.value, change)
    if (value.key !== resource.value.key || chance.oneIn(4)) {
      resource.tags = [newTag(), ...resource.tags].slice(0, mostTags)
      resource.value = value
    }
    const [tag = ''] = resource.tags
    return chance.oneIn(8)
      ? { kind: 'answered', status: 204, tag }
      : { kind: 'answered', status: 200, tag, value: resource.value }
  }

  const handle = (request: HistoryRequest): HistoryAnswer => {
    const resource = here()
    if (request.kind === 'POST') {
      if (resource !== undefined) return { kind: 'answered', status: 409 }
      ids += 1
      current = { id: `u${ids}`, tags: [newTag()], value: request.value }
      const [tag = ''] = current.tags
      return { kind: 'answered', status: 201, id: current.id, tag, value: current.value }
    }
    if (request.kind === 'SEARCH') {
      if (resource === undefined) return { kind: 'answered', status: 200, found: [] }
      const [tag = ''] = resource.tags
      return { kind: 'answered', status: 200, found: [{ id: resource.id, tag, value: resource.value }] }
    }
    if (resource === undefined || resource.id !== request.id) return { kind: 'answered', status: 404 }
    const [tag = ''] = resource.tags
    const shownTag = chance.oneIn(3) ? {} : { tag }
    if (request.kind === 'GET') {
      if (request.ifNoneMatch === tag) return { kind: 'answered', status: 304, ...shownTag }
      return { kind: 'answered', status: 200, tag, value: resource.value }
    }
    const isMatched = request.ifMatch === undefined || request.ifMatch === tag
    if (!isMatched || request.ifNoneMatch === tag) return { kind: 'answered', status: 412, ...shownTag }
    if (request.kind !== 'DELETE') return write(resource, request.change)
    current = undefined
    deletedId = resource.id
    return { kind: 'answered', status: 204 }
  }

  const known = (): Known => {
    const resource = here()
    return {
      ids: [resource?.id, deletedId],
      tags: resource?.tags ?? [],
      elements: resource?.value.elements ?? [],
      scalar: resource?.value.scalar ?? '',
    }
  }
  return { handle, known }
}

function applied(before: Value, change: Change): Value {
  switch (change.kind) {
    case 'put':
      return change.value
    case 'set':
      return valueFrom(change.scalar, before.elements)
    case 'add':
      return valueFrom(before.scalar, [...before.elements, change.element])
  }
}
