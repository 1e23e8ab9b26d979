/** The delay before a retry. */

/** Milliseconds, random in 0 … `first` · 2ⁿ, at most `most`; at least the delay that the server requested. */
export function backoffDelay(
  retry: number,
  { first, most }: { readonly first: number; readonly most: number },
  random: () => number,
  asked: number | undefined,
): number {
  // 2 ** 1,024 is Infinity; Math.min still returns `most`.
  return Math.max(random() * Math.min(most, first * 2 ** retry), asked ?? 0)
}
