/** Runs one case of the OAuth contract; exit code 1 if it fails. */
import { runInProcess } from '../contract/in-process-world.js'
import { oauthCases } from '../contract/oauth-contract.js'

const [, , id] = process.argv
const found = oauthCases.find((one) => one.id === id)
if (found === undefined) throw new Error(`there is no case ${id}`)
try {
  await runInProcess(found)
  console.log('passed')
} catch (error) {
  console.log(`failed: ${String(error)}`)
  process.exitCode = 1
}
