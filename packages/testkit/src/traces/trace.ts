/** What one real provisioning client sends in one situation, and what it needs back. One JSON file each in `traces/`. */
export interface Trace {
  /** One sentence. */
  readonly name: string
  /** The client whose traffic this is, `Entra ID`. */
  readonly client: string
  /** Where the behaviour is documented or was captured. */
  readonly source: string
  /** The family of the quirk, and other things it touches. */
  readonly quirks: readonly string[]
  /** The rules that decide what is right: RFC sections, and ids of docs/identity-providers.md and docs/fine-print.md. */
  readonly cites?: readonly string[]
  /** The interop switch without which a server cannot pass: the client asks for what the RFCs rule out. */
  readonly compat?: string
  /** True when the scenario is about authentication and means nothing without a token. */
  readonly requiresToken?: boolean
  /** Steps that make resources first. */
  readonly setup?: readonly TraceStep[]
  readonly steps: readonly TraceStep[]
}

/** One request and what is expected of the answer. */
export interface TraceStep {
  /** Why this step is here. */
  readonly note?: string
  readonly request: TraceRequest
  readonly expect?: TraceExpectation
}

/** `${name}` in any text is filled in with what an earlier step saved; `${uniq}` is new for every run. */
export interface TraceRequest {
  readonly method: string
  /** Below the base URL, percent-encoded as the client sends it. */
  readonly path: string
  /** Over the defaults; null takes a default away. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: unknown
  /** Text sent as it is, instead of `body`. */
  readonly rawBody?: string
}

/** What must hold of an answer. A 204 without a body that `status` allows ends the checks of the step. */
export interface TraceExpectation {
  readonly status?: number | readonly number[]
  /** `*` is present, null is absent, `/…/i` is matched, `Content-Type` ignores parameters, anything else is equal. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** A deep subset of the body; see `matches`. */
  readonly bodyIncludes?: unknown
  /** JSON pointers at which there is no value: absent, null or `[]`, which RFC 7643 §2.5 makes the same. */
  readonly bodyAbsent?: readonly string[]
  /** No element of the array at `at` matches `match`. */
  readonly bodyExcludes?: readonly { readonly at: string; readonly match: unknown }[]
  /** Names for later steps: a JSON pointer into the body, or `header:Name`. */
  readonly save?: Readonly<Record<string, string>>
}
