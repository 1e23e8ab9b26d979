/** One operation in, one outcome out: the inner door, for HTTP and everything else. */
import type { ScimContext } from '../context.js'
import { bulk } from './bulk.js'
import { create } from './create.js'
import { discover } from './discover.js'
import type { Engine } from './engine.js'
import { get } from './get.js'
import { me } from './me.js'
import type { Operation, OutcomeByKind } from './operation.js'
import { patch } from './patch.js'
import { query } from './query.js'
import { remove } from './remove.js'
import { replace } from './replace.js'

/** Carries out an operation. Throws a ScimError for bad input, anything else for a store that fails. */
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
      return me(engine, context, operation, perform)
    case 'discover':
      return discover(engine, context, operation)
    case 'bulk':
      return bulk(engine, context, operation, perform)
  }
}
