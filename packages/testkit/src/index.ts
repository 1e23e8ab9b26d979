export { bind, type ContractCase, type Level, type RegisterTest, type TestRunner, type Waiver } from './bind.js'
export { providerContract } from './provider-contract/provider-contract.js'
export type { Capability, ProviderContractOptions } from './provider-contract/rig.js'
export { testContext } from './provider-contract/test-context.js'
