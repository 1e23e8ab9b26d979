import { main } from 'scimkit'

export async function run(): Promise<void> {
  await main(['serve', '--store', 'memory', '--port', '0', '--no-auth', '--log', 'silent'])
  if (process.exitCode !== undefined) throw new Error(`ended with ${process.exitCode}`)
}
