export { memoryProvider } from './memory-provider.js'
