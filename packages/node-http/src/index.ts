export { answerRequest } from './answer-request.js'
export { type Mountable, type MountedHandler, mountable } from './mountable.js'
export { pathLeft } from './path-left.js'
export type { Mounted } from './scim-request.js'
