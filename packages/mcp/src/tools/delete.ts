import type { ResourceType } from '@scimkit/core/schema'
import { objectSchema } from '../json-schema/json-schema.js'
import { writeResult } from '../results/conflict-result.js'
import { offeredTool, type Subject, typeToShow } from '../subject.js'
import { expectedVersion, idArgument, textArgument, versionArgument } from './arguments.js'
import { conflictSchema, outputSchema } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

/** Removes a resource. @see RFC 7644 §3.6 */
export function deleteTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun } = subject
  const tool = `delete_${noun}`
  const deactivate = offeredTool(subject, `deactivate_${noun}`)
  const instead = deactivate === undefined ? '' : ` To end the access of a ${name} and keep its data use ${deactivate}.`
  return {
    name: tool,
    description: `Removes a ${name}; it cannot be restored.${instead}`,
    inputSchema: objectSchema({ id: idArgument, expectedVersion: versionArgument }, ['id', 'expectedVersion']),
    outputSchema: outputSchema(typeToShow(subject, type), { id: { type: 'string' } }, ['id'], conflictSchema),
    annotations: writing(`Delete a ${name}`, 'destructive'),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const ended = await directory.remove({ type: name, id }, expected)
      if (ended.kind === 'removed') return { outcome: 'success', id }
      return writeResult({ subject, directory, id, expected, tool, type }, ended)
    },
  }
}
