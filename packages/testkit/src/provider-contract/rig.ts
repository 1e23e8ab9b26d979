import { type ScimContext, tenantId } from '@scimkit/core'
import type {
  ConditionalResult,
  MaybePromise,
  Needs,
  Next,
  Page,
  Query,
  RawVersion,
  Removal,
  Removed,
  ResourceProvider,
  ResourceRef,
  Stored,
  VersionChange,
  Written,
} from '@scimkit/core/provider'
import { violated } from './assert.js'
import type { HostNotes } from './host-notes.js'
import { testContext } from './test-context.js'

/** Optional capabilities of a provider; `without` skips the cases that need them. */
export type Capability =
  | 'members'
  | 'derived'
  | 'sort'
  | 'keyset'
  | 'generations'
  | 'restores'
  | 'history'
  | 'inTransaction'
  | 'quotas'

/** Options of the contract. */
export interface ProviderContractOptions {
  /**
   * Two empty tenants, new at every call. By default their names are random; a store whose tenants must be created first
   * creates them here.
   */
  readonly tenants?: () => Promise<readonly [ScimContext, ScimContext]>
  /** Rounds of each race. Default 20. */
  readonly rounds?: number
  /** Number of generated filters. Default 300. */
  readonly filters?: number
  /** Seed of generated data; random by default, and part of the message of a failure. */
  readonly seed?: number
  /**
   * The number of versions of each resource that the provider keeps in its history; 2 or more. Default: none, and the
   * cases about the history are skipped.
   */
  readonly history?: number
  /**
   * What the host can do in the unit of a write; called once for each case. Default: none, and the cases about the unit
   * are skipped.
   */
  readonly notes?: () => MaybePromise<HostNotes>
  /** Capabilities that the provider does not have. */
  readonly without?: readonly Capability[]
}

/** A provider that always returns promises, so that errors thrown are rejections. */
export interface AskedProvider {
  readonly supports: NonNullable<ResourceProvider['supports']>
  read(ref: ResourceRef, needs: Needs, context: ScimContext): Promise<Stored | undefined>
  query(type: string, query: Query, context: ScimContext): Promise<Page>
  insert(ref: ResourceRef, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  replace(ref: ResourceRef, expected: RawVersion, next: Next, context: ScimContext): Promise<ConditionalResult<Written>>
  remove(
    ref: ResourceRef,
    expected: RawVersion,
    removal: Removal,
    context: ScimContext,
  ): Promise<ConditionalResult<Removed>>
  history(ref: ResourceRef, context: ScimContext): Promise<readonly VersionChange[]>
}

/** The fixture of a case; new for each case. */
export interface Rig {
  readonly provider: AskedProvider
  /** The main tenant of the case; initially empty. */
  readonly here: ScimContext
  /** Another tenant; initially empty. */
  readonly there: ScimContext
  readonly rounds: number
  readonly filters: number
  readonly seed: number
  /** The number of versions that the provider keeps. */
  readonly historyLength: number
  /** The host's own table; throws if the options have none. */
  readonly notes: HostNotes
  /** RFC 3339 time in UTC, a second later at every call. */
  readonly at: () => string
}

const firstSecond = Date.UTC(2026, 0, 1)

/** Two tenants and a clock around a provider. */
export async function makeRig(provider: ResourceProvider, options: ProviderContractOptions): Promise<Rig> {
  const [here, there] = await (options.tenants ?? randomTenants)()
  let seconds = 0
  const notes = await options.notes?.()
  return {
    provider: asked(provider),
    here,
    there,
    rounds: options.rounds ?? 20,
    filters: options.filters ?? 300,
    historyLength: options.history ?? 0,
    seed: options.seed ?? Date.now() % 1_000_000,
    get notes() {
      return notes ?? violated('options.notes: expected the notes of a host, saw none')
    },
    at: () => {
      seconds += 1
      return new Date(firstSecond + seconds * 1000).toISOString()
    },
  }
}

function asked(provider: ResourceProvider): AskedProvider {
  return {
    supports: provider.supports ?? {},
    read: async (...parameters) => provider.read(...parameters),
    query: async (...parameters) => provider.query(...parameters),
    insert: async (...parameters) => provider.insert(...parameters),
    replace: async (...parameters) => provider.replace(...parameters),
    remove: async (...parameters) => provider.remove(...parameters),
    history: async (...parameters) => provider.history?.(...parameters) ?? violated('history: expected it, saw none'),
  }
}

async function randomTenants(): Promise<readonly [ScimContext, ScimContext]> {
  return [randomTenant(), randomTenant()]
}

function randomTenant(): ScimContext {
  return testContext(tenantId(`contract-${crypto.randomUUID()}`))
}
