import type { ContractCase } from '../bind.js'
import { access } from './access/access.js'
import { attributeRights } from './access/attribute-rights.js'
import { authorization } from './access/authorization.js'
import { me } from './access/me.js'
import { offeredOperations } from './access/offered-operations.js'
import { bulkRequests } from './bulk/bulk.js'
import { clientOf } from './client.js'
import { violated } from './expect.js'
import { contentCoding } from './http/content-coding.js'
import { discovery } from './http/discovery.js'
import { http } from './http/http.js'
import { requestIds } from './http/request-ids.js'
import { clientForms } from './interop/client-forms.js'
import { interop } from './interop/interop.js'
import { strict } from './interop/strict.js'
import { cursor } from './reading/cursor.js'
import { filters } from './reading/filters.js'
import { projection } from './reading/projection.js'
import { reading } from './reading/reading.js'
import { rootSearch } from './reading/root-search.js'
import { sortingAndPaging } from './reading/sorting-and-paging.js'
import type { WireMode, WireTarget } from './target.js'
import { changedTags } from './versions/changed-tags.js'
import { mismatchBodies } from './versions/mismatch-bodies.js'
import { requiredPreconditions } from './versions/required-preconditions.js'
import { strictTags } from './versions/strict-tags.js'
import { versionsAndPreconditions } from './versions/versions-and-preconditions.js'
import type { WireCase } from './wire-case.js'
import { appliedOrRefused } from './writing/applied-or-refused.js'
import { characteristics } from './writing/characteristics.js'
import { creating } from './writing/creating.js'
import { idempotencyKeys } from './writing/idempotency-keys.js'
import { passwords } from './writing/passwords.js'
import { patching } from './writing/patching.js'
import { prefer } from './writing/prefer.js'
import { quotas } from './writing/quotas.js'
import { removing } from './writing/removing.js'
import { replacing } from './writing/replacing.js'
import { returningUsers } from './writing/returning-users.js'
import { unknownMembers } from './writing/unknown-members.js'

/** All cases. */
export const wireCases: readonly WireCase[] = [
  ...versionsAndPreconditions,
  ...creating,
  ...idempotencyKeys,
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
  ...attributeRights,
  ...offeredOperations,
  ...passwords,
  ...interop,
  ...clientForms,
  ...unknownMembers,
  ...quotas,
  ...returningUsers,
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
