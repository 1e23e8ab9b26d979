import { type ScimContext, type TenantId, tenantId } from '@scimkit/core'
import { notFound, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

/** A provider, and the tenant of each resource. */
function withOwners(): { readonly inner: ResourceProvider; readonly owners: Map<string, ScimContext> } {
  const provider = memoryProvider()
  const owners = new Map<string, ScimContext>()
  return {
    owners,
    inner: {
      ...provider,
      insert(ref, next, context) {
        owners.set(ref.id, context)
        return provider.insert(ref, next, context)
      },
    },
  }
}

function sharing(context: ScimContext): ScimContext {
  return { ...context, tenant: tenantId('everybody') }
}

/** All tenants in one; ids are checked, so only data that is not addressed by an id leaks. */
function oneTenantForAll(): ResourceProvider {
  const inner = memoryProvider()
  const owners = new Map<string, TenantId>()
  const owns = (id: string, { tenant }: ScimContext): boolean => owners.get(id) === tenant
  return {
    read: (ref, needs, context) => (owns(ref.id, context) ? inner.read(ref, needs, sharing(context)) : undefined),
    query: (type, query, context) => inner.query(type, query, sharing(context)),
    insert(ref, next, context) {
      owners.set(ref.id, context.tenant)
      return inner.insert(ref, next, sharing(context))
    },
    replace: (ref, expected, next, context) =>
      owns(ref.id, context) ? inner.replace(ref, expected, next, sharing(context)) : notFound(),
    remove: (ref, expected, removal, context) =>
      owns(ref.id, context) ? inner.remove(ref, expected, removal, sharing(context)) : notFound(),
  }
}

/** Providers with incomplete tenant isolation. */
export const wrongTenants: readonly BrokenProvider[] = [
  {
    name: 'ignores the tenant on read',
    caughtBy: ['tenant-read'],
    make: () => {
      const { inner, owners } = withOwners()
      return { ...inner, read: (ref, needs, context) => inner.read(ref, needs, owners.get(ref.id) ?? context) }
    },
  },
  {
    name: 'ignores the tenant on query, on keys and on memberships',
    caughtBy: ['tenant-query', 'tenant-unknown', 'tenant-keys', 'tenant-members', 'tenant-derived', 'tenant-cascade'],
    make: oneTenantForAll,
  },
  {
    name: 'ignores the tenant on replace',
    caughtBy: ['tenant-replace'],
    make: () => {
      const { inner, owners } = withOwners()
      return {
        ...inner,
        replace: (ref, expected, next, context) => inner.replace(ref, expected, next, owners.get(ref.id) ?? context),
      }
    },
  },
  {
    name: 'ignores the tenant on remove',
    caughtBy: ['tenant-remove'],
    make: () => {
      const { inner, owners } = withOwners()
      return {
        ...inner,
        remove: (ref, expected, removal, context) =>
          inner.remove(ref, expected, removal, owners.get(ref.id) ?? context),
      }
    },
  },
]
