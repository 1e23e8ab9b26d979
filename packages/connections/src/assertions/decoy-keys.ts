/**
 * Public keys whose private keys do not exist any more. Where no key of a client is known, a signature is verified with
 * one of these, so that the work is the same.
 */
import type { PublicKey } from '../key-sets/public-key.js'

const rsa: PublicKey = {
  kty: 'RSA',
  n: 'msix9IVGCbXV6vGWEGOR3UEI2rt3N8QxplUJCj01MtUK_F_5rmcGR0vZNe0FQaFwYMLha5DNVJfJmwHbqLtbP9bF-sbz_d-0bL3RskBtJuCn_OnLpdblaMC7iBvqxrrsR7aQmBYbYNFTo1Cma9c8K5dZwopeHlKvc6hJDy0dEMPV-BuwQsZXi4QyabKfJEnAOOKPHu3bZeRhAmU1OdokGAylCQ73AVWNDRQvNhkLMaFAw3IhZjWbYcobc7GQ_44kSHYOIXxoXViHcFngVEWKQY0TK_-eryUm-Q-MfX5Qrj1n43uRRHVX_J-xxD0t8j5uofLxb0jecYoxbtz2ro4Clw',
  e: 'AQAB',
}
const ec: PublicKey = {
  kty: 'EC',
  x: 'hNfXmO428YQqjoN15uHTO597WCSYIc9UaDthIabeQcM',
  y: '4RE2z1Tp6s09drXe1OEJDqWRzXcSnyXPoP55nCT29cg',
  crv: 'P-256',
}
const ed: PublicKey = { crv: 'Ed25519', x: 'M5dWsqtprvkQN0sGkhNCqP5YhwovUyhtoshBBXjS3uk', kty: 'OKP' }

/** A key for signatures with this algorithm, which no signature matches. */
export function decoyKey(algorithm: string): PublicKey {
  switch (algorithm) {
    case 'ES256':
      return ec
    case 'EdDSA':
      return ed
    default:
      return rsa
  }
}
