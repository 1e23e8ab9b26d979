import type { JsonObject } from '@scimkit/core'
import { own } from '@scimkit/core/json'
import type { ResourceType } from '@scimkit/core/schema'
import { sentDocument } from '../documents/sent-document.js'
import { shownDocument } from '../documents/shown-document.js'
import { documentSchema } from '../json-schema/attribute-schema.js'
import { objectSchema } from '../json-schema/json-schema.js'
import { writeResult } from '../results/conflict-result.js'
import type { ErrorResult } from '../results/result.js'
import { offeredTool, type Subject, typeToShow } from '../subject.js'
import { expectedVersion, idArgument, textArgument, versionArgument } from './arguments.js'
import { conflictSchema, notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

/**
 * Replaces the document of a resource. A resource that results show altered cannot be replaced: the agent has not seen
 * what it would remove.
 * @see RFC 7644 §3.5.1
 */
export function replaceTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun, bounds } = subject
  const tool = `replace_${noun}`
  const shown = typeToShow(subject, type)
  return {
    name: tool,
    description: `Replaces a whole ${name}: attributes that resource does not have are removed. To change a part of it use patch_${noun}.`,
    inputSchema: objectSchema(
      { id: idArgument, expectedVersion: versionArgument, resource: documentSchema(type, 'sent') },
      ['id', 'expectedVersion', 'resource'],
    ),
    outputSchema: outputSchema(shown, { ...resourceMembers, notice }, ['id', 'version'], conflictSchema),
    annotations: writing(`Replace a ${name}`, 'destructive'),
    async run(given, directory) {
      const [id, expected] = [textArgument(given, 'id'), expectedVersion(given)]
      const call = { subject, directory, id, expected, tool, type }
      const current = await directory.get({ type: name, id })
      if (current.kind === 'notFound') return writeResult(call, current)
      // The write below compares the version, so what is checked here is what is replaced.
      const altered = shownDocument(shown, current.resource ?? {}, bounds).altered
      if (altered.length > 0) return cannotReplace(subject, altered)
      const document = sentDocument(type, own(given, 'resource') as JsonObject)
      return writeResult(call, await directory.replace({ type: name, id }, document, expected))
    },
  }
}

function cannotReplace(subject: Subject, altered: readonly string[]): ErrorResult {
  const patch = offeredTool(subject, `patch_${subject.noun}`)
  return {
    outcome: 'error',
    status: 400,
    detail: `Results show ${altered.join(', ')} of this ${subject.type} shortened or cleaned, so a replacement would lose values. Nothing was written.`,
    argument: 'resource',
    ...(patch !== undefined && { nextStep: `Use ${patch} to change single attributes.` }),
  }
}
