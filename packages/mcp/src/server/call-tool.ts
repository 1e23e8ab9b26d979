/** One call of a tool: its arguments are checked, its budget is taken, and every failure becomes a result. */
import { type Limits, ScimError } from '@scimkit/core'
import { isObject, type JsonObject, type JsonValue, parseJson } from '@scimkit/core/json'
import type { Directory } from '../directory/directory.js'
import { problemIn } from '../json-schema/check-value.js'
import { argumentError, errorResult } from '../results/error-result.js'
import type { ToolResult } from '../results/result.js'
import type { Tool } from '../tools/tool.js'

/** What a call needs beside the tool and its arguments. */
export interface ToolCall {
  readonly directory: Directory
  readonly limits: Limits
  /** Takes one write; the error to answer if the budget is used up. */
  readonly takeWrite: () => Promise<ScimError | undefined>
  /** Receives errors that the result does not show. */
  readonly onError: (error: unknown) => void
}

/** Calls the tool. Never rejects. */
export async function callTool(tool: Tool, given: unknown, call: ToolCall): Promise<ToolResult> {
  try {
    const checked = checkedArguments(tool, given, call.limits)
    if (checked.kind === 'problem') return checked.result
    const refusal = tool.annotations.readOnlyHint ? undefined : await call.takeWrite()
    if (refusal !== undefined) return errorResult(refusal)
    return await tool.run(checked.given, call.directory)
  } catch (error) {
    if (!(error instanceof ScimError) || error.status >= 500) call.onError(error)
    return errorResult(error)
  }
}

type Checked =
  | { readonly kind: 'arguments'; readonly given: JsonObject }
  | { readonly kind: 'problem'; readonly result: ToolResult }

function checkedArguments(tool: Tool, given: unknown, limits: Limits): Checked {
  const value = boundedJson(given ?? {}, limits)
  const problem = problemIn(tool.inputSchema, value)
  if (problem !== undefined) return { kind: 'problem', result: argumentError(problem) }
  return { kind: 'arguments', given: isObject(value) ? value : {} }
}

// The SDK has parsed the arguments without the limits of this server: what is too deep or too large is refused here.
function boundedJson(given: unknown, limits: Limits): JsonValue {
  let text: string
  try {
    text = JSON.stringify(given)
  } catch {
    throw new ScimError(400, 'The arguments are nested too deeply.')
  }
  if (text.length > limits.bodyBytes) {
    throw new ScimError(413, `The arguments are too large: at most ${limits.bodyBytes} bytes.`)
  }
  return parseJson(text, limits)
}
