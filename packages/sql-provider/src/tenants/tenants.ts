import type { Tenants } from '@scimkit/core/provider'
import type { Reader } from '../reading/reader.js'
import type { Guarded } from '../store/guarded.js'
import type { Store } from '../store/store.js'
import { exportOf } from './export.js'
import { listTenants } from './list.js'
import { removeTenant } from './remove.js'
import { statsOf } from './stats.js'

const mostListed = 1_000

/** The tenants of a database. Its work is divided into portions, so no statement takes long. */
export function tenantsIn(store: Store, reader: Pick<Reader, 'read'>, guarded: Guarded): Tenants {
  return {
    async list({ after = '', count }) {
      if (!Number.isSafeInteger(count) || count < 1 || count > mostListed) {
        throw new TypeError(`count: expected a whole number from 1 to ${mostListed}, got ${String(count)}`)
      }
      return guarded(() => listTenants(store, after, count))
    },
    async stats(tenant) {
      return guarded(() => statsOf(store, named(tenant)))
    },
    export: (tenant) => exportOf(store, reader, guarded, named(tenant)),
    async remove(tenant, options = {}) {
      return removeTenant(store, guarded, named(tenant), options)
    },
  }
}

/** An empty name would be that of the records of the whole server. */
function named(tenant: string): string {
  if (typeof tenant === 'string' && tenant !== '') return tenant
  throw new TypeError('tenant: expected a name, got none')
}
