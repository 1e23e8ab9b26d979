export { answerRequest } from './answer-request.js'
export type { Mounted } from './scim-request.js'
export { type AnswerLimits, type UnreadAnswers, unreadAnswers } from './unread-answers.js'
