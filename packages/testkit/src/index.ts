export { bind, type ContractCase, type Level, type RegisterTest, type TestRunner, type Waiver } from './bind.js'
export {
  type Exchange,
  type ExchangeRequest,
  type ExchangeResponse,
  type ViaHandlerOptions,
  viaHandler,
  withHeaders,
} from './exchange.js'
export { type AttackOptions, type AttackResult, attack, createAttackTarget } from './hostile/attack.js'
export type { AttackTarget, HostileCase } from './hostile/hostile-case.js'
export { hostileContract, hostileSet } from './hostile/hostile-set.js'
export { type IsolationOptions, type IsolationReport, proveIsolation } from './isolation/prove-isolation.js'
export type { IsolationTarget, SeenEvent } from './isolation/target.js'
export { linearizabilityContract } from './linearizability/contract.js'
export {
  type LinearizabilityOptions,
  type LinearizabilityReport,
  linearizability,
} from './linearizability/linearizability.js'
export type { HostNotes } from './provider-contract/host-notes.js'
export { providerContract } from './provider-contract/provider-contract.js'
export type { Capability, ProviderContractOptions } from './provider-contract/rig.js'
export { testContext } from './provider-contract/test-context.js'
export { type Effort, type Race, raceContract } from './races/race.js'
export { races } from './races/races.js'
export { type RecordStoreContractOptions, recordStoreContract } from './record-store-contract/record-store-contract.js'
export { traceContract } from './traces/contract.js'
export { type LoadedTrace, loadTraces } from './traces/load.js'
export { type RunTraceOptions, runTrace, type TraceResult } from './traces/run.js'
export type { Trace, TraceExpectation, TraceRequest, TraceStep } from './traces/trace.js'
export { type HttpExchange, type ViaHttpOptions, viaHttp } from './via-http.js'
export { sampleType } from './wire-contract/sample-type.js'
export type { WireMode, WireTarget } from './wire-contract/target.js'
export { wireContract } from './wire-contract/wire-contract.js'
