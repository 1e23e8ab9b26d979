/** The part of miniflare that is used here: it is not installed with the workspace, and types are checked without it. */
declare module 'miniflare' {
  interface WorkerOptions {
    readonly modules: boolean
    readonly script: string
    readonly compatibilityDate: string
    /** Classes of objects by the names of their bindings. */
    readonly durableObjects?: Readonly<Record<string, { readonly className: string; readonly useSQLite: boolean }>>
    /** The folder of their storage; without one the storage ends with the process. */
    readonly durableObjectsPersist?: string
  }

  interface NamedWorkerOptions extends WorkerOptions {
    readonly name: string
    /** Ids of databases by the names of their bindings; workers with the same id share the database. */
    readonly d1Databases?: Readonly<Record<string, string>>
    /** Names of workers by the names of their bindings. */
    readonly serviceBindings?: Readonly<Record<string, string>>
    /** One address for each object. */
    readonly unsafeDirectSockets?: readonly object[]
  }

  export class Miniflare {
    constructor(options: WorkerOptions | { readonly workers: readonly NamedWorkerOptions[] })
    readonly ready: Promise<URL>
    dispatchFetch(url: string): Promise<Response>
    unsafeGetDirectURL(workerName: string): Promise<URL>
    dispose(): Promise<void>
  }
}
