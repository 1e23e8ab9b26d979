/** Schemas and resource types: the RFC's as data, and their compiled form. */

export type { Attribute, AttributePath, ResourceType, Schema } from '../schema/attribute.js'
export { caseKey, exactKey } from '../schema/case-key.js'
export { compileResourceType } from '../schema/compile.js'
export type {
  AnyResource,
  CommonAttributes,
  EnterpriseUser,
  Group,
  InferResource,
  Meta,
  User,
} from '../schema/infer-resource.js'
export { resolvePath } from '../schema/path.js'
export {
  type AttributeDefinition,
  type AttributeType,
  defineSchema,
  type Mutability,
  type ResourceOperation,
  type ResourceTypeDefinition,
  type Returned,
  type SchemaDefinition,
  type Uniqueness,
} from '../schema/schema-definition.js'
export { enterpriseUserSchema } from '../schema/standard/enterprise-user.js'
export { groupSchema } from '../schema/standard/group.js'
export { groupType, userType } from '../schema/standard/resource-types.js'
export { userSchema } from '../schema/standard/user.js'
