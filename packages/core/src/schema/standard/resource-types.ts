import type { ResourceTypeDefinition } from '../schema-definition.js'
import { enterpriseUserSchema } from './enterprise-user.js'
import { groupSchema } from './group.js'
import { userSchema } from './user.js'

/** /Users: the core User with the enterprise extension. @see RFC 7643 §4.1, §4.3, §8.6 */
export const userType: ResourceTypeDefinition = {
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: userSchema,
  extensions: [{ schema: enterpriseUserSchema, required: false }],
}

/** /Groups. @see RFC 7643 §4.2, §8.6 */
export const groupType: ResourceTypeDefinition = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: groupSchema,
  keepsMembers: true,
}
