/** Express, Koa and Hono on a runtime, over http and https, with its own node:http and node:https. */
import process from 'node:process'
import type { ContractCase } from '@scimkit/testkit'
import { wireContract } from '@scimkit/testkit'
import { check, playCases } from '../contract.js'
import { wireTarget } from '../setups.js'
import { frameworks } from './frameworks.js'
import { hostCases } from './host-cases.js'
import { opened } from './opened.js'

// Titles and ids have the name of the framework: one contract runs several times, and ids must be unique.
const named = (name: string, cases: readonly ContractCase[]): readonly ContractCase[] =>
  cases.map((one) => ({ ...one, id: `${name}: ${one.id}`, title: `${name}: ${one.title}` }))

const cases: ContractCase[] = [
  check('runtime', 'this is the runtime that was asked for', () => process.argv[2] === runtimeName()),
]
for (const [name, listener] of Object.entries(frameworks)) {
  cases.push(...named(name, wireContract(wireTarget((setup) => opened(listener, 'http', setup)))))
  for (const scheme of ['http', 'https'] as const) {
    cases.push(...named(`${name} over ${scheme}`, hostCases(listener, scheme)))
  }
}
await playCases(cases)
process.exit()

function runtimeName(): string {
  return 'Bun' in globalThis ? 'bun' : 'Deno' in globalThis ? 'deno' : 'node'
}
