export { answerFetch, type Mounted } from './answer-fetch.js'
export { type FetchScimOptions, fetchHandler } from './fetch-handler.js'
export { type ReceivedTarget, receivedTarget } from './received-target.js'
export { refusedRequest } from './refused-request.js'
