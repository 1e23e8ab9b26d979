/** How many resources of a type a tenant may have. The count is part of the insert, so that concurrent ones cannot exceed it. */
import type { ScimContext } from '../context.js'
import { type ScimError, scimError } from '../errors.js'
import type { MaybePromise } from '../provider/provider.js'
import { checkKnownType } from './known-type.js'

/**
 * How many resources of one type a tenant may have: 0 or more, or a function that returns that for a caller, and
 * undefined for no bound. The function is called before each attempt of a create, so it must be repeatable.
 */
export type Quota = number | ((context: ScimContext) => MaybePromise<number | undefined>)

/** Quotas by the name of the resource type; a type that is not named has none. */
export type Quotas = Readonly<Record<string, Quota>>

/**
 * Throws a TypeError for invalid quotas. `types` are the names of the resource types; undefined if they are not known
 * yet.
 */
export function checkQuotas(quotas: Quotas, types: Iterable<string> | undefined): void {
  if (typeof quotas !== 'object' || quotas === null) {
    throw new TypeError('options.quotas: expected an object of numbers or functions by resource type')
  }
  const known = types && [...types]
  for (const [type, quota] of Object.entries(quotas)) {
    if (typeof quota !== 'function' && !isQuota(quota)) {
      throw new TypeError(`options.quotas.${type}: expected a whole number from 0, or a function that returns one`)
    }
    checkKnownType('quotas', type, known)
  }
}

/** The quota of a type for the tenant of a caller; undefined for none. Throws a TypeError for an invalid one, and what the host's function throws. */
export async function quotaFor(quotas: Quotas, type: string, context: ScimContext): Promise<number | undefined> {
  if (!Object.hasOwn(quotas, type)) return undefined
  const given = quotas[type]
  if (typeof given !== 'function') return given
  const quota: unknown = await given(context)
  if (quota === undefined || isQuota(quota)) return quota
  throw new TypeError(`options.quotas.${type}: the function returned neither a whole number from 0 nor undefined`)
}

/** 403 for a create that would exceed the quota, in words for the administrator of an identity provider. */
export function quotaReached(type: string, quota: number): ScimError {
  return scimError.forbidden(
    `The limit of ${grouped(quota)} ${quota === 1 ? 'resource' : 'resources'} of type ${type} is reached; nothing was created.`,
  )
}

function isQuota(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

// 1,000: not through Intl, whose result depends on the build of the runtime.
function grouped(whole: number): string {
  const digits = String(whole)
  const groups: string[] = []
  for (let end = digits.length; end > 0; end -= 3) groups.unshift(digits.slice(Math.max(0, end - 3), end))
  return groups.join(',')
}
