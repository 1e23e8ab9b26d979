import type { ScimContext } from '../context.js'
import type { ResourceRef } from '../resource/ref.js'
import type { RawVersion } from '../versioning/version.js'

/**
 * Takes passwords. With it `password` is in the User schema and `changePassword` is advertised; without it a password
 * sent is ignored, and the write event names the attribute.
 */
export interface SecretsHook {
  /**
   * Called once, after a write that carried a password has committed; `secret` is undefined when the password or its
   * user was removed. `version` is the version after the write, for a removal the version that would follow the last:
   * calls of two writes may overtake each other, so keep the version beside the secret and ignore a call that is older
   * (`compareGenerations`). A rejection is answered with 500: the rest of the write remains committed.
   */
  write(ref: ResourceRef, secret: string | undefined, version: RawVersion, context: ScimContext): void | Promise<void>
}
