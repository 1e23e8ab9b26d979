/** The parts of a server that may depend on the request: provider, resource types, and the engine of both. */
import type { ScimContext } from '../context.js'
import type { Catalogue } from '../discovery/catalogue.js'
import type { CursorKeysOf } from '../engine/cursor-keys.js'
import type { Engine } from '../engine/engine.js'
import { guardProvider } from '../engine/guard-provider.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'
import { groupType, userType } from '../schema/standard/resource-types.js'
import type { ProviderSource, ResourceTypeSource } from './options.js'
import { type SupportedOptions, unsupportedOption } from './provider-support.js'

/** The catalogue of a caller, undefined for an unauthenticated one. */
export type CatalogueFor = (context: ScimContext | undefined) => MaybePromise<Catalogue>

/** The engine of one server without the parts that depend on the request. */
export type SharedEngine = Omit<Engine, 'provider' | 'cursorKeys' | 'types' | 'discovery'>

/** The types that a list of definitions has where no option names any. One list, so that it is compiled once. */
const standardTypes: readonly ResourceTypeDefinition[] = [userType, groupType]

/**
 * The provider, checked: an object now, the result of a function for each request. An option that it does not support
 * must not be ignored.
 */
export function providerSource(source: ProviderSource<never>, options: SupportedOptions): ProviderSource<never> {
  if (typeof source !== 'function') {
    const unsupported = unsupportedOption(options, source)
    if (unsupported !== undefined) throw new TypeError(unsupported)
    return guardProvider(source)
  }
  return (native) => {
    const provider = source(native)
    const unsupported = unsupportedOption(options, provider)
    if (unsupported !== undefined) throw new Error(unsupported)
    return provider
  }
}

/**
 * The resource types. A list is compiled now, so that an invalid definition is reported at start; the result of a
 * function is compiled when the function returns it.
 */
export function catalogueSource(
  source: ResourceTypeSource | undefined,
  catalogueOf: (definitions: readonly ResourceTypeDefinition[]) => Catalogue,
): { readonly known: Catalogue | undefined; readonly of: CatalogueFor } {
  if (typeof source === 'function') {
    return { known: undefined, of: async (context) => catalogueOf(await source(context)) }
  }
  const known = catalogueOf(source ?? standardTypes)
  return { known, of: () => known }
}

/**
 * The engine for a provider and its types. Usually both are the same for every request, and then so is the engine: it
 * is rebuilt only when they change.
 */
export function engines(
  shared: SharedEngine,
  keysOf: CursorKeysOf,
): (provider: ResourceProvider, catalogue: Catalogue) => Engine {
  let last: { readonly engine: Engine; readonly catalogue: Catalogue } | undefined
  return (provider, catalogue) => {
    if (last?.engine.provider === provider && last.catalogue === catalogue) return last.engine
    const { types, discovery } = catalogue
    const engine = { ...shared, types, discovery, provider, cursorKeys: () => keysOf(provider) }
    last = { engine, catalogue }
    return engine
  }
}
