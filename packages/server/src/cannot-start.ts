/** Why the command cannot do its work, in one line for whoever has started it: no fault of ours, so no stack is shown. */
export class CannotStart extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'CannotStart'
  }
}
