/** The imports of the Worker from its platform. */
declare module 'cloudflare:workers' {
  export function waitUntil(promise: Promise<unknown>): void
}
