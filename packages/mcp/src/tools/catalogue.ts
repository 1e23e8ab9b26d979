/** The tools of one caller: for each resource type, those whose operations the caller may carry out. */
import type { OperationOnType, PermittedType } from '@scimkit/core/operations'
import type { ResourceType } from '@scimkit/core/schema'
import type { ResultBounds } from '../documents/bounds.js'
import type { Subject } from '../subject.js'
import { createTool } from './create.js'
import { deactivateTool } from './deactivate.js'
import { deleteTool } from './delete.js'
import { getTool } from './get.js'
import { addMembersTool, removeMembersTool } from './members.js'
import { mergeTool } from './merge.js'
import { nounOf } from './noun.js'
import { patchTool } from './patch.js'
import { previewTool } from './preview.js'
import { replaceTool } from './replace.js'
import { searchTool } from './search.js'
import type { Tool } from './tool.js'

/** What decides which tools there are, beside the rights of the caller. */
export interface CatalogueOptions {
  readonly bounds: ResultBounds
  /** Leaves out every tool that writes. */
  readonly readOnly: boolean
  readonly supportsIdempotencyKeys: boolean
}

/** The tools of a caller. A tool is built when it is needed: a call needs one, a list all. */
export interface Catalogue {
  readonly names: readonly string[]
  /** Undefined: the caller has no such tool. */
  tool(name: string): Tool | undefined
  all(): readonly Tool[]
}

/** The tools for these types. Throws a TypeError if two types have the same name in names of tools. */
export function catalogueOf(types: readonly PermittedType[], options: CatalogueOptions): Catalogue {
  const builders = new Map<string, () => Tool>()
  for (const permitted of types) {
    const noun = nounOf(permitted.name)
    const kinds = kindsFor(permitted, noun, options)
    const offered = new Set(kinds.map(({ name }) => name))
    const { name: type, operations } = permitted
    const subject: Subject = { type, noun, operations, bounds: options.bounds, offered }
    for (const { name, build } of kinds) {
      if (builders.has(name)) {
        throw new TypeError(`two resource types have tools with the name ${name}: give one of them another name`)
      }
      builders.set(name, () => build(subject))
    }
  }
  return {
    names: [...builders.keys()],
    tool: (name) => builders.get(name)?.(),
    all: () => [...builders.values()].map((build) => build()),
  }
}

interface ToolKind {
  readonly name: string
  readonly build: (subject: Subject) => Tool
}

function kindsFor(
  { operations }: PermittedType,
  noun: string,
  { readOnly, supportsIdempotencyKeys }: CatalogueOptions,
): readonly ToolKind[] {
  const kinds: ToolKind[] = []
  const typeFor = (kind: OperationOnType): ResourceType | undefined => operations.get(kind)
  const add = (name: string, build: ToolKind['build']): void => void kinds.push({ name, build })
  const [get, query, patch] = [typeFor('get'), typeFor('query'), typeFor('patch')]
  if (get !== undefined) add(`get_${noun}`, (subject) => getTool(subject, get))
  if (query !== undefined) add(`search_${noun}`, (subject) => searchTool(subject, query))
  if (patch !== undefined && get !== undefined) add(`preview_${noun}`, (subject) => previewTool(subject, patch, get))
  if (readOnly) return kinds
  const [create, replace, remove] = [typeFor('create'), typeFor('replace'), typeFor('remove')]
  if (create !== undefined) add(`create_${noun}`, (subject) => createTool(subject, create, supportsIdempotencyKeys))
  if (patch !== undefined) {
    add(`patch_${noun}`, (subject) => patchTool(subject, patch))
    for (const [name, build] of specialised(patch, noun)) add(name, build)
  }
  if (patch !== undefined && get !== undefined) add(`merge_${noun}`, (subject) => mergeTool(subject, patch, get))
  if (replace !== undefined && get !== undefined) add(`replace_${noun}`, (subject) => replaceTool(subject, replace))
  if (remove !== undefined) add(`delete_${noun}`, (subject) => deleteTool(subject, remove))
  return kinds
}

// What patch does too, for the changes that agents make most.
function specialised(patch: ResourceType, noun: string): readonly (readonly [string, ToolKind['build']])[] {
  const { members } = patch
  const active = patch.attributes.get('active')
  const kinds: [string, ToolKind['build']][] = []
  if (members !== undefined && members.mutability !== 'readOnly' && members.unwritable !== 'whole') {
    kinds.push([`add_${noun}_members`, (subject) => addMembersTool(subject, patch, members)])
    kinds.push([`remove_${noun}_members`, (subject) => removeMembersTool(subject, patch, members)])
  }
  if (active?.type === 'boolean' && active.mutability === 'readWrite' && active.unwritable !== 'whole') {
    kinds.push([`deactivate_${noun}`, (subject) => deactivateTool(subject, patch)])
  }
  return kinds
}
