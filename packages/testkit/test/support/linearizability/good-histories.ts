/** What looks odd and is lawful. */
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

/** Every one must be accepted. */
export const goodHistories: readonly KnownHistory[] = [
  { name: 'nothing at all', operations: [] },
  {
    name: 'one after the other, in all kinds',
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
    name: 'a write that is seen before it is answered',
    operations: [created([0, 1], 'A', a), replaced([2, 9], {}, 'B', b), seen([3, 4], 'B', b), seen([5, 6], 'B', b)],
  },
  {
    name: 'a write that is not seen until it is answered',
    operations: [created([0, 1], 'A', a), replaced([2, 9], {}, 'B', b), seen([3, 4], 'A', a), seen([5, 6], 'A', a)],
  },
  {
    name: 'two writes at once, in the order in which they were not sent',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 8], {}, 'B', b),
      replaced([3, 9], {}, 'C', c),
      seen([10, 11], 'B', b),
    ],
  },
  {
    name: 'three at once, and a condition that tells their order',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 9], {}, 'B', b),
      replaced([2, 9], {}, 'C', c),
      replaced([2, 9], { ifMatch: 'C' }, 'D', d),
      unmodified([10, 11], 'B'),
    ],
  },
  {
    name: 'operations that touch at one moment may be in either order',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), seen([3, 4], 'A', a)],
  },
  {
    name: '412 with a tag that was right when the request was sent',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 9], {}, 'B', b),
      replacing([3, 8], { ifMatch: 'A' }, c, answered(412, { tag: 'B' })),
      seen([4, 5], 'A', a),
    ],
  },
  {
    name: '412 with a tag that never was',
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
    name: 'a write that changes nothing and brings a new tag all the same',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', a), seen([4, 5], 'B', a)],
  },
  {
    name: 'the same written twice at once: one changes, the other finds it done',
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
    name: 'a write without an answer that happened',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, unknown), seen([4, 5], 'B', b)],
  },
  {
    name: 'a write without an answer that did not happen',
    operations: [created([0, 1], 'A', a), replacing([2, 3], { ifMatch: 'A' }, b, unknown), seen([4, 5], 'A', a)],
  },
  {
    name: 'a write without an answer that happens long after it was given up',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      seen([4, 5], 'A', a),
      replaced([6, 7], { ifMatch: 'A' }, 'C', c),
      seen([8, 9], 'B', b),
    ],
  },
  {
    name: 'a write without an answer that nobody sees but by what a PATCH found',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patched([4, 5], add('y'), {}, 'C', value('a', 'x', 'y')),
    ],
  },
  {
    name: 'a write without an answer that nobody sees but by what came of a PATCH of which nobody saw what came',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patched([4, 5], add('y'), {}, 'B'),
      patched([6, 7], set('b'), { ifMatch: 'B' }, 'C', value('b', 'x', 'y')),
    ],
  },
  {
    name: 'a write without an answer that nobody sees but by a 412 without a tag',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      removing([4, 5], { ifMatch: 'A' }, answered(412)),
    ],
  },
  {
    name: 'a write without an answer, repeated, that had happened',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      replaced([4, 5], {}, 'B', b),
      seen([6, 7], 'B', b),
    ],
  },
  {
    name: 'three writes without an answer, one seen, one found by a PATCH, one that never was',
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
    name: 'two writes without an answer, seen together, and one that found it so already',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, unknown),
      patching([2, 3], add('y'), {}, unknown),
      seen([4, 5], 'C', value('a', 'x', 'y')),
      patched([6, 7], add('y'), { ifMatch: 'C' }, 'C', value('a', 'x', 'y')),
    ],
  },
  {
    name: 'a write without an answer, after which two that show nothing came to the same',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], set('b'), {}, unknown),
      patched([4, 7], add('x'), {}, 'B'),
      patched([5, 8], set('b'), {}, 'B'),
    ],
  },
  {
    name: 'two writes without an answer, whose outcome two others that show nothing found as it should be',
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
    name: 'a tag of which nobody tells but a write without an answer',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 9], set('b'), { ifMatch: 'A' }, unknown),
      replacing([3, 9], { ifMatch: 'B' }, c, unknown),
      seen([4, 5], 'C', c),
    ],
  },
  {
    name: 'such a tag, which the search must not spend on another write for good',
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
    name: 'a DELETE without an answer that happened',
    operations: [
      created([0, 1], 'A', a),
      removing([2, 3], {}, unknown),
      seen([4, 5], 'A', a),
      missed([6, 7]),
      created([8, 9], 'A', a, 'v'),
    ],
  },
  {
    name: 'a POST without an answer that happened, as a search shows',
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
    name: 'a POST without an answer that did not happen',
    operations: [creating([0, 1], a, unknown), created([2, 3], 'B', b), found([4, 5], 'u')],
  },
  {
    name: 'a name given up by somebody of whom only the DELETE tells',
    operations: [
      creating([0, 1], a, unknown),
      creating([2, 3], b, answered(409)),
      removed([4, 5], {}, 'w'),
      created([6, 7], 'B', b),
    ],
  },
  {
    name: 'a name that goes from one to the next while all try',
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
