import { columns } from '../stage/columns.js'
import { movingLine } from '../stage/moving-line.js'

/** A line that shows the progress of a long task. */
export interface ProgressBar {
  show(done: number): void
  end(): void
}

/** The output of the bar, usually the standard output. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const widest = 40

/** On a terminal one line that is updated; elsewhere a line at the start, and one for each tenth. */
export function progressBar(total: number, already: number, screen: Screen = process.stdout): ProgressBar {
  const isLive = screen.isTTY === true
  const started = performance.now()
  let tenth = -1
  const line = (done: number): string => {
    const part = done / total
    // A line that fills the last column is two lines on some terminals.
    const room = columns(screen) - 1
    const width = Math.max(0, Math.min(widest, room - roomForNumbers(total)))
    const full = Math.round(part * width)
    const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(part * 100)).padStart(3)} %`
    return `${bar}   ${numbers(done)}`
  }
  const numbers = (done: number): string => {
    if (done === already) return `${done} of ${total}`
    const rate = (done - already) / Math.max((performance.now() - started) / 1_000, 0.001)
    return numbersOf(done, total, Math.round(rate), Math.ceil((total - done) / rate))
  }
  return {
    show(done) {
      const now = Math.floor((done / total) * 10)
      if (isLive) screen.write(movingLine(line(done), columns(screen)))
      else if (now > tenth) screen.write(`${line(done)}\n`)
      tenth = now
    },
    end() {
      if (isLive) screen.write('\n')
    },
  }
}

function numbersOf(done: number, total: number, rate: number, left: number): string {
  return `${done} of ${total}   ${rate} a second   ${left} s left`
}

// The longest likely numbers, so that the width of the bar does not change.
function roomForNumbers(total: number): number {
  return ' 100 %   '.length + numbersOf(total, total, 9_999, 9_999).length
}
