export { type MemoryProvider, type MemoryProviderOptions, memoryProvider } from './memory-provider.js'
export { withMemory } from './with-memory.js'
