/** The result of one attempt, and the input of each. */
import { type Failure, failureOf } from '../failure.js'
import type { ReadResult } from '../resource/one-resource.js'
import { asResource } from '../schema/typed-resource.js'
import type { ChangeWriter } from './change-writer.js'
import type { Progress } from './progress.js'
import type { UpdateOptions } from './update-options.js'
import type { UpdateResult, UpdateStatistics } from './update-result.js'
import type { Change, UpdateSource } from './update-source.js'

/** The result of an update, without the statistics. */
export type Outcome<Resource> = WithoutStatistics<UpdateResult<Resource>>

type WithoutStatistics<Result> = Result extends unknown ? Omit<Result, keyof UpdateStatistics> : never

/** The result of an attempt: an outcome, or a reason to retry, with the delay that the server requested. */
export type Step<Resource> = { readonly progress: Progress } & (
  | { readonly kind: 'done'; readonly outcome: Outcome<Resource> }
  | { readonly kind: 'retry'; readonly failure: Failure; readonly asked: number | undefined }
)

/** The input that each attempt of an update needs. */
export interface Job<Resource> extends UpdateSource {
  readonly change: Change<Resource>
  readonly options: UpdateOptions<Resource>
  readonly writer: ChangeWriter
}

/** The outcome of a write that succeeded, or that was not necessary. */
export function success<Resource>(
  seen: ReadResult,
  written: boolean,
  confirmedBy: 'response' | 'read',
): Outcome<Resource> {
  return { kind: 'success', resource: asResource(seen.resource), tag: seen.tag, written, confirmedBy }
}

/** The value or the failure of a request; other errors are rethrown. */
export async function outcomeOf<Value>(
  run: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly failure: Failure }> {
  try {
    return { value: await run() }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return { failure }
  }
}
