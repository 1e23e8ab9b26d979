/** The process of the application. It prints its URL, and ends when its parent does: the example kills it on purpose. */
import { listen } from '../../stage/serve.js'
import { type AppSettings, openApp } from './app.js'

const settings = JSON.parse(process.argv[2] ?? '{}') as AppSettings
const { url } = await listen(openApp(settings))
process.stdin.on('end', () => process.exit()).resume()
console.log(url)
