import type { ResourceType } from '@scimkit/core/schema'
import type { ArraySchema } from '../json-schema/json-schema.js'
import { objectSchema } from '../json-schema/json-schema.js'
import { notFoundResult } from '../results/error-result.js'
import { resourceResult } from '../results/resource-result.js'
import { attributesIn, offeredTool, type Subject } from '../subject.js'
import { idArgument, textArgument, textsArgument } from './arguments.js'
import { notice, outputSchema, resourceMembers } from './output-schemas.js'
import { readOnly, type Tool } from './tool.js'

/** Reads one resource. @see RFC 7644 §3.4.1 */
export function getTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun, bounds } = subject
  return {
    name: `get_${noun}`,
    description: `Reads one ${name} by its id. The result has its version, which every later write to it must name.`,
    inputSchema: objectSchema({ id: idArgument, attributes: attributesArgument(type) }, ['id']),
    outputSchema: outputSchema(type, { ...resourceMembers, notice }, ['id', 'version']),
    annotations: readOnly(`Get a ${name}`),
    async run(given, directory) {
      const id = textArgument(given, 'id')
      const attributes = textsArgument(given, 'attributes')
      const found = await directory.get({ type: name, id }, attributes.length === 0 ? {} : { attributes })
      return found.kind === 'notFound'
        ? notFoundResult(name, id, offeredTool(subject, `search_${noun}`))
        : resourceResult(found, type, bounds)
    },
  }
}

/** `attributes` of a read. @see RFC 7644 §3.9 */
export function attributesArgument(type: ResourceType): ArraySchema {
  const names = attributesIn(type, 'returned').map(({ path }) => path)
  return {
    type: 'array',
    maxItems: 100,
    items: { type: 'string', enum: names },
    description: 'The attributes that you need. Default: all.',
  }
}
