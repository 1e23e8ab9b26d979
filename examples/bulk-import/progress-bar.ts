/** A line that says how far a long work is. */
export interface ProgressBar {
  show(done: number): void
  end(): void
}

const width = 40

/** On a terminal one line that changes; elsewhere a line for each tenth. */
export function progressBar(total: number, already: number): ProgressBar {
  const isLive = process.stdout.isTTY === true
  const started = performance.now()
  let tenth = Math.floor((already / total) * 10)
  const line = (done: number): string => {
    const part = done / total
    const full = Math.round(part * width)
    const rate = (done - already) / Math.max((performance.now() - started) / 1_000, 0.001)
    const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : ''
    const numbers = `${done} of ${total}   ${Math.round(rate)} a second   ${left}`
    return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(part * 100)).padStart(3)} %   ${numbers}`
  }
  return {
    show(done) {
      if (isLive) process.stdout.write(`\r${line(done)}\u001b[K`)
      else if (Math.floor((done / total) * 10) > tenth) process.stdout.write(`${line(done)}\n`)
      tenth = Math.floor((done / total) * 10)
    },
    end() {
      if (isLive) process.stdout.write('\n')
    },
  }
}
