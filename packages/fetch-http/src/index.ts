export { answerFetch, type Mounted } from './answer-fetch.js'
export { type FetchScimOptions, fetchHandler } from './fetch-handler.js'
