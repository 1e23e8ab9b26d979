/** Ends a trace: what came is not what the client needs. */
export class TraceMismatch extends Error {}
