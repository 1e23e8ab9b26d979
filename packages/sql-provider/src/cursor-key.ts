import type { Facts } from './facts.js'

const name = 'cursor_key'
const keyLength = 32

/** The secret that cursors are sealed with: made by whichever process asks first, and the same for all from then on. */
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
  const rivals = await facts.read(name)
  if (rivals === undefined) throw new Error('The key of the cursors was there and is gone.')
  return rivals
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyLength))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
