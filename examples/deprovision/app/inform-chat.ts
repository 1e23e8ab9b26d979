/** Informs the chat product, which has members of its own, of each change of a user. */
import type { ChangeHandler } from '@scimkit/sql-provider'

const patience = 5_000

/** A handler for the outbox. It throws unless the chat product has accepted the change; then it is called again. */
export function informChat(url: string): ChangeHandler {
  return async ({ position, ref, kind, changed, document }, { signal }) => {
    if (ref.type !== 'User') return
    if (changed !== undefined && !changed.includes('active') && !changed.includes('userName')) return
    const active = kind !== 'remove' && document?.active !== false
    const response = await fetch(`${url}/members/${ref.id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      // A delivery may be repeated: the receiver compares positions, and ignores an older one.
      body: JSON.stringify({ position, userName: document?.userName, active }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`chat answered ${response.status}`)
  }
}
