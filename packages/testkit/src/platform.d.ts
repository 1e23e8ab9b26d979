/**
 * The platform functions that the testkit uses beyond the globals of the core. Node's modules are loaded only when they
 * are used, so that all other parts of the kit run wherever the core runs.
 */

declare class URL {
  constructor(url: string, base?: string | URL)
  readonly protocol: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
}

declare interface ImportMeta {
  readonly url: string
}

declare module 'node:http' {
  export interface IncomingMessage {
    readonly statusCode?: number
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
    on(event: 'data', listener: (chunk: Uint8Array) => void): void
    on(event: 'end', listener: () => void): void
    on(event: 'error', listener: (error: Error) => void): void
  }
  export interface ClientRequest {
    on(event: 'error', listener: (error: Error) => void): void
    on(event: 'response', listener: (response: IncomingMessage) => void): void
    setTimeout(milliseconds: number, listener: () => void): void
    destroy(error: Error): void
    end(body?: string | Uint8Array): void
  }
  export class Agent {
    constructor(options: { readonly keepAlive: boolean })
    destroy(): void
  }
  export function request(options: {
    readonly protocol: string
    readonly hostname: string
    readonly port: string
    readonly path: string
    readonly method: string
    readonly headers: Readonly<Record<string, string | readonly string[]>>
    readonly agent: Agent
  }): ClientRequest
}

declare module 'node:https' {
  export { Agent, request } from 'node:http'
}

declare module 'node:fs/promises' {
  export function readdir(folder: URL): Promise<string[]>
  export function readFile(file: URL, encoding: 'utf8'): Promise<string>
}
