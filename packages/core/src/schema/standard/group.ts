/**
 * The core Group schema.
 * @see RFC 7643 §4.2, §8.7.1; errata 5368 (`displayName` is required), 8011 (`members.display` exists)
 */
export const groupSchema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  attributes: {
    displayName: { required: true, description: 'The name of the group, for display.' },
    members: {
      type: 'complex',
      multiValued: true,
      description: 'The members of the group.',
      subAttributes: {
        value: { caseExact: true, mutability: 'immutable', description: 'The id of the member.' },
        $ref: {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
          mutability: 'immutable',
          description: 'The URI of the member.',
        },
        type: {
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
          description: 'What the member is, "User" or "Group".',
        },
        display: { mutability: 'readOnly', description: 'The name of the member, looked up when the group is read.' },
      },
    },
  },
} as const
