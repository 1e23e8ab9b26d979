/** Why an assertion or a JWT is refused. For the operator only: the client receives the same response for all of them. */
export type AssertionReason =
  /** Not a JWT in compact form, longer than accepted, duplicate members, or a header that is not accepted (`crit`, `typ`). */
  | 'assertion-form'
  /** The algorithm is not one of the client: `none` and all with a shared secret never are. */
  | 'assertion-algorithm'
  /** The key set has no key with this `kid`, or cannot be read. */
  | 'assertion-key'
  | 'assertion-signature'
  | 'assertion-issuer'
  | 'assertion-subject'
  | 'assertion-audience'
  /** `exp` is missing or past, or `nbf` or `iat` is in the future. */
  | 'assertion-time'
  /** `exp` is farther away than is accepted. */
  | 'assertion-life'
  /** `jti` is missing where it is required, has another form, or has been used before. */
  | 'assertion-jti'
  /** `tid` is missing or not the tenant in `iss`. */
  | 'assertion-tenant'
  | 'assertion-object'
  | 'assertion-application'
  | 'assertion-version'
