/** A Jest reporter: one line every 15 seconds while the tests run, and one for each file that fails, at once. */
import { progressMark } from './workspace.mjs'

const every = 15_000

// biome-ignore lint/style/noDefaultExport: Jest loads a reporter by its default export
export default class Progress {
  #started = performance.now()
  #shown = 0
  #files = 0
  #passed = 0
  #failed = 0

  onTestResult({ path, context }, { numPassingTests, numFailingTests, testExecError }, { numTotalTestSuites }) {
    this.#files += 1
    this.#passed += numPassingTests
    this.#failed += numFailingTests
    const seconds = Math.round((performance.now() - this.#started) / 1_000)
    if (numFailingTests > 0 || testExecError) {
      const file = `${context.config.displayName.name}${path.slice(context.config.rootDir.length)}`
      console.log(`${progressMark}${seconds} s, ${numFailingTests} failed in ${file}`)
    }
    if (performance.now() - this.#started - this.#shown < every) return
    this.#shown = performance.now() - this.#started
    const counts = `${this.#passed} tests passed, ${this.#failed} failed`
    console.log(`${progressMark}${seconds} s, ${this.#files} of ${numTotalTestSuites} files, ${counts}`)
  }
}
