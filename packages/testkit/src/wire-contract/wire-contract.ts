import type { ContractCase } from '../bind.js'
import { access } from './access.js'
import { appliedOrRefused } from './applied-or-refused.js'
import { authorization } from './authorization.js'
import { bulkRequests } from './bulk.js'
import { changedTags } from './changed-tags.js'
import { characteristics } from './characteristics.js'
import { clientOf } from './client.js'
import { clientForms } from './client-forms.js'
import { contentCoding } from './content-coding.js'
import { creating } from './creating.js'
import { cursor } from './cursor.js'
import { discovery } from './discovery.js'
import { violated } from './expect.js'
import { filters } from './filters.js'
import { http } from './http.js'
import { interop } from './interop.js'
import { me } from './me.js'
import { mismatchBodies } from './mismatch-bodies.js'
import { offeredOperations } from './offered-operations.js'
import { passwords } from './passwords.js'
import { patching } from './patching.js'
import { prefer } from './prefer.js'
import { projection } from './projection.js'
import { reading } from './reading.js'
import { removing } from './removing.js'
import { replacing } from './replacing.js'
import { requestIds } from './request-ids.js'
import { requiredPreconditions } from './required-preconditions.js'
import { rootSearch } from './root-search.js'
import { sortingAndPaging } from './sorting-and-paging.js'
import { strict } from './strict.js'
import { strictTags } from './strict-tags.js'
import type { WireMode, WireTarget } from './target.js'
import { unknownMembers } from './unknown-members.js'
import { versionsAndPreconditions } from './versions-and-preconditions.js'
import type { WireCase } from './wire-case.js'

/** All cases. */
export const wireCases: readonly WireCase[] = [
  ...versionsAndPreconditions,
  ...creating,
  ...reading,
  ...replacing,
  ...patching,
  ...appliedOrRefused,
  ...removing,
  ...bulkRequests,
  ...filters,
  ...sortingAndPaging,
  ...cursor,
  ...rootSearch,
  ...me,
  ...projection,
  ...discovery,
  ...http,
  ...contentCoding,
  ...requestIds,
  ...access,
  ...authorization,
  ...offeredOperations,
  ...passwords,
  ...interop,
  ...clientForms,
  ...unknownMembers,
  ...strict,
  ...prefer,
  ...requiredPreconditions,
  ...mismatchBodies,
  ...changedTags,
  ...strictTags,
  ...characteristics,
]

/**
 * The protocol of a SCIM server on the wire, as cases for `bind`: every line of the fine print, and every MUST of RFC 7643
 * and RFC 7644 covered so far. Cases that need a configuration that `target` does not have are skipped. Each case creates
 * its own data under unused names and removes it again; cases may run concurrently.
 */
export function wireContract(target: WireTarget): readonly ContractCase[] {
  return wireCases
    .filter(({ needs }) => needs.every((mode) => target[mode] !== undefined))
    .map(({ id, title, level, citation, needs, run }) => ({
      id,
      title,
      level,
      citation,
      needs,
      run: () => play(target, needs, run),
    }))
}

async function play(target: WireTarget, needs: readonly WireMode[], run: WireCase['run']): Promise<void> {
  const clients = new Map<'exchange' | WireMode, ReturnType<typeof clientOf>>()
  const ask = (mode: 'exchange' | WireMode): ReturnType<typeof clientOf> => {
    const client =
      clients.get(mode) ?? clientOf(target[mode] ?? violated(`the case uses ${mode} without declaring it in needs`))
    clients.set(mode, client)
    return client
  }
  try {
    await run(ask(needs[0] ?? 'exchange'), ask)
  } finally {
    for (const client of clients.values()) await client.cleanUp()
  }
}
