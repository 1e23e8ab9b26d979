import { documentOnly, type GroupMembership, type Needs } from '@scimkit/core/provider'
import { ensureSame } from '../assert.js'
import { must, type ProviderCase, should } from '../provider-case.js'
import { queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  adding,
  enterpriseUrn,
  everything,
  groupDocument,
  type Held,
  insertGroup,
  insertUser,
  newId,
  readBack,
  removing,
  replace,
  replaceMembers,
} from '../writes.js'

/** The groups of a user as `display:type`, sorted, because their order is up to the provider. */
async function groupsOf(rig: Rig, user: Held): Promise<readonly string[]> {
  const { derived } = await readBack(rig, user.ref, everything)
  return named(derived?.groups)
}

function named(groups: readonly GroupMembership[] = []): readonly string[] {
  return groups.map(({ display, type }) => `${display}:${type}`).sort()
}

/** Derived attributes: computed from other resources, never stored, never part of a version. */
export const derivedCases: readonly ProviderCase[] = [
  must(
    'groups-direct',
    'the groups of a user are the groups with this member, with their ids and current names',
    'RFC 7643 §4.1.2 (groups)',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Before', [user.ref])
      await insertGroup(rig, 'Other', [])
      await replace(rig, group, groupDocument(group.ref, 'After'))
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.groups, [{ value: group.ref.id, display: 'After', type: 'direct' }], 'groups of a user')
    },
    'members',
    'derived',
  ),
  should(
    'groups-indirect',
    'the groups of a user include the groups of its groups, at any depth, as indirect',
    'RFC 7643 §4.1.2 (groups)',
    async (rig) => {
      const user = await insertUser(rig)
      const inner = await insertGroup(rig, 'Inner', [user.ref])
      const middle = await insertGroup(rig, 'Middle', [inner.ref])
      await insertGroup(rig, 'Outer', [middle.ref])
      const expected = ['Inner:direct', 'Middle:indirect', 'Outer:indirect']
      ensureSame(await groupsOf(rig, user), expected, 'groups of a user in nested groups')
    },
    'members',
    'derived',
  ),
  must(
    'groups-once',
    'each group is listed once, whatever the number of paths to it, and direct takes precedence',
    'RFC 7643 §4.1.2 (groups)',
    async (rig) => {
      const user = await insertUser(rig)
      const [left, right] = [await insertGroup(rig, 'Left', [user.ref]), await insertGroup(rig, 'Right', [user.ref])]
      const top = await insertGroup(rig, 'Top', [left.ref, right.ref])
      await insertGroup(rig, 'Both', [top.ref, user.ref])
      const expected = ['Both:direct', 'Left:direct', 'Right:direct', 'Top:indirect']
      ensureSame(await groupsOf(rig, user), expected, 'groups of a user with several paths')
    },
    'members',
    'derived',
  ),
  must(
    'groups-cycle',
    'groups that contain each other, or themselves, are each listed once',
    'RFC 7643 §4.2 (nested groups)',
    async (rig) => {
      const user = await insertUser(rig)
      const first = await insertGroup(rig, 'First', [user.ref])
      const second = await insertGroup(rig, 'Second', [first.ref])
      await replaceMembers(rig, first, adding(second.ref, first.ref))
      ensureSame(
        await groupsOf(rig, user),
        ['First:direct', 'Second:indirect'],
        'groups of a user in a cycle of groups',
      )
    },
    'members',
    'derived',
  ),
  must(
    'groups-follow',
    'groups reflect every change of members immediately, and do not change the version of the user',
    'RFC 7643 §4.1.2 (groups); ADR 8; FP-D15',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Follows')
      const added = await replaceMembers(rig, group, adding(user.ref))
      ensureSame(await groupsOf(rig, user), ['Follows:direct'], 'groups after the user was added')
      await replaceMembers(rig, added, removing(user.ref))
      ensureSame(await groupsOf(rig, user), [], 'groups after the user was removed')
      const { version, lastModified } = await readBack(rig, user.ref)
      ensureSame([version, lastModified], [user.version, user.at], 'version and lastModified of the user')
    },
    'members',
    'derived',
  ),
  must(
    'groups-query',
    'a list has the groups of each user if they are needed; otherwise they are optional',
    'RFC 7643 §4.1.2 (groups); FP-D15',
    async (rig) => {
      const user = await insertUser(rig)
      await insertGroup(rig, 'Listed', [user.ref])
      const page = await rig.provider.query('User', queryOf({ needs: everything }), rig.here)
      ensureSame(
        page.resources.map(({ derived }) => named(derived?.groups)),
        [['Listed:direct']],
        'groups in a list',
      )
    },
    'members',
    'derived',
  ),
  should(
    'manager-name',
    "a user has its manager's current displayName",
    'RFC 7643 §4.3 (manager.displayName)',
    async (rig) => {
      const boss = await insertUser(rig, { displayName: 'Before' })
      const user = await insertUser(rig, { [enterpriseUrn]: { manager: { value: boss.ref.id } } })
      await replace(rig, boss, { ...boss.document, displayName: 'After' })
      ensureSame((await readBack(rig, user.ref, everything)).derived?.managerDisplayName, 'After', "the manager's name")
      const needs: Needs = { members: 'none', derived: 'manager' }
      const alone = await readBack(rig, user.ref, needs)
      ensureSame(alone.derived?.managerDisplayName, 'After', "the manager's name, requested without the groups")
      const page = await rig.provider.query('User', queryOf({ needs }), rig.here)
      const names = page.resources
        .map(({ derived }) => derived?.managerDisplayName)
        .filter((name) => name !== undefined)
      ensureSame(names, ['After'], "the manager's name in a list, requested without the groups")
    },
    'derived',
  ),
  should(
    'manager-unknown',
    'a manager with an unknown id or without displayName has no name',
    'RFC 7643 §4.3 (manager.displayName)',
    async (rig) => {
      const boss = await insertUser(rig)
      for (const value of [newId(), boss.ref.id]) {
        const user = await insertUser(rig, { [enterpriseUrn]: { manager: { value } } })
        const { derived } = await readBack(rig, user.ref, everything)
        ensureSame(derived?.managerDisplayName, undefined, "the manager's name")
      }
    },
    'derived',
  ),
  must(
    'derived-not-stored',
    'derived attributes are not part of the version: a read without them has the same version',
    'RFC 7643 §4.1.2 (groups); ADR 8; FP-D15',
    async (rig) => {
      const user = await insertUser(rig)
      await insertGroup(rig, 'Derived', [user.ref])
      const [bare, whole] = [await readBack(rig, user.ref, documentOnly), await readBack(rig, user.ref, everything)]
      ensureSame([bare.version, whole.version], [user.version, user.version], 'version with and without groups')
    },
    'members',
    'derived',
  ),
]
