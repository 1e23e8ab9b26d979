/** The interface of adapters: requests and responses as plain data, and the mount of SCIM in them. */
export type { HttpHandler, RequestBody, ScimRequest, ScimResponse } from '../http/adapter-interface.js'
export { errorAnswer } from '../http/respond.js'
export { pathOf } from '../http/url/absolute-form.js'
export { type BasePath, basePathOf, type MountParameters } from '../http/url/base-path.js'
export { locateMount, type MountLocation } from '../http/url/locate-mount.js'
export { type LimiterCall, secondsToWait } from '../rate-limit/seconds-to-wait.js'
export type { AnswerCaller } from '../request-path/handle.js'
