/** Runs work on a database after its tables were created, and converts store failures to SCIM errors as a provider does. */
export type Guarded = <Value>(work: () => Promise<Value>) => Promise<Value>
