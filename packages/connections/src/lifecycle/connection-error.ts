/** Why a change of a connection was not made. */
export type ConnectionErrorKind =
  /** There is no such connection, token or secret, or it belongs to another tenant: the two are not distinguished. */
  | 'notFound'
  /** A value is missing or has another form. */
  | 'invalid'
  /** The state of the connection does not permit the change. */
  | 'state'
  /** The connection has as many tokens or secrets as it may have. */
  | 'limit'
  /** Other active connections have users in the same tenant. */
  | 'otherConnections'
  /** Other processes changed the connection at the same time, again and again. Nothing was changed. */
  | 'conflict'

/** A change of a connection was not made. `message` is for the operator, and never has a part of a secret. */
export class ConnectionError extends Error {
  readonly kind: ConnectionErrorKind

  constructor(kind: ConnectionErrorKind, message: string) {
    super(message)
    this.name = 'ConnectionError'
    this.kind = kind
  }
}
