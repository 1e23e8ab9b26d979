import type { PatchOperationInput } from '@scimkit/core/patch'
import type { Attribute, ResourceType } from '@scimkit/core/schema'
import { objectSchema } from '../json-schema/json-schema.js'
import { writeResult } from '../results/conflict-result.js'
import { type Subject, typeToShow } from '../subject.js'
import { expectedVersion, idArgument, textArgument, textsArgument, versionArgument } from './arguments.js'
import { conflictSchema, notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

const mostMembers = 100

/** Adds members by their ids. @see RFC 7644 §3.5.2.1 */
export function addMembersTool(subject: Subject, type: ResourceType, members: Attribute): Tool {
  return membersTool(subject, type, members, {
    name: `add_${subject.noun}_members`,
    description: `Adds members to a ${subject.type}. Members that it has already stay.`,
    title: `Add members to a ${subject.type}`,
    effect: 'additive',
    operations: (ids) => [{ op: 'add', path: members.name, value: ids.map((value) => ({ value })) }],
  })
}

/** Removes members by their ids. @see RFC 7644 §3.5.2.2 */
export function removeMembersTool(subject: Subject, type: ResourceType, members: Attribute): Tool {
  return membersTool(subject, type, members, {
    name: `remove_${subject.noun}_members`,
    description: `Removes members from a ${subject.type}. An id that is no member is an error, and then nothing is removed.`,
    title: `Remove members from a ${subject.type}`,
    effect: 'destructive',
    operations: (ids) => ids.map((id) => ({ op: 'remove', path: `${members.name}[value eq ${JSON.stringify(id)}]` })),
  })
}

interface Change {
  readonly name: string
  readonly description: string
  readonly title: string
  readonly effect: 'additive' | 'destructive'
  readonly operations: (ids: readonly string[]) => readonly PatchOperationInput[]
}

function membersTool(subject: Subject, type: ResourceType, members: Attribute, change: Change): Tool {
  const { type: name } = subject
  const shown = typeToShow(subject, type)
  const ids = {
    type: 'array',
    minItems: 1,
    maxItems: mostMembers,
    items: idArgument,
    description: `The ids of the ${members.name}.`,
  } as const
  return {
    name: change.name,
    description: change.description,
    inputSchema: objectSchema({ id: idArgument, expectedVersion: versionArgument, members: ids }, [
      'id',
      'expectedVersion',
      'members',
    ]),
    outputSchema: outputSchema(shown, { ...resourceMembers, notice }, ['id', 'version'], conflictSchema),
    annotations: writing(change.title, change.effect),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const operations = change.operations([...new Set(textsArgument(given, 'members'))])
      const ended = await directory.patch({ type: name, id }, operations, expected)
      return writeResult({ subject, directory, id, expected, tool: change.name, type }, ended)
    },
  }
}
