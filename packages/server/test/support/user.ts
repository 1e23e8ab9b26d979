/** The media type of SCIM. */
export const scimJson = 'application/scim+json'

/** A user as JSON text. */
export const user = (userName: string, more: object = {}): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...more })
