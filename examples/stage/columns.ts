/** The width of the terminal; 80 if it is unknown or 0, as without a window. */
export function columns(terminal: { readonly columns?: number } = process.stdout): number {
  return terminal.columns || 80
}
