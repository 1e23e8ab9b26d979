/**
 * One operation in, one outcome out: the interface without HTTP, for HTTP and everything else. An operation runs only
 * if the host has permitted it.
 */
import type { ScimContext } from '../context.js'
import type { Engine } from '../engine/engine.js'
import type { Operation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { type Permitted, permit } from '../permissions/permit.js'
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
  engine: Engine,
  operation: Extract<Operation, { readonly kind: Kind }>,
  context: ScimContext,
): Promise<OutcomeByKind[Kind]>
export async function perform(
  engine: Engine,
  operation: Operation,
  context: ScimContext,
): Promise<OutcomeByKind[Operation['kind']]> {
  const permitted = permit(engine, operation, context)
  return carryOut(engine, permitted instanceof Promise ? await permitted : permitted, context)
}

async function carryOut<Kind extends Operation['kind']>(
  engine: Engine,
  operation: Permitted<Extract<Operation, { readonly kind: Kind }>>,
  context: ScimContext,
): Promise<OutcomeByKind[Kind]>
async function carryOut(
  engine: Engine,
  operation: Permitted<Operation>,
  context: ScimContext,
): Promise<OutcomeByKind[Operation['kind']]> {
  switch (operation.kind) {
    case 'create':
      return create(engine, context, operation)
    case 'get':
      return get(engine, context, operation)
    case 'query':
      return query(engine, context, operation)
    case 'replace':
      return replace(engine, context, operation)
    case 'patch':
      return patch(engine, context, operation)
    case 'remove':
      return remove(engine, context, operation)
    case 'me':
      return me(engine, context, operation, carryOut)
    case 'discover':
      return discover(engine, context, operation)
    case 'bulk':
      return bulk(engine, context, operation, carryOut)
  }
}
