export { answerRequest } from './answer-request.js'
export type { Mounted } from './scim-request.js'
