import type { Facts } from './facts.js'

const name = 'cursor_key'
const keyLength = 32

/** The secret that encrypts cursors: the first process that needs it creates it, and all processes use the same one. */
export function cursorKeyIn(facts: Facts): () => Promise<string> {
  let known: string | undefined
  return async () => {
    known ??= (await facts.read(name)) ?? (await firstKey(facts))
    return known
  }
}

async function firstKey(facts: Facts): Promise<string> {
  const key = newKey()
  if (await facts.swap(name, undefined, key)) return key
  const stored = await facts.read(name)
  if (stored === undefined) throw new Error('The cursor key was removed from scim_meta while it was read.')
  return stored
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyLength))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
