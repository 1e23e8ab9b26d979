/** D1 has not answered in time. What was asked may be done all the same. */
export class D1Silence extends Error {
  constructor(milliseconds: number) {
    super(`D1 has not answered for ${milliseconds} ms`)
    this.name = 'D1Silence'
  }
}

/** What `ask` gives, or a {@link D1Silence} after so many milliseconds: a call that never ends must not hold a request. */
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
