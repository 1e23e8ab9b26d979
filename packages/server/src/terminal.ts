/** How the world outside is talked to. */
export interface Terminal {
  /** Says one line to whoever started the command. */
  say(line: string): void
  readonly colour: boolean
  /** True if a person is likely to read along. */
  readonly interactive: boolean
}

/** The terminal behind a stream, usually stderr: stdout is for what programs read. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  return {
    say: (line) => {
      stream.write(`${line}\n`)
    },
    // https://no-color.org: present and not empty, whatever its value.
    colour: stream.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    interactive: stream.isTTY === true,
  }
}
