/** The options of tools and of the MCP endpoint. */
import { platformPorts, type ScimOptions } from '@scimkit/core'
import { type BasePath, basePathOf } from '@scimkit/core/adapter'
import { boundsFrom, type ResultBounds } from '../documents/bounds.js'
import type { ServerIdentity } from './mcp-server.js'
import { originsFrom } from './origins.js'
import { checkWriteBudget, type WriteBudget } from './write-budget.js'

/** The options of tools, on every transport. */
export interface ToolOptions {
  /** Offers only tools that read. Default false. */
  readonly readOnly?: boolean
  /** How much of the directory's data a result shows. */
  readonly bounds?: Partial<ResultBounds>
  /** How often the tools of one caller may write. Default: no limit beside `rateLimit`. */
  readonly writeBudget?: WriteBudget
  /** How the server introduces itself to clients. */
  readonly identity?: ServerIdentity
}

/** The options of the endpoint: those of the SCIM server beside it, and its own. */
export interface McpOptions<Native = unknown> extends ScimOptions<Native>, ToolOptions {
  /** Where the endpoint is: `/mcp` by default, or `/:tenant/mcp`. */
  readonly path?: string
  /** Where SCIM is mounted, for the locations in results; parameters have the values of `path`. Default `/scim/v2`. */
  readonly basePath?: string
  /** The origins of web pages that may call, such as `https://app.example`. Default: none. */
  readonly origins?: readonly string[]
}

/** The options of tools with their defaults. */
export interface ToolSettings {
  readonly readOnly: boolean
  readonly bounds: ResultBounds
  readonly writeBudget: WriteBudget | undefined
  readonly identity: ServerIdentity
}

/** The options of tools with their defaults. Throws a TypeError that names an invalid one. */
export function toolSettingsFrom({
  readOnly = false,
  bounds,
  writeBudget,
  identity = { name: 'scimkit', version: '0.1.0' },
}: ToolOptions): ToolSettings {
  if (writeBudget !== undefined) checkWriteBudget(writeBudget)
  return { readOnly, bounds: boundsFrom(bounds), writeBudget, identity }
}

/** The options of the endpoint, compiled. */
export interface EndpointSettings<Native> extends ToolSettings {
  readonly scimOptions: ScimOptions<Native>
  readonly endpoint: BasePath
  readonly scimPath: BasePath
  readonly origins: ReadonlySet<string>
  readonly supportsIdempotencyKeys: boolean
  readonly startTimer: (milliseconds: number, run: () => void) => () => void
  readonly onError: (error: unknown, requestId: string) => void
}

/** The options of the endpoint, compiled. Throws a TypeError that names an invalid one. */
export function endpointSettingsFrom<Native>(options: McpOptions<Native>): EndpointSettings<Native> {
  const { path = '/mcp', basePath = '/scim/v2', origins = [], ...others } = options
  const { readOnly, bounds, writeBudget, identity, ...scimOptions } = others
  const endpoint = basePathOf(path)
  if (endpoint.text === '') throw new TypeError('options.path: expected a path such as "/mcp"')
  const { provider, ports, onError } = scimOptions
  return {
    ...toolSettingsFrom(options),
    scimOptions: scimOptions as ScimOptions<Native>,
    endpoint,
    scimPath: basePathOf(basePath),
    origins: originsFrom(origins),
    // A provider that is chosen for each request answers 501 if it does not support them.
    supportsIdempotencyKeys: typeof provider === 'function' || provider.supports?.idempotencyKeys === true,
    startTimer: ports?.startTimer ?? platformPorts.startTimer,
    onError: (error, requestId) => {
      if (onError !== undefined) onError(error, { requestId })
      else console.error(`ScimKit: MCP request ${requestId} failed:`, error)
    },
  }
}
