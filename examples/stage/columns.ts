/** How wide the terminal is; 80 where it does not say, or says 0, as one without a window does. */
export function columns(): number {
  return process.stdout.columns || 80
}
