/** Whether a browser may call: its page is named by the Origin header. @see MCP 2026-07-28, Transports, Security Warning */
import { ScimError } from '@scimkit/core'

/** Throws 403 for a page that is not in the list. A request without an Origin is not of a browser. */
export function checkOrigin(origin: string | undefined, allowed: ReadonlySet<string>): void {
  if (origin === undefined || allowed.has(origin)) return
  throw new ScimError(403, 'The Origin of this request is not allowed: see the option origins.')
}

/** The allowed origins. Throws a TypeError for a text that is no origin. */
export function originsFrom(given: readonly string[]): ReadonlySet<string> {
  for (const origin of given) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(`options.origins: expected origins such as "https://app.example", got "${origin}"`)
    }
  }
  return new Set(given)
}
