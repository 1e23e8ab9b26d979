/** The idempotency key of a create, as the provider stores it: whose it is, and which request it belongs to. */
import { isVisible } from '../../ascii.js'
import type { Call } from '../../engine/call.js'
import { type Engine, paceFor } from '../../engine/engine.js'
import { scimError } from '../../errors.js'
import {
  canonicalJson,
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
} from '../../json/value.js'
import { elementsInStep, type Pace } from '../../pacing/portions.js'
import type { CreationKey } from '../../provider/creation-key.js'
import { caseKey } from '../../schema/case-key.js'

const longestKey = 256

/**
 * Throws 400 for a key of another form than 1 to 256 visible ASCII characters, and 501 if the provider cannot store
 * keys: a create must not be repeated in the belief that it is safe.
 */
export function checkIdempotencyKey({ provider }: Pick<Engine, 'provider'>, key: string): void {
  if (!isVisible(key, longestKey)) {
    throw scimError.badRequest(`Idempotency-Key must be 1 to ${longestKey} visible ASCII characters.`)
  }
  if (provider.supports?.idempotencyKeys !== true) {
    throw scimError.notImplemented(
      'Idempotency-Key is not supported by the store of this server; nothing was created. Send the request without it.',
    )
  }
}

/** The key of a create by this caller. `body` is the body of the request, as it was parsed. */
export async function creationKeyFor(call: Call, type: string, key: string, body: JsonObject): Promise<CreationKey> {
  const { engine, context } = call
  return {
    key,
    principal: context.principal ?? '',
    digest: await requestDigest(engine, paceFor(engine, context), type, body),
    expired: new Date(engine.ports.now() - engine.idempotencySeconds * 1_000).toISOString(),
  }
}

/**
 * Identifies a request by type and body, whatever the order of members. A password is not in it at all: from a digest
 * that is stored, a weak one could be guessed. Long lists are hashed in portions, so that other requests run in between.
 */
async function requestDigest({ ports }: Engine, pace: Pace, type: string, body: JsonObject): Promise<string> {
  const short = emptyObject()
  const long: MutableJsonObject = emptyObject()
  for (const name of Object.keys(body)) {
    const value = body[name] as JsonValue
    if (isPassword(name)) continue
    if (!isArray(value) || value.length <= elementsInStep) {
      short[name] = withoutPasswords(value)
      continue
    }
    const digests: string[] = []
    for (let at = 0; at < value.length; at += elementsInStep) {
      digests.push(await ports.digest(canonicalJson(withoutPasswords(value.slice(at, at + elementsInStep)))))
      const turn = pace.rest()
      if (turn !== undefined) await turn
    }
    long[name] = digests
  }
  return ports.digest(canonicalJson([type, short, long]))
}

function withoutPasswords(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(withoutPasswords)
  if (!isObject(value)) return value
  const kept = emptyObject()
  for (const name of Object.keys(value)) {
    if (!isPassword(name)) kept[name] = withoutPasswords(value[name] as JsonValue)
  }
  return kept
}

// In any letter case, and after the URN of its schema; at any depth, because this file does not know the schemas.
function isPassword(name: string): boolean {
  const key = caseKey(name)
  return key === 'password' || key.endsWith(':password')
}
