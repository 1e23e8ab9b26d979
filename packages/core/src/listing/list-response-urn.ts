/** The URN of list responses. @see RFC 7644 §3.4.2, §8.2 */
export const listResponse = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
