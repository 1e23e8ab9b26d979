/**
 * Bearer tokens and client secrets: a prefix that scanners of source code can search for, a public id under which the
 * record is stored, 256 random bits, and a checksum. Each part has a fixed length, so no separator can be ambiguous.
 */
import type { Ports } from '@scimkit/core'
import { base64url, isBase64url } from './base64url.js'
import { checksum, checksumLength } from './checksum.js'
import { digestOf } from './digest.js'

/** A new credential. `text` is shown once and not stored. */
export interface NewCredential {
  readonly id: string
  readonly text: string
  /** SHA-256 of `text`, base64url. */
  readonly digest: string
}

interface CredentialForm {
  readonly prefix: string
  readonly idBytes: number
}

/** `scim_`, 16 characters of id, 43 of secret, 6 of checksum. */
const tokenForm: CredentialForm = { prefix: 'scim_', idBytes: 12 }

/** `scimsec_`, 12 characters of id, 43 of secret, 6 of checksum. */
const clientSecretForm: CredentialForm = { prefix: 'scimsec_', idBytes: 9 }

const secretBytes = 32
const secretLength = 43

/** A new bearer token, static or an access token. */
export function newToken(ports: Pick<Ports, 'randomBytes' | 'digest'>): Promise<NewCredential> {
  return newCredential(tokenForm, ports)
}

/** The public id in a bearer token; undefined for a text that is no token. Never throws. */
export function tokenIdIn(text: string): string | undefined {
  return idIn(tokenForm, text)
}

/** The part of a text in which a bearer token has its public id. Any text has one, so it proves nothing. */
export function tokenIdAt(text: string): string {
  return text.slice(tokenForm.prefix.length, tokenForm.prefix.length + lengthOfId(tokenForm))
}

/** A new client secret. */
export function newClientSecret(ports: Pick<Ports, 'randomBytes' | 'digest'>): Promise<NewCredential> {
  return newCredential(clientSecretForm, ports)
}

/** The public id in a client secret; undefined for a text that is no client secret. Never throws. */
export function clientSecretIdIn(text: string): string | undefined {
  return idIn(clientSecretForm, text)
}

/** A new id of a connection: 22 characters of base64url, from 128 random bits. */
export function newConnectionId({ randomBytes }: Pick<Ports, 'randomBytes'>): string {
  return idOf(randomBytes(16))
}

// An id that begins with a hyphen would be read as an option by every command line. Ids are no secrets: one bit less.
function idOf(bytes: Uint8Array): string {
  const id = base64url(bytes)
  return id.startsWith('-') ? `A${id.slice(1)}` : id
}

async function newCredential(
  { prefix, idBytes }: CredentialForm,
  ports: Pick<Ports, 'randomBytes' | 'digest'>,
): Promise<NewCredential> {
  const id = idOf(ports.randomBytes(idBytes))
  const content = `${prefix}${id}${base64url(ports.randomBytes(secretBytes))}`
  const text = content + checksum(content)
  return { id, text, digest: await digestOf(text, ports) }
}

function lengthOfId({ idBytes }: CredentialForm): number {
  return (idBytes / 3) * 4
}

function idIn(form: CredentialForm, text: string): string | undefined {
  const { prefix } = form
  const idLength = lengthOfId(form)
  if (text.length !== prefix.length + idLength + secretLength + checksumLength) return undefined
  if (!text.startsWith(prefix)) return undefined
  const content = text.slice(0, -checksumLength)
  if (!isBase64url(content.slice(prefix.length)) || checksum(content) !== text.slice(-checksumLength)) return undefined
  return content.slice(prefix.length, prefix.length + idLength)
}
