/** What the Worker imports of its platform. */
declare module 'cloudflare:workers' {
  export function waitUntil(promise: Promise<unknown>): void
}
