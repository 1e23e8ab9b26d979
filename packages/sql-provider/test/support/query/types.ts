/** The resource types for queries: users, groups, and one with every type of attribute. */
import { defineSchema, groupType, type ResourceTypeDefinition, userType } from '@scimkit/core'
import { compileResourceType, type ResourceType } from '@scimkit/core/schema'

/** The URN of the enterprise extension. */
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const deviceType: ResourceTypeDefinition = {
  name: 'Device',
  endpoint: '/Devices',
  schema: defineSchema({
    id: 'urn:example:params:scim:schemas:Device',
    name: 'Device',
    attributes: {
      displayName: {},
      serial: { caseExact: true },
      size: { type: 'integer' },
      weight: { type: 'decimal' },
      bought: { type: 'dateTime' },
      repaired: { type: 'dateTime', multiValued: true },
      lost: { type: 'boolean' },
      tags: { multiValued: true },
      print: { type: 'binary' },
    },
  }),
}

/** The types by name. */
export const types = {
  User: compileResourceType(userType),
  Group: compileResourceType(groupType),
  Device: compileResourceType(deviceType),
} as const satisfies Record<string, ResourceType>

/** The name of one of {@link types}. */
export type TypeName = keyof typeof types

/** Attributes that a compared provider should index in addition to those that it always indexes: some of each kind. */
export const indexes: Readonly<Record<TypeName, readonly string[]>> = {
  User: [
    'name.familyName',
    'active',
    'emails.type',
    'schemas',
    `${enterprise}:department`,
    `${enterprise}:manager.value`,
  ],
  Group: [],
  Device: ['serial', 'size', 'weight', 'bought', 'repaired', 'lost', 'tags', 'print'],
}
