import type { JsonObject } from '@scimkit/core'
import { own } from '@scimkit/core/json'
import type { ResourceType } from '@scimkit/core/schema'
import { sentDocument } from '../documents/sent-document.js'
import { documentSchema } from '../json-schema/attribute-schema.js'
import { objectSchema, type StringSchema } from '../json-schema/json-schema.js'
import { duplicateResult } from '../results/conflict-result.js'
import { resourceResult } from '../results/resource-result.js'
import { type Subject, typeToShow } from '../subject.js'
import { optionalText } from './arguments.js'
import { notice, outputSchema, resourceMembers } from './output-schemas.js'
import { type Tool, writing } from './tool.js'

const keyArgument: StringSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  description: 'A text that you use for this one create, such as a random UUID, and again if you repeat the call.',
}

/** Creates a resource. @see RFC 7644 §3.3 */
export function createTool(subject: Subject, type: ResourceType, supportsIdempotencyKeys: boolean): Tool {
  const { type: name, noun, bounds } = subject
  return {
    name: `create_${noun}`,
    description: supportsIdempotencyKeys
      ? `Creates a ${name}. With idempotencyKey a repeated call creates nothing: it returns the ${name} of the first call.`
      : `Creates a ${name}. If the result was lost, search for the ${name} before another try.`,
    inputSchema: objectSchema(
      { resource: documentSchema(type, 'sent'), ...(supportsIdempotencyKeys && { idempotencyKey: keyArgument }) },
      ['resource'],
    ),
    outputSchema: outputSchema(typeToShow(subject, type), { ...resourceMembers, notice }, ['id', 'version']),
    annotations: { ...writing(`Create a ${name}`, 'additive'), idempotentHint: false },
    async run(given, directory) {
      const document = sentDocument(type, own(given, 'resource') as JsonObject)
      const ended = await directory.create(name, document, optionalText(given, 'idempotencyKey'))
      if (ended.kind === 'duplicate') return duplicateResult(subject, ended)
      return resourceResult(ended, typeToShow(subject, type), bounds)
    },
  }
}
