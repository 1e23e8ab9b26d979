/** The output for the operator. */
export interface Terminal {
  /** Prints one line for the operator. */
  say(line: string): void
  readonly colour: boolean
  /** True if a person probably reads the output. */
  readonly interactive: boolean
}

/** The terminal of a stream, usually stderr: stdout is for output that programs read. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  return {
    say: (line) => {
      stream.write(`${line}\n`)
    },
    // https://no-color.org: set and not empty, with any value.
    colour: stream.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    interactive: stream.isTTY === true,
  }
}
