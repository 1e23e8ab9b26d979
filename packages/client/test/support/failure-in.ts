/** The failure of a call. */
import { type Failure, failureOf } from '@scimkit/client'

export const failureIn = async (promise: Promise<unknown>): Promise<Failure | undefined> => {
  try {
    await promise
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return failure
  }
}
