/** Authenticates the client of a token request against its record. */
import type { AssertionReason } from '../assertions/assertion-reason.js'
import { type AssertionContext, type UsedAssertion, verifyAssertion } from '../assertions/verify-assertion.js'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord } from '../records/connection.js'
import { clientSecretIdIn } from '../tokens/credential.js'
import { digestOf, equalTexts } from '../tokens/digest.js'
import type { PresentedClient } from './presented-client.js'

/** Why a client is refused at the token endpoint. For the operator only: the client receives the same response for all of them. */
export type ClientRejectionReason =
  | AssertionReason
  /** No method of authentication, or one that cannot be read. */
  | 'client-credentials'
  /** No connection has this id, or it has no OAuth settings. */
  | 'client-unknown'
  /** The connection belongs to another tenant than the address. */
  | 'client-tenant'
  | 'client-suspended'
  | 'client-decommissioned'
  | 'client-secret'
  | 'client-secret-expired'

/** The result. */
export type ClientCheck =
  | {
      readonly kind: 'accepted'
      readonly client: ConnectionRecord
      /** The id of the secret that was sent. */
      readonly secret: string | undefined
      readonly used: UsedAssertion | undefined
    }
  | { readonly kind: 'rejected'; readonly reason: ClientRejectionReason }

/** What a client is compared with. */
export interface ClientContext extends Omit<AssertionContext, 'now'> {
  readonly ports: ConnectionPorts
  /** Of the address; undefined if addresses have none. */
  readonly tenant: string | undefined
  /** Whether client secrets are accepted. */
  readonly acceptSecrets: boolean
}

const noDigest = '-'.repeat(43)

/** Decides about a client. Digests and signatures are computed for a client that does not exist as well. */
export async function authenticateClient(
  presented: Exclude<PresentedClient, { readonly kind: 'malformed' }>,
  record: ConnectionRecord | undefined,
  context: ClientContext,
): Promise<ClientCheck> {
  const reason = reasonOf(record, context.tenant)
  // A client that may not have a token has no keys and no secrets.
  const client = reason === undefined ? record : undefined
  const now = context.ports.now()
  switch (presented.kind) {
    case 'secret': {
      const found = await secretOf(presented.secret, client, context.ports)
      if (client === undefined) return rejected(reason ?? 'client-unknown')
      if (!context.acceptSecrets) return rejected('client-credentials')
      if (found === undefined) return rejected('client-secret')
      if (found.expires !== undefined && found.expires <= now) return rejected('client-secret-expired')
      return { kind: 'accepted', client, secret: found.id, used: undefined }
    }
    case 'assertion': {
      const check = await verifyAssertion(presented.jwt, client, { ...context, now })
      if (client === undefined) return rejected(reason ?? 'client-unknown')
      if (check.kind === 'rejected') return check
      return { kind: 'accepted', client, secret: undefined, used: check.used }
    }
  }
}

function reasonOf(client: ConnectionRecord | undefined, tenant: string | undefined): ClientRejectionReason | undefined {
  if (client === undefined) return 'client-unknown'
  if (tenant !== undefined && client.tenant !== tenant) return 'client-tenant'
  switch (client.state) {
    case 'suspended':
      return 'client-suspended'
    case 'decommissioning':
    case 'decommissioned':
      return 'client-decommissioned'
    case 'active':
      return client.oauth === undefined ? 'client-unknown' : undefined
  }
}

async function secretOf(text: string, client: ConnectionRecord | undefined, ports: ConnectionPorts) {
  const digest = await digestOf(text, ports)
  const id = clientSecretIdIn(text)
  const known = client?.oauth?.secrets.find((secret) => secret.id === id)
  return equalTexts(digest, known?.digest ?? noDigest) ? known : undefined
}

function rejected(reason: ClientRejectionReason): ClientCheck {
  return { kind: 'rejected', reason }
}
