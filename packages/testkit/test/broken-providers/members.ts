import type { JsonObject, ScimContext } from '@scimkit/core'
import {
  type Derived,
  documentOnly,
  mapResult,
  type Needs,
  type Next,
  type ResourceProvider,
  rawVersion,
  type Stored,
} from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

const everyGroup = { filter: undefined, sort: undefined, page: { startIndex: 1, count: 10_000 } }
const allMembers: Needs = { members: 'all', derived: false }

async function groupsWith(provider: ResourceProvider, id: string, context: ScimContext): Promise<readonly Stored[]> {
  const { resources } = await provider.query('Group', { ...everyGroup, needs: allMembers }, context)
  return resources.filter(({ members = [] }) => members.some(({ value }) => value === id))
}

function documentOf(stored: Stored): JsonObject {
  return 'resource' in stored ? stored.resource : (JSON.parse(stored.json) as JsonObject)
}

/** A remove after which the groups are restored, completely or in part. */
function undoingCascade(undo: (before: Stored, removed: string, at: string) => Partial<Next>): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    async remove(ref, expected, removal, context) {
      const before = await groupsWith(inner, ref.id, context)
      const result = await inner.remove(ref, expected, removal, context)
      for (const group of before) {
        const now = await inner.read(group.ref, documentOnly, context)
        if (now === undefined || now.version === group.version) continue
        const { version, lastModified } = now
        const kept = { resource: documentOf(now), version, at: lastModified, unique: [], members: undefined }
        await inner.replace(group.ref, version, { ...kept, ...undo(group, ref.id, removal.at) }, context)
      }
      return result
    },
  }
}

function readmit(id: string): Pick<Next, 'members'> {
  return { members: { add: [{ value: id, type: 'User' }], remove: [] } }
}

/** A provider whose results are changed before they are returned. */
function showing(change: (stored: Stored, needs: Needs) => Stored): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    async read(ref, needs, context) {
      const stored = await inner.read(ref, needs, context)
      return stored && change(stored, needs)
    },
  }
}

function withGroups(
  stored: Stored,
  change: (groups: NonNullable<Derived['groups']>) => NonNullable<Derived['groups']>,
): Stored {
  const groups = stored.derived?.groups
  return groups === undefined ? stored : { ...stored, derived: { ...stored.derived, groups: change(groups) } }
}

/** Providers with wrong groups. */
export const wrongMembers: readonly BrokenProvider[] = [
  {
    name: 'omits the cascade',
    caughtBy: ['cascade-members', 'cascade-version', 'cascade-time', 'cascade-stale-write', 'race-cascade'],
    make: () =>
      undoingCascade((before, removed) => ({ version: before.version, at: before.lastModified, ...readmit(removed) })),
  },
  {
    name: 'cascades, but keeps the version of the groups',
    caughtBy: ['cascade-version', 'cascade-stale-write'],
    make: () => undoingCascade((before) => ({ version: before.version })),
  },
  {
    name: 'cascades, but with versions without the nonce',
    caughtBy: ['cascade-restored'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        remove: (ref, expected, removal, context) =>
          inner.remove(ref, expected, { ...removal, nonce: '000000000000' }, context),
      }
    },
  },
  {
    name: 'cascades, but does not return the groups that it changed',
    caughtBy: ['cascade-reported'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async remove(ref, expected, removal, context) {
          return mapResult(await inner.remove(ref, expected, removal, context), () => ({ affected: [] }))
        },
      }
    },
  },
  {
    name: 'cascades, but returns the versions of the groups from before',
    caughtBy: ['cascade-reported'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async remove(ref, expected, removal, context) {
          const earlier = { ...removal, nonce: '0'.repeat(12) }
          return mapResult(await inner.remove(ref, expected, removal, context), ({ affected }) => ({
            affected: affected.map(({ ref: group, version }) => ({
              ref: group,
              version: rawVersion(version.replace(removal.nonce, earlier.nonce)),
            })),
          }))
        },
      }
    },
  },
  {
    name: 'cascades, but keeps lastModified of the groups',
    caughtBy: ['cascade-time'],
    make: () => undoingCascade((before) => ({ at: before.lastModified })),
  },
  {
    name: 'cascades, and sets lastModified of the groups back with the clock',
    caughtBy: ['cascade-time-forward'],
    make: () => undoingCascade((_before, _removed, at) => ({ at })),
  },
  {
    name: 'changes the version of the groups, but keeps the member rows',
    caughtBy: ['cascade-members'],
    make: () => undoingCascade((_before, removed) => readmit(removed)),
  },
  {
    name: 'replaces all members by the added ones',
    caughtBy: ['members-delta', 'members-add-again', 'race-members'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const { members = [] } = (await inner.read(ref, allMembers, context)) ?? {}
          const added = new Set(next.members?.add.map(({ value }) => value))
          const others = members.map(({ value }) => value).filter((id) => !added.has(id))
          const delta = next.members && { add: next.members.add, remove: others }
          return inner.replace(ref, expected, { ...next, members: delta }, context)
        },
      }
    },
  },
  {
    name: 'empties a group that is renamed',
    caughtBy: ['members-kept'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const { members = [] } = (await inner.read(ref, allMembers, context)) ?? {}
          const none = { add: [], remove: members.map(({ value }) => value) }
          return inner.replace(ref, expected, { ...next, members: next.members ?? none }, context)
        },
      }
    },
  },
  {
    name: 'writes the members before comparing the version',
    caughtBy: ['members-lost-write', 'race-members-cancel'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const now = await inner.read(ref, documentOnly, context)
          if (now !== undefined && next.members !== undefined) {
            const { version, lastModified: at } = now
            const same = { resource: documentOf(now), version, at, unique: [], members: next.members }
            await inner.replace(ref, version, same, context)
          }
          return inner.replace(ref, expected, { ...next, members: undefined }, context)
        },
      }
    },
  },
  {
    name: 'returns all members, whichever are needed',
    caughtBy: ['members-needs'],
    make: () => {
      const inner = memoryProvider()
      return { ...inner, read: (ref, needs, context) => inner.read(ref, { ...needs, members: 'all' }, context) }
    },
  },
  {
    name: 'stores the name of a member',
    caughtBy: ['members-names'],
    make: () =>
      showing((stored) => ({
        ...stored,
        members: stored.members?.map(({ value }) => ({ value, display: 'Before' })) ?? [],
      })),
  },
  {
    name: 'returns only direct groups',
    caughtBy: ['groups-indirect', 'groups-once', 'groups-cycle'],
    make: () => showing((stored) => withGroups(stored, (groups) => groups.filter(({ type }) => type === 'direct'))),
  },
  {
    name: 'lists a group once for every path to it',
    caughtBy: ['groups-once'],
    make: () => showing((stored) => withGroups(stored, (groups) => [...groups, ...groups.slice(-1)])),
  },
  {
    name: 'stores the groups of a user in its document',
    caughtBy: ['document-bare'],
    make: () =>
      showing((stored, needs) => {
        if (!needs.derived || stored.ref.type !== 'User') return stored
        const { json: _json, ...rest } = stored as Stored & { json: string }
        const groups = stored.derived?.groups?.map(({ value }) => ({ value })) ?? []
        return { ...rest, resource: { ...documentOf(stored), groups } }
      }),
  },
]
