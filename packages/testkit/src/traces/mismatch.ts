/** Ends a trace: the response does not meet the needs of the client. */
export class TraceMismatch extends Error {}
