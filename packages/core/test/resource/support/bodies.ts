/** Request bodies of users and groups, and the result of reading one. */
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { core, enterprise, refusal } from './reading.js'

export const user = (attributes: JsonObject): JsonObject => ({ schemas: [core], ...attributes })

export const outcome = (run: () => { document: JsonObject }): JsonValue => {
  try {
    return run().document
  } catch {
    return refusal(run)
  }
}

export const extended = (attributes: JsonObject): JsonObject => ({ [enterprise]: attributes })
