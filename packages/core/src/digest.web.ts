/**
 * SHA-256 of a text, in lower-case hex, by WebCrypto: for every runtime without `node:crypto` (Node, Bun and Deno have
 * it).
 */
export async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}
