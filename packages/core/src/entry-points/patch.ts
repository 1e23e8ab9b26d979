/** PATCH as a pure function of a resource. @see RFC 7644 §3.5.2 */
export { type ApplyPatchOptions, applyPatch, type PatchOperationInput } from '../patch/apply-patch.js'
