/**
 * The page of the tools for agents, docs/guide/agent-tools.md, from the tools themselves. Build first.
 *
 *   node tools/agent-tools.mjs --write      writes the page; a test compares it with the tools
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { catalogueOf } from '../packages/mcp/dist/tools/catalogue.js'
import { root } from './workspace.mjs'

/** The path of the page. */
export const page = join(root, 'docs/guide/agent-tools.md')

/** The text of the page. */
export async function pageText() {
  const scim = createScim({ provider: memoryProvider() })
  const types = await scim.permitted(scim.context({ tenant: tenantId('default') }))
  const bounds = { textLength: 1_000, listLength: 100 }
  const tools = catalogueOf(types, { bounds, readOnly: false, supportsIdempotencyKeys: true }).all()
  return `# Tools for agents

The tools of \`@scimkit/mcp\` for User and Group, as a caller with all rights has them. This page is generated: \`node tools/agent-tools.mjs --write\`. What they have in common is in [Agents](agents.md).

${tools.map(sectionOf).join('\n')}`
}

function sectionOf({ name, description, inputSchema, outputSchema, annotations }) {
  const { readOnlyHint, destructiveHint, idempotentHint } = annotations
  const kind = readOnlyHint ? 'reads' : destructiveHint ? 'writes, can remove values' : 'writes, adds only'
  const outcomes = outputSchema.oneOf.map(({ properties }) => `\`${properties.outcome.enum[0]}\``)
  return `## \`${name}\`

${description}

${annotations.title}: ${kind}${!readOnlyHint && idempotentHint ? ', a repeated call changes nothing more' : ''}. Outcomes: ${outcomes.join(', ')}.

| argument | | |
|---|---|---|
${Object.entries(inputSchema.properties)
  .map(([argument, schema]) => rowOf(argument, schema, inputSchema.required?.includes(argument) ?? false))
  .join('\n')}
`
}

function rowOf(argument, schema, isRequired) {
  return `| \`${argument}\`${isRequired ? ', required' : ''} | ${typeOf(schema)} | ${cell(schema.description ?? '')} |`
}

function typeOf(schema) {
  switch (schema.type) {
    case 'string':
      return schema.enum === undefined ? 'text' : oneOf(schema.enum)
    case 'integer':
      return `whole number, ${schema.minimum} to ${schema.maximum}`
    case 'array':
      return `list of ${schema.items.type === 'object' ? objectOf(schema.items) : typeOf(schema.items)}`
    case 'object':
      return objectOf(schema)
    default:
      return 'any value'
  }
}

function oneOf(values) {
  const shown = values.slice(0, 12).map((value) => `\`${value}\``)
  return values.length > 12 ? `${shown.join(', ')} and ${values.length - 12} more` : shown.join(', ')
}

function objectOf({ properties, required = [] }) {
  const names = Object.keys(properties)
  const shown = names.slice(0, 8).map((name) => `\`${name}\`${required.includes(name) ? ' (required)' : ''}`)
  return `object with ${shown.join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await pageText()
  if (process.argv.includes('--write')) writeFileSync(page, text)
  else process.stdout.write(text)
}
