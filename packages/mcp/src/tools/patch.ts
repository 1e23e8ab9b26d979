import type { ResourceType } from '@scimkit/core/schema'
import { objectSchema } from '../json-schema/json-schema.js'
import { writeResult } from '../results/conflict-result.js'
import { type Subject, typeToShow } from '../subject.js'
import {
  expectedVersion,
  idArgument,
  operationsArgument,
  operationsOf,
  textArgument,
  versionArgument,
} from './arguments.js'
import { conflictSchema, notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

/** Changes parts of a resource. @see RFC 7644 §3.5.2 */
export function patchTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun } = subject
  const tool = `patch_${noun}`
  const shown = typeToShow(subject, type)
  return {
    name: tool,
    description: `Changes parts of a ${name} and leaves the rest as it is. Read it first: the call names the version that it changes.`,
    inputSchema: objectSchema(
      { id: idArgument, expectedVersion: versionArgument, operations: operationsArgument(type) },
      ['id', 'expectedVersion', 'operations'],
    ),
    outputSchema: outputSchema(shown, { ...resourceMembers, notice }, ['id', 'version'], conflictSchema),
    annotations: writing(`Change a ${name}`, 'destructive'),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const ended = await directory.patch({ type: name, id }, operationsOf(given), expected)
      return writeResult({ subject, directory, id, expected, tool, type }, ended)
    },
  }
}
