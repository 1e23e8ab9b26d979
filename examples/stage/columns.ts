/** How wide the terminal is; 80 where it does not say, or says 0, as one without a window does. */
export function columns(terminal: { readonly columns?: number } = process.stdout): number {
  return terminal.columns || 80
}
