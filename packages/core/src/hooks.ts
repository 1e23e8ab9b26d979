import type { ScimContext } from './context.js'
import type { ResourceRef } from './resource/ref.js'

/**
 * Takes passwords. With it `password` is in the User schema and `changePassword` is advertised; without it a password
 * sent is ignored, and the write event names the attribute.
 */
export interface SecretsHook {
  /**
   * Called once, after a write that carried a password has won; `undefined` when the password or its user was
   * removed. A rejection is answered with 500: the rest of the write stands.
   */
  write(ref: ResourceRef, secret: string | undefined, context: ScimContext): void | Promise<void>
}
