/** The traces of the testkit, as a part of the bundle: some runtimes have no file system. See tools/test-runtimes.mjs. */
declare module 'traces' {
  import type { LoadedTrace } from '@scimkit/testkit'
  export const traces: readonly LoadedTrace[]
}
