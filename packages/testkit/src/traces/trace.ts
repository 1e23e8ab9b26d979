/** The requests of one real provisioning client in one situation, and the responses it needs. One JSON file each in `traces/`. */
export interface Trace {
  /** One sentence. */
  readonly name: string
  /** The client that sends these requests, `Entra ID`. */
  readonly client: string
  /** The documentation or capture of this behaviour. */
  readonly source: string
  /** The category of the quirk, and related topics. */
  readonly quirks: readonly string[]
  /** The rules that determine the correct response: RFC sections, and ids of docs/identity-providers.md and docs/fine-print.md. */
  readonly cites?: readonly string[]
  /** The interop switch that a server needs to pass: the client requests behaviour that the RFCs forbid. */
  readonly compat?: string
  /** True if the scenario is about authentication and requires a token. */
  readonly requiresToken?: boolean
  /** Steps that create resources first. */
  readonly setup?: readonly TraceStep[]
  readonly steps: readonly TraceStep[]
}

/** One request and the expected response. */
export interface TraceStep {
  /** The reason for this step. */
  readonly note?: string
  readonly request: TraceRequest
  readonly expect?: TraceExpectation
}

/** `${name}` in any text is replaced by a value that an earlier step saved; `${uniq}` is new for every run. */
export interface TraceRequest {
  readonly method: string
  /** Relative to the base URL, percent-encoded as the client sends it. */
  readonly path: string
  /** Added to the default headers; null removes a default. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: unknown
  /** Text sent unchanged, instead of `body`. */
  readonly rawBody?: string
}

/** The requirements for a response. If `status` allows a 204, a 204 without a body ends the checks of the step. */
export interface TraceExpectation {
  readonly status?: number | readonly number[]
  /** `*` is present, null is absent, `/…/i` is a pattern, `Content-Type` ignores parameters, anything else must be equal. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** A deep subset of the body; see `matches`. */
  readonly bodyIncludes?: unknown
  /** JSON pointers without a value: absent, null or `[]`, which are equivalent by RFC 7643 §2.5. */
  readonly bodyAbsent?: readonly string[]
  /** No element of the array at `at` matches `match`. */
  readonly bodyExcludes?: readonly { readonly at: string; readonly match: unknown }[]
  /** Names for later steps: a JSON pointer into the body, or `header:Name`. */
  readonly save?: Readonly<Record<string, string>>
}
