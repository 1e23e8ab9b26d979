import { createScim, noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, loadTraces, providerContract, traceContract, viaHandler } from '@scimkit/testkit'

export async function run(): Promise<void> {
  const scim = createScim({ provider: memoryProvider(), authenticate: noAuthentication(), interop: 'entra' })
  const tests: (() => Promise<void>)[] = []
  const it = (_title: string, test: () => Promise<void>): number => tests.push(test)
  bind({ it }, traceContract((await loadTraces()).slice(0, 5), viaHandler(scim.handle)))
  bind({ it }, [...providerContract(() => memoryProvider())].slice(0, 5))
  if (tests.length !== 10) throw new Error(`expected 10 cases, got ${tests.length}`)
  for (const test of tests) await test()
}
