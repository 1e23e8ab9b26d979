/**
 * The environment of jest for Node, with a global object of its own kind. Jest's has interceptors: each use of a global name,
 * `Object` or `Promise`, calls C++ and then JavaScript, which takes some nine times as long as in a process without jest. Each
 * test file has its own realm here too.
 */
import { createRequire } from 'node:module'
import vm from 'node:vm'

// Not a dependency of the workspace, but always of jest.
const path = ['jest', '@jest/core', 'jest-config', 'jest-environment-node'].reduce(
  (from, name) => createRequire(from).resolve(name),
  import.meta.url,
)
const { TestEnvironment } = createRequire(import.meta.url)(path)

// biome-ignore lint/style/noDefaultExport: Jest loads an environment by its default export
export default class PlainEnvironment extends TestEnvironment {
  constructor(...args) {
    const { createContext } = vm
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(...args)
    } finally {
      vm.createContext = createContext
    }
    this.global.Error.stackTraceLimit = 10
  }
}
