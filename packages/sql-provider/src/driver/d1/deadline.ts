/** D1 has not answered in time. It may have run the statements nevertheless. */
export class D1Silence extends Error {
  constructor(milliseconds: number) {
    super(`D1 did not answer within ${milliseconds} ms`)
    this.name = 'D1Silence'
  }
}

/** The result of `ask`, or a {@link D1Silence} after so many milliseconds: a call that never ends must not block a request. */
export async function answerWithin<Answer>(milliseconds: number, ask: () => Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new D1Silence(milliseconds)), milliseconds)
  })
  try {
    return await Promise.race([ask(), silence])
  } finally {
    clearTimeout(timer)
  }
}
