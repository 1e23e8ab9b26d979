/** How long to wait before the next try. */

/** Milliseconds, random in 0 … `first` · 2ⁿ, at most `most`; no less than the server asked for. */
export function pauseBefore(
  retry: number,
  { first, most }: { readonly first: number; readonly most: number },
  random: () => number,
  asked: number | undefined,
): number {
  // 2 ** 1,024 is infinite, and so is what `most` would have to cut then; it does.
  return Math.max(random() * Math.min(most, first * 2 ** retry), asked ?? 0)
}
