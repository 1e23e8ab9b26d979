/** Unusual histories that are linearizable. */
import type { KnownHistory } from './known-history.js'
import {
  add,
  answered,
  created,
  creating,
  found,
  missed,
  patched,
  patching,
  removed,
  removing,
  replaced,
  replacing,
  seen,
  set,
  unknown,
  unmodified,
  value,
} from './lines.js'

const [a, b, c, d] = [value('a'), value('b'), value('c'), value('d')]

/** The checker must accept each of these. */
export const goodHistories: readonly KnownHistory[] = [
  { name: 'an empty history', operations: [] },
  {
    name: 'sequential requests of all kinds',
    operations: [
      created([0, 1], 'A', a),
      seen([2, 3], 'A', a),
      unmodified([4, 5], 'A'),
      replaced([6, 7], { ifMatch: 'A' }, 'B', b),
      replacing([8, 9], { ifMatch: 'A' }, c, answered(412, { tag: 'B' })),
      patched([10, 11], add('x'), {}, 'C', value('b', 'x')),
      patched([12, 13], set('c'), { ifMatch: 'C' }, 'D'),
      seen([14, 15], 'D', value('c', 'x')),
      removing([16, 17], { ifMatch: 'C' }, answered(412)),
      removed([18, 19], { ifMatch: 'D' }),
      missed([20, 21]),
      replacing([22, 23], { ifMatch: 'D' }, d, answered(404)),
      created([24, 25], 'A', a, 'v'),
    ],
  },
  {
    name: 'a write that is read before its response',
    operations: [created([0, 1], 'A', a), replaced([2, 9], {}, 'B', b), seen([3, 4], 'B', b), seen([5, 6], 'B', b)],
  },
  {
    name: 'a write that is not read until its response',
    operations: [created([0, 1], 'A', a), replaced([2, 9], {}, 'B', b), seen([3, 4], 'A', a), seen([5, 6], 'A', a)],
  },
  {
    name: 'two concurrent writes, in the reverse order of their invocations',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 8], {}, 'B', b),
      replaced([3, 9], {}, 'C', c),
      seen([10, 11], 'B', b),
    ],
  },
  {
    name: 'three concurrent writes, with a precondition that determines their order',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 9], {}, 'B', b),
      replaced([2, 9], {}, 'C', c),
      replaced([2, 9], { ifMatch: 'C' }, 'D', d),
      unmodified([10, 11], 'B'),
    ],
  },
  {
    name: 'operations with equal times may be in either order',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), seen([3, 4], 'A', a)],
  },
  {
    name: '412 with a tag that was current when the request was sent',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 9], {}, 'B', b),
      replacing([3, 8], { ifMatch: 'A' }, c, answered(412, { tag: 'B' })),
      seen([4, 5], 'A', a),
    ],
  },
  {
    name: '412 with a tag that never existed',
    operations: [created([0, 1], 'A', a), replacing([2, 3], { ifMatch: 'Z' }, b, answered(412))],
  },
  {
    name: 'a write that changes nothing keeps the tag',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 3], { ifMatch: 'A' }, 'A', a),
      patched([4, 5], set('a'), {}, 'A', a),
      seen([6, 7], 'A', a),
    ],
  },
  {
    name: 'a write that changes nothing and still creates a new tag',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', a), seen([4, 5], 'B', a)],
  },
  {
    name: 'two equal concurrent writes: one changes the value, the other finds it unchanged',
    operations: [
      created([0, 1], 'A', a),
      patched([2, 9], add('x'), {}, 'B', value('a', 'x')),
      patched([2, 9], add('x'), {}, 'B', value('a', 'x')),
    ],
  },
  {
    name: 'If-None-Match on a write',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 3], { ifNoneMatch: 'Z' }, 'B', b),
      replacing([4, 5], { ifNoneMatch: 'B' }, c, answered(412, { tag: 'B' })),
    ],
  },
  {
    name: 'a write without a response that took effect',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, unknown), seen([4, 5], 'B', b)],
  },
  {
    name: 'a write without a response that took no effect',
    operations: [created([0, 1], 'A', a), replacing([2, 3], { ifMatch: 'A' }, b, unknown), seen([4, 5], 'A', a)],
  },
  {
    name: 'a write without a response that takes effect long after its timeout',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      seen([4, 5], 'A', a),
      replaced([6, 7], { ifMatch: 'A' }, 'C', c),
      seen([8, 9], 'B', b),
    ],
  },
  {
    name: 'a write without a response, visible only in the result of a PATCH',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patched([4, 5], add('y'), {}, 'C', value('a', 'x', 'y')),
    ],
  },
  {
    name: 'a write without a response, visible only in a read after a PATCH without a response body',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patched([4, 5], add('y'), {}, 'B'),
      patched([6, 7], set('b'), { ifMatch: 'B' }, 'C', value('b', 'x', 'y')),
    ],
  },
  {
    name: 'a write without a response, visible only by a 412 without a tag',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      removing([4, 5], { ifMatch: 'A' }, answered(412)),
    ],
  },
  {
    name: 'a repeated write without a response that had taken effect',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      replaced([4, 5], {}, 'B', b),
      seen([6, 7], 'B', b),
    ],
  },
  {
    name: 'three writes without a response: one read, one visible in a PATCH, one without effect',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patching([2, 3], add('y'), {}, unknown),
      patching([2, 3], set('z'), {}, unknown),
      seen([4, 5], 'B', value('a', 'y')),
      patched([6, 7], add('w'), {}, 'C', value('a', 'w', 'x', 'y')),
    ],
  },
  {
    name: 'two writes without a response, read together, and one that found the value unchanged',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patching([2, 3], add('y'), {}, unknown),
      seen([4, 5], 'C', value('a', 'x', 'y')),
      patched([6, 7], add('y'), { ifMatch: 'C' }, 'C', value('a', 'x', 'y')),
    ],
  },
  {
    name: 'a write without a response, followed by two writes without a body with the same result',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], set('b'), {}, unknown),
      patched([4, 7], add('x'), {}, 'B'),
      patched([5, 8], set('b'), {}, 'B'),
    ],
  },
  {
    name: 'two writes without a response, whose result two writes without a body found unchanged',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], set('b'), {}, unknown),
      patching([2, 3], add('x'), {}, unknown),
      unmodified([4, 5], 'B'),
      patched([6, 7], add('x'), { ifMatch: 'B' }, 'B'),
      patched([8, 9], set('b'), { ifMatch: 'B' }, 'B'),
    ],
  },
  {
    name: 'a tag that only a write without a response mentions',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 9], set('b'), { ifMatch: 'A' }, unknown),
      replacing([3, 9], { ifMatch: 'B' }, c, unknown),
      seen([4, 5], 'C', c),
    ],
  },
  {
    name: 'such a tag, which the search must not assign permanently to another write',
    operations: [
      creating([0, 1], a, unknown),
      patching([2, 9], add('x'), {}, unknown),
      patching([3, 9], set('b'), { ifMatch: 'A' }, unknown),
      seen([4, 5], 'A', value('a', 'x')),
      replacing([6, 9], { ifMatch: 'B' }, c, unknown),
      found([7, 8], 'u'),
      seen([10, 11], 'C', c),
    ],
  },
  {
    name: 'a DELETE without a response that took effect',
    operations: [
      created([0, 1], 'A', a),
      removing([2, 3], {}, unknown),
      seen([4, 5], 'A', a),
      missed([6, 7]),
      created([8, 9], 'A', a, 'v'),
    ],
  },
  {
    name: 'a POST without a response that took effect, as a search shows',
    operations: [
      creating([0, 1], a, unknown),
      creating([2, 3], b, answered(409)),
      found([4, 5], 'u'),
      seen([6, 7], 'A', a),
      removed([8, 9]),
      found([10, 11]),
    ],
  },
  {
    name: 'a POST without a response that took no effect',
    operations: [creating([0, 1], a, unknown), created([2, 3], 'B', b), found([4, 5], 'u')],
  },
  {
    name: 'a name released by a resource that only a DELETE mentions',
    operations: [
      creating([0, 1], a, unknown),
      creating([2, 3], b, answered(409)),
      removed([4, 5], {}, 'w'),
      created([6, 7], 'B', b),
    ],
  },
  {
    name: 'a name that is taken by one user after the other under contention',
    operations: [
      created([0, 1], 'A', a, 'u'),
      removed([2, 6]),
      creating([3, 4], b, answered(409)),
      created([3, 7], 'B', b, 'v'),
      creating([5, 8], c, answered(409)),
      found([9, 10], 'v'),
    ],
  },
]
