/**
 * One operation in, one outcome out: the interface without HTTP, for HTTP and everything else. An operation runs only
 * if the host has permitted it.
 */
import type { Call } from '../engine/call.js'
import type { Operation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { callWithin, type Permitted, permit } from '../permissions/permit.js'
import { bulk } from './bulk.js'
import { create } from './create.js'
import { discover } from './discover.js'
import { get } from './get.js'
import { me } from './me.js'
import { patch } from './patch.js'
import { query } from './query.js'
import { remove } from './remove.js'
import { replace } from './replace.js'

/**
 * Carries out an operation, if the caller may. Throws a ScimError for bad input and for an operation that is not
 * permitted, any other error for a store that fails.
 */
export async function perform<Kind extends Operation['kind']>(
  call: Call,
  operation: Extract<Operation, { readonly kind: Kind }>,
): Promise<OutcomeByKind[Kind]>
export async function perform(call: Call, operation: Operation): Promise<OutcomeByKind[Operation['kind']]> {
  const permitted = permit(call, operation)
  return carryOut(call, permitted instanceof Promise ? await permitted : permitted)
}

async function carryOut<Kind extends Operation['kind']>(
  call: Call,
  operation: Permitted<Extract<Operation, { readonly kind: Kind }>>,
): Promise<OutcomeByKind[Kind]>
async function carryOut(requested: Call, operation: Permitted<Operation>): Promise<OutcomeByKind[Operation['kind']]> {
  const call = callWithin(requested, operation)
  switch (operation.kind) {
    case 'create':
      return create(call, operation)
    case 'get':
      return get(call, operation)
    case 'query':
      return query(call, operation)
    case 'replace':
      return replace(call, operation)
    case 'patch':
      return patch(call, operation)
    case 'remove':
      return remove(call, operation)
    case 'me':
      return me(call, operation, carryOut)
    case 'discover':
      return discover(call, operation)
    case 'bulk':
      return bulk(call, operation, carryOut)
  }
}
