/** The names of password records among the facts of a store. */
import { type ResourceRef, type TenantId, tenantId } from '@scimkit/core'

/** The prefix of the names of all records. */
export const passwordPrefix = 'password.'

/** The name of a resource's record. */
export function passwordRecordOf(tenant: TenantId, { type, id }: ResourceRef): string {
  return passwordPrefix + JSON.stringify([tenant, type, id])
}

/** The beginning of the names of the records of a tenant, and of no other. */
export function passwordRecordsOf(tenant: string): string {
  return `${passwordPrefix}${JSON.stringify([tenant]).slice(0, -1)},`
}

/** The resource of a record; undefined if the name is not a result of {@link passwordRecordOf}. */
export function ownerOf(name: string): { readonly tenant: TenantId; readonly ref: ResourceRef } | undefined {
  try {
    const [tenant, type, id] = JSON.parse(name.slice(passwordPrefix.length)) as unknown[]
    if (typeof tenant !== 'string' || typeof type !== 'string' || typeof id !== 'string') return undefined
    return { tenant: tenantId(tenant), ref: { type, id } }
  } catch {
    return undefined
  }
}
