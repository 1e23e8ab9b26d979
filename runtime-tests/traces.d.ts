/** The traces of the testkit, bundled in: not every runtime has a file system. See tools/test-runtimes.mjs. */
declare module 'traces' {
  import type { LoadedTrace } from '@scimkit/testkit'
  export const traces: readonly LoadedTrace[]
}
