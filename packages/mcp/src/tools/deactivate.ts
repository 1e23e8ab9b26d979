import type { ResourceType } from '@scimkit/core/schema'
import { objectSchema } from '../json-schema/json-schema.js'
import { writeResult } from '../results/conflict-result.js'
import { type Subject, typeToShow } from '../subject.js'
import { expectedVersion, idArgument, textArgument, versionArgument } from './arguments.js'
import { conflictSchema, notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

/** Sets `active` to false: the resource stays, and its access ends. @see RFC 7643 §4.1.1 */
export function deactivateTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun } = subject
  const tool = `deactivate_${noun}`
  const shown = typeToShow(subject, type)
  return {
    name: tool,
    description: `Ends the access of a ${name} (active: false) and keeps its data. patch_${noun} with active true reverses it.`,
    inputSchema: objectSchema({ id: idArgument, expectedVersion: versionArgument }, ['id', 'expectedVersion']),
    outputSchema: outputSchema(shown, { ...resourceMembers, notice }, ['id', 'version'], conflictSchema),
    annotations: writing(`Deactivate a ${name}`, 'destructive'),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const operations = [{ op: 'replace', path: 'active', value: false }]
      const ended = await directory.patch({ type: name, id }, operations, expected)
      return writeResult({ subject, directory, id, expected, tool, type }, ended)
    },
  }
}
