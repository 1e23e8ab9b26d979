/** Minimal histories that are not linearizable. */
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

const [a, b, c] = [value('a'), value('b'), value('c')]

/** The checker must flag each of these. */
export const badHistories: readonly (KnownHistory & { readonly says: string })[] = [
  {
    name: 'a lost update: two adds were acknowledged, one element is present',
    operations: [
      created([0, 1], 'A', a),
      patched([2, 6], add('x'), {}, 'B', value('a', 'x')),
      patched([3, 7], add('y'), {}, 'C', value('a', 'y')),
      seen([8, 9], 'C', value('a', 'y')),
    ],
    says: 'the predecessor of C, "a" + [y]',
  },
  {
    name: 'two successful writes on one tag',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 6], { ifMatch: 'A' }, 'B', b),
      replaced([3, 7], { ifMatch: 'A' }, 'C', c),
    ],
    says: 'would replace this version',
  },
  {
    name: 'two successful writes on one tag, one of them a DELETE',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 6], { ifMatch: 'A' }, 'B', b),
      removed([3, 7], { ifMatch: 'A' }),
    ],
    says: 'would replace this version',
  },
  {
    name: 'two DELETEs that both removed it',
    operations: [created([0, 1], 'A', a), removed([2, 6]), removed([3, 7])],
    says: 'the resource does not exist',
  },
  {
    name: 'a stale read after an acknowledged write',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), seen([4, 5], 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: 'a stale 304 after an acknowledged write',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), unmodified([4, 5], 'A')],
    says: 'although this operation ended before',
  },
  {
    name: 'a stale search after an acknowledged write',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 3], {}, 'B', b),
      { ...found([4, 5], 'u'), answer: answered(200, { found: [{ id: 'u', tag: 'A', value: a }] }) },
    ],
    says: 'although this operation ended before',
  },
  {
    name: 'a read of a value that no request wrote',
    operations: [created([0, 1], 'A', a), seen([2, 3], 'A', b)],
    says: 'the value differs',
  },
  {
    name: 'a read of a tag that no write created',
    operations: [created([0, 1], 'A', a), seen([2, 3], 'B', a)],
    says: 'B is not current yet',
  },
  {
    name: 'a read of a write that was refused',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 3], {}, 'B', b),
      replacing([4, 5], { ifMatch: 'A' }, c, answered(412, { tag: 'B' })),
      seen([6, 7], 'C', c),
    ],
    says: 'the predecessor of C, "c" + []',
  },
  {
    name: 'resurrected after an acknowledged DELETE',
    operations: [created([0, 1], 'A', a), removed([2, 3]), seen([4, 5], 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: 'written after an acknowledged DELETE',
    operations: [created([0, 1], 'A', a), removed([2, 3]), replaced([4, 5], {}, 'B', b)],
    says: 'the resource does not exist',
  },
  {
    name: 'an id given a second time',
    operations: [created([0, 1], 'A', a), removed([2, 3]), created([4, 5], 'B', b)],
    says: 'it existed before',
  },
  {
    name: 'a tag that is used again with the value (A, B, A)',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), replaced([4, 5], {}, 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: 'a tag for two values',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'A', b)],
    says: 'not the only write that creates A',
  },
  {
    name: '412, although the expected tag was current all the time, and the response names it',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], { ifMatch: 'A' }, b, answered(412, { tag: 'A' })),
      seen([4, 5], 'A', a),
    ],
    says: 'although the expected tag was current',
  },
  {
    name: '412, although the expected tag was current all the time, and the response names no tag',
    operations: [created([0, 1], 'A', a), removing([2, 3], { ifMatch: 'A' }, answered(412)), seen([4, 5], 'A', a)],
    says: 'A is current',
  },
  {
    name: '412 that names a tag which was created later',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], { ifMatch: 'Z' }, c, answered(412, { tag: 'B' })),
      replaced([4, 5], {}, 'B', b),
    ],
    says: 'B is not current yet',
  },
  {
    name: '412 to a write without a precondition',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, answered(412, { tag: 'A' }))],
    says: 'without a precondition that fails',
  },
  {
    name: 'a write with a precondition that no longer held',
    operations: [created([0, 1], 'A', a), replaced([2, 3], {}, 'B', b), replaced([4, 5], { ifMatch: 'A' }, 'C', c)],
    says: 'although this operation ended before',
  },
  {
    name: 'a write that If-None-Match excludes',
    operations: [created([0, 1], 'A', a), replaced([2, 3], { ifNoneMatch: 'A' }, 'B', b)],
    says: 'precondition is not satisfied',
  },
  {
    name: '200 where If-None-Match requires 304',
    operations: [
      created([0, 1], 'A', a),
      { ...seen([2, 3], 'A', a), request: { kind: 'GET', id: 'u', ifNoneMatch: 'A' } },
    ],
    says: 'precondition is not satisfied',
  },
  {
    name: 'a newer and then an older version read during a write',
    operations: [created([0, 1], 'A', a), replaced([2, 9], {}, 'B', b), seen([3, 4], 'B', b), seen([5, 6], 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: 'two readers that see two writes in different orders',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 20], {}, 'B', b),
      replaced([2, 20], {}, 'C', c),
      seen([3, 4], 'B', b),
      seen([5, 6], 'C', c),
      seen([3, 4], 'C', c),
      seen([5, 6], 'B', b),
    ],
    says: 'although this operation ended before',
  },
  {
    name: '404 for an existing resource',
    operations: [created([0, 1], 'A', a), missed([2, 3]), seen([4, 5], 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: '404 to a PUT before the DELETE was sent',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, answered(404)), removed([4, 5])],
    says: 'the resource exists',
  },
  {
    name: 'an acknowledged write that no later read shows',
    operations: [
      created([0, 1], 'A', a),
      patched([2, 3], add('x'), {}, 'B', value('a', 'x')),
      patched([4, 5], set('b'), {}, 'C', value('b')),
      seen([6, 7], 'C', value('b')),
    ],
    says: 'the predecessor of C, "b" + []',
  },
  {
    name: 'an element lost in a PATCH without a response body, as a read shows',
    operations: [
      created([0, 1], 'A', value('a', 'x')),
      patched([2, 3], add('y'), {}, 'B'),
      seen([4, 5], 'B', value('a', 'y')),
    ],
    says: 'the predecessor of B, "a" + [y]',
  },
  {
    name: 'an element that was never sent',
    operations: [created([0, 1], 'A', a), patched([2, 3], add('x'), {}, 'B', value('a', 'x', 'y'))],
    says: 'the predecessor of B, "a" + [x, y]',
  },
  {
    name: 'a PUT that shows another value',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, answered(200, { tag: 'B', value: c }))],
    says: 'but the response shows "c"',
  },
  {
    name: 'a POST that shows another value',
    operations: [creating([0, 1], a, answered(201, { id: 'u', tag: 'A', value: b }))],
    says: '201 shows another value',
  },
  {
    name: 'one write without a response that takes effect twice',
    operations: [
      created([0, 1], 'A', a),
      replacing([2, 3], {}, b, unknown),
      seen([4, 5], 'B', b),
      replaced([6, 7], {}, 'C', c),
      seen([8, 9], 'D', b),
    ],
    says: 'the predecessor of D, "b" + []',
  },
  {
    name: 'a write without a response that takes effect before it was sent',
    operations: [created([0, 1], 'A', a), seen([2, 3], 'B', b), replacing([4, 5], {}, b, unknown)],
    says: 'the predecessor of B, "b" + []',
  },
  {
    name: 'a write without a response that takes effect although its tag is no longer current',
    operations: [
      created([0, 1], 'A', a),
      replaced([2, 3], {}, 'B', b),
      replacing([4, 5], { ifMatch: 'A' }, c, unknown),
      seen([6, 7], 'C', c),
    ],
    says: 'C is not current yet',
  },
  {
    name: 'the same, with another write that could only have restored the tag',
    operations: [
      created([0, 1], 'Z', c),
      replaced([2, 3], {}, 'A', a),
      replaced([4, 5], {}, 'B', b),
      replacing([6, 7], {}, a, unknown),
      patching([6, 7], add('x'), { ifMatch: 'A' }, unknown),
      seen([8, 9], 'C', value('a', 'x')),
    ],
    says: 'C is not current yet',
  },
  {
    name: 'a DELETE without a response, undone',
    operations: [created([0, 1], 'A', a), removing([2, 3], {}, unknown), missed([4, 5]), seen([6, 7], 'A', a)],
    says: 'although this operation ended before',
  },
  {
    name: 'a write acknowledged without a tag',
    operations: [created([0, 1], 'A', a), replacing([2, 3], {}, b, answered(200, { value: b }))],
    says: '200 without ETag',
  },
  {
    name: 'a response that contradicts itself',
    operations: [
      created([0, 1], 'A', a),
      patching([2, 3], add('x'), {}, answered(200, { tag: 'B', flaw: 'ETag B with meta.version C' })),
    ],
    says: 'ETag B with meta.version C',
  },
  {
    name: 'one name, two users',
    operations: [created([0, 3], 'A', a, 'u'), created([1, 4], 'A', a, 'v')],
    says: 'name ann',
  },
  {
    name: '409 for a name that was free all the time',
    operations: [
      creating([0, 1], a, answered(409)),
      created([2, 3], 'A', a),
      removed([4, 5]),
      creating([6, 7], a, answered(409)),
    ],
    says: 'the resource does not exist',
  },
  {
    name: 'a name taken again before its user was deleted',
    operations: [created([0, 1], 'A', a, 'u'), created([2, 3], 'A', a, 'v'), removed([4, 5])],
    says: 'although this operation ended before',
  },
  {
    name: 'a search without results while the user exists',
    operations: [created([0, 1], 'A', a), found([2, 3]), seen([4, 5], 'A', a)],
    says: 'the resource exists',
  },
  {
    name: 'a search that finds a deleted user',
    operations: [created([0, 1], 'A', a), removed([2, 3]), found([4, 5], 'u')],
    says: 'would replace this version',
  },
  {
    name: 'a search that finds two users',
    operations: [created([0, 1], 'A', a), found([2, 3], 'u', 'v')],
    says: '2 resources have one name',
  },
]
