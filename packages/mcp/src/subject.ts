/** The resource type of a set of tools, as their caller may use it. */
import type { OperationOnType } from '@scimkit/core/operations'
import type { Attribute, ResourceType } from '@scimkit/core/schema'
import type { ResultBounds } from './documents/bounds.js'
import { isIn } from './json-schema/attribute-schema.js'

/** What tools of one type have in common. */
export interface Subject {
  /** The type's name, as clients spell it: `User`. */
  readonly type: string
  /** The same in names of tools: `user`, `badge_reader`. */
  readonly noun: string
  /** The permitted operations, each with the type and the caller's rights on its attributes. */
  readonly operations: ReadonlyMap<OperationOnType, ResourceType>
  readonly bounds: ResultBounds
  /** The tools that the caller has, to name them in a next step. */
  readonly offered: ReadonlySet<string>
}

/** The type with the rights of the caller to read: those of `get`, else those of the given operation. */
export function typeToShow({ operations }: Subject, otherwise: ResourceType): ResourceType {
  return operations.get('get') ?? otherwise
}

/** The top-level attributes of the core schema and of extensions that have values in this direction. */
export function attributesIn(type: ResourceType, direction: 'sent' | 'returned'): readonly Attribute[] {
  const all = [type.attributes, ...type.extensions.map(({ schema }) => schema.attributes)]
  return all.flatMap((attributes) => [...attributes.values()]).filter((attribute) => isIn(attribute, direction))
}

/** The name of a tool of this subject if the caller has it. */
export function offeredTool({ offered }: Subject, name: string): string | undefined {
  return offered.has(name) ? name : undefined
}
