/** Operations on the members of a group, in the forms of identity providers. */
import { describe, test } from '@jest/globals'
import { groupType } from '../resource/support/reading.js'
import { add, addAll, check, group, type Row, remove, replace, replaceAll, row, same } from './support/rows.js'

describe('members (IDP-13 to IDP-19)', () => {
  const a = { value: 'a', type: 'User' }
  const b = { value: 'b' }
  const c = { value: 'c' }
  test.each<Row>([
    row('add', add('members', [c]), { members: [a, b, c] }),
    row('add one object', add('members', c), { members: [a, b, c] }),
    row('add a text (IDP-17)', add('members', ['c']), { members: [a, b, c] }, { strict: 'invalidValue' }),
    row(
      'add with attributes that the server computes (IDP-17)',
      add('members', [{ value: 'c', display: 'C', $ref: 'https://x/c' }]),
      {
        members: [a, b, c],
      },
    ),
    row('add an existing one (IDP-16)', add('members', [a, { value: 'b', display: 'B' }]), same),
    row('add an existing and a new one (IDP-16)', add('members', [b, c]), { members: [a, b, c] }),
    row('add without value', add('members', [{ display: 'C' }]), 'invalidValue'),
    row('ids are exact', add('members', [{ value: 'A' }]), { members: [a, b, { value: 'A' }] }),
    row('no-path add (IDP-18)', addAll({ members: [c] }), { members: [a, b, c] }),
    row('no-path replace (IDP-18)', replaceAll({ members: [c] }), { members: [c] }),
    row('no-path rename leaves members (IDP-18)', replaceAll({ id: 'g1', displayName: 'G' }), { displayName: 'G' }),
    row('replace', replace('members', [b, c]), { members: [b, c] }),
    row('replace with none (IDP-19)', replace('members', []), { members: null }),
    row('remove all (IDP-15)', remove('members'), { members: null }),
    row('remove by value (IDP-13)', remove('members', [{ value: 'a' }]), { members: [b] }, { strict: 'invalidValue' }),
    row(
      'remove by value, with any other parts',
      remove('members', [{ value: 'a', type: 'Group', display: 'x' }]),
      { members: [b] },
      { strict: 'invalidValue' },
    ),
    row('remove by value, one object', remove('members', { value: 'a' }), { members: [b] }, { strict: 'invalidValue' }),
    row('remove by value, text', remove('members', 'a'), { members: [b] }, { strict: 'invalidValue' }),
    row('remove by value, not a member', remove('members', [{ value: 'z' }]), same, { strict: 'invalidValue' }),
    row('remove by value, []: none, never all', remove('members', []), same, { strict: 'invalidValue' }),
    row('remove by filter', remove('members[value eq "a"]'), { members: [b] }),
    row('remove by filter, not a member: success in every mode (IDP-14)', remove('members[value eq "z"]'), same),
    row('remove by filter, another letter case', remove('members[value eq "A"]'), same),
    row('remove by another filter', remove('members[type eq "User"]'), { members: [b] }),
    row('a member’s id does not change', replace('members[value eq "a"].value', 'c'), 'mutability'),
    row('nor is it removed', remove('members[value eq "a"].value'), 'mutability'),
    row('nor its type', replace('members[value eq "a"].type', 'Group'), 'mutability'),
    row('a first type may be set', add('members[value eq "b"].type', 'User'), {
      members: [a, { value: 'b', type: 'User' }],
    }),
    row('display is looked up', replace('members[value eq "a"].display', 'x'), 'mutability'),
    row('$ref is computed', add('members[value eq "b"].$ref', 'https://x/b'), 'mutability'),
    row('replace with ""', replace('members', ''), 'invalidValue'),
    row('add ""', add('members', ''), 'invalidValue'),
    row('add [""]', add('members', ['']), 'invalidValue'),
    row('no-path replace with ""', replaceAll({ members: '' }), 'invalidValue'),
    row('replace with null', replace('members', null), { members: null }),
    row('remove with ""', remove('members', ''), 'invalidValue'),
    row(
      'remove by filter, "" beside it',
      remove('members[value eq "a"]', ''),
      { members: [b] },
      { strict: 'invalidValue' },
    ),
    row(
      'remove by filter, null beside it',
      { op: 'remove', path: 'members[value eq "a"]', value: null },
      { members: [b] },
      { strict: 'invalidValue' },
    ),
    row('remove by filter, another id beside it', remove('members[value eq "a"]', [{ value: 'b' }]), 'invalidValue'),
    row(
      'remove by filter, the same id beside it',
      remove('members[value eq "a"]', [{ value: 'a' }]),
      { members: [b] },
      { strict: 'invalidValue' },
    ),
    row(
      'remove under its own name (Salesforce)',
      remove('members', { members: [{ value: 'a' }] }),
      { members: [b] },
      { strict: 'invalidValue' },
    ),
    row('add under its own name', add('members', { Members: [c] }), { members: [a, b, c] }, { strict: 'invalidValue' }),
    row('add under its own name and another', add('members', { members: [c], x: 1 }), 'invalidValue'),
    row('add an integer', add('members', [7]), 'invalidValue'),
    row(
      'add an integer inside',
      add('members', [{ value: 7 }]),
      { members: [a, b, { value: '7' }] },
      { strict: 'invalidValue' },
    ),
    row('misspelled: 400 in every mode', remove('memebers[value eq "a"]'), 'invalidPath'),
    row('filter misspelled: 400 in every mode', remove('members[valeu eq "a"]'), 'invalidFilter'),
    row('removed and added again', [remove('members[value eq "b"]'), add('members', [b])], same),
    row('required', remove('displayName'), 'mutability'),
  ])('$title', (given) => {
    check(groupType, group, given)
  })
})
