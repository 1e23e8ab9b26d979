/** As much of miniflare as is used here: it is not installed with the workspace, and types are checked without it. */
declare module 'miniflare' {
  export class Miniflare {
    constructor(options: { readonly modules: boolean; readonly script: string; readonly compatibilityDate: string })
    readonly ready: Promise<URL>
    dispatchFetch(url: string): Promise<Response>
    dispose(): Promise<void>
  }
}
