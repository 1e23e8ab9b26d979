/** `remove` at every kind of path, in three modes. @see RFC 7644 §3.5.2.2 */
import { describe, test } from '@jest/globals'
import type { JsonValue } from '../../src/json/value.js'
import { core, enterprise, userType } from '../resource/support/reading.js'
import {
  check,
  ext,
  home,
  other,
  type Row,
  remove,
  replace,
  row,
  same,
  user,
  withoutExtension,
  work,
} from './support/rows.js'

describe('remove (RFC 7644 §3.5.2.2)', () => {
  test.each<Row>([
    row('attr, single', remove('title'), { title: null }),
    row('attr, not there', remove('nickName'), same),
    row(
      'attr, single, with its old value (IDP-31)',
      remove('title', 'Guide'),
      { title: null },
      { strict: 'invalidValue' },
    ),
    row('attr, value null is no value', { op: 'remove', path: 'title', value: null }, { title: null }),
    row(
      'attr, list, value null: ambiguous, none or all',
      { op: 'remove', path: 'emails', value: null },
      'invalidValue',
    ),
    row('attr, complex', remove('name'), { name: null }),
    row('attr.sub', remove('name.givenName'), { name: { familyName: 'Jensen' } }),
    row('attr.sub, the last one', [remove('name.givenName'), remove('name.familyName')], { name: null }),
    row('attr, list', remove('emails'), { emails: null }),
    row(
      'attr, list, with values: only those (IDP-13)',
      remove('emails', [home]),
      { emails: [work] },
      { strict: 'invalidValue' },
    ),
    row(
      'attr, list, with values by part',
      remove('emails', { type: 'home' }),
      { emails: [work] },
      { strict: 'invalidValue' },
    ),
    row('attr, list, with values that are not there', remove('emails', [other]), same, { strict: 'invalidValue' }),
    row('attr, list, with no values: none, never all', remove('emails', []), same, { strict: 'invalidValue' }),
    row('list.sub: from every element', remove('emails.type'), {
      emails: [{ value: 'w@x', primary: true }, { value: 'h@x' }],
    }),
    row('list[filter]', remove('emails[type eq "home"]'), { emails: [work] }),
    row('list[filter], all match: unassigned', remove('emails[value pr]'), { emails: null }),
    row('list[filter], nothing matches (IDP-14)', remove('emails[type eq "other"]'), same, { strict: 'noTarget' }),
    row('list[filter], no such list', remove('ims[type eq "aim"]'), same, { strict: 'noTarget' }),
    row(
      'URN:attr[filter], nothing matches, and another operation beside it',
      [remove(`${enterprise}:manager[value eq "stale"]`), replace('active', false)],
      { active: false },
      { strict: 'noTarget' },
    ),
    ...['', null, [], {}, [''], [{}], { value: '' }, [{ value: null, type: '' }]].map((empty) =>
      row(
        `list[filter], ${JSON.stringify(empty)} beside it: the filter decides`,
        { op: 'remove', path: 'emails[type eq "home"]', value: empty as JsonValue },
        { emails: [work] },
        { strict: 'invalidValue' },
      ),
    ),
    row(
      'list[filter], a value that names the match',
      remove('emails[type eq "home"]', [{ value: 'H@X' }]),
      { emails: [work] },
      {
        strict: 'invalidValue',
      },
    ),
    row(
      'list[filter], a value that names one of two matches',
      remove('emails[value pr]', 'h@x'),
      { emails: [work] },
      {
        strict: 'invalidValue',
      },
    ),
    row('list[filter], a value that excludes every match', remove('emails[type eq "home"]', 'w@x'), 'invalidValue'),
    row('list[filter], a value of no known part', remove('emails[type eq "home"]', { nothing: 1 }), 'invalidValue'),
    row('list[filter], nothing matches, whatever the value', remove('emails[type eq "no"]', 'w@x'), same, {
      strict: 'invalidValue',
    }),
    row(
      'URN:attr[filter], null beside it',
      [{ op: 'remove', path: `${enterprise}:manager[value eq "m1"]`, value: null }],
      ext({ department: 'Tours' }),
    ),
    row(
      'list, by value in another case',
      remove('emails', [{ value: 'H@X', type: 'HOME' }]),
      { emails: [work] },
      { strict: 'invalidValue' },
    ),
    row(
      'list, by value, primary false beside it',
      remove('emails', [{ ...home, primary: false }]),
      { emails: [work] },
      { strict: 'invalidValue' },
    ),
    ...['', {}, [''], [{}]].map((empty) =>
      row(`list, ${JSON.stringify(empty)}: none or all?`, remove('emails', empty as JsonValue), 'invalidValue', {
        strict: 'invalidValue',
      }),
    ),
    row(
      'list.sub, with a value: where it is equal',
      remove('emails.type', 'WORK'),
      { emails: [{ value: 'w@x', primary: true }, home] },
      {
        strict: 'invalidValue',
      },
    ),
    row('list.sub, with a value that is absent', remove('emails.type', 'fax'), same, { strict: 'invalidValue' }),
    row(
      'complex, with parts: those that are equal',
      remove('name', { givenName: 'barbara', familyName: 'Other' }),
      { name: { familyName: 'Jensen' } },
      {
        strict: 'invalidValue',
      },
    ),
    row('complex, with a part that differs: it stays', remove('name', { givenName: 'Other' }), same, {
      strict: 'invalidValue',
    }),
    row(
      'complex, with a part of null: it is removed',
      remove('name', { givenName: null }),
      { name: { familyName: 'Jensen' } },
      { strict: 'invalidValue' },
    ),
    row('complex, with no part that is known', remove('name', { nothing: 'x' }), 'invalidValue'),
    row(
      'complex, with {} or "": all of it',
      [remove('name', {}), remove(`${enterprise}:manager`, '')],
      {
        name: null,
        [enterprise]: { department: 'Tours' },
      },
      { strict: 'invalidValue' },
    ),
    row('manager, with its id as text', remove('manager', 'm1'), ext({ department: 'Tours' }), {
      strict: 'invalidPath',
    }),
    row('manager, with another id', remove(`${enterprise}:manager`, { value: 'm2' }), same, { strict: 'invalidValue' }),
    row(
      'manager, by parts that the server computes',
      remove(`${enterprise}:manager`, { displayName: 'M' }),
      'invalidValue',
    ),
    row(
      'extension, with attributes: those that are equal',
      remove(enterprise, { department: 'TOURS', division: 'D', manager: { value: 'other' } }),
      ext({ manager: { value: 'm1' } }),
      {
        strict: 'invalidValue',
      },
    ),
    row('extension, with dotted keys', remove(enterprise, { 'manager.value': 'm1' }), ext({ department: 'Tours' }), {
      strict: 'invalidValue',
    }),
    row(
      'extension, with all its attributes',
      remove(enterprise, { department: 'Tours', manager: { value: 'm1' } }),
      withoutExtension,
      { strict: 'invalidValue' },
    ),
    row('extension, with unknown attributes alone', remove(enterprise, { nothing: 1 }), 'invalidValue'),
    row('extension, with text', remove(enterprise, 'x'), 'invalidValue'),
    row(
      'a part that makes two elements equal',
      [
        replace('phoneNumbers', [
          { value: '1', type: 'work' },
          { value: '1', type: 'home' },
        ]),
        remove('phoneNumbers.type'),
      ],
      {
        phoneNumbers: [{ value: '1' }],
      },
    ),
    row(
      'a part that makes elements equal, by filter',
      [
        replace('phoneNumbers', [{ value: '1' }, { value: '1', type: 'home' }]),
        remove('phoneNumbers[type eq "home"].type'),
      ],
      {
        phoneNumbers: [{ value: '1' }],
      },
    ),
    ...[
      'nothing',
      'nothing.x',
      'name.nothing',
      'emails.nothing',
      'nothing[value eq "x"]',
      'emails[type eq "work"].nothing',
      `${core}:nothing`,
      `${enterprise}:nothing`,
    ].map((path) => row(`${path}, which no schema defines: 400 in every mode`, remove(path), 'invalidPath')),
    row('list[filter on an unknown part]: 400 in every mode', remove('emails[valeu eq "w@x"]'), 'invalidFilter'),
    row('list[not (unknown part)], which would remove all', remove('emails[not (valeu pr)]'), 'invalidFilter'),
    row('below an unregistered URN: nothing of it is stored', remove('urn:example:other:1.0:User:x'), same, {
      strict: 'invalidPath',
    }),
    row(
      'an unregistered URN, and another operation beside it',
      [remove('urn:example:other:1.0:User'), replace('active', false)],
      { active: false },
      { strict: 'invalidPath' },
    ),
    row('URN.attr, a dot for the colon', remove(`${enterprise}.department`), ext({ manager: { value: 'm1' } }), {
      strict: 'invalidPath',
    }),
    row('list[filter].sub', remove('emails[type eq "work"].primary'), {
      emails: [{ value: 'w@x', type: 'work' }, home],
    }),
    row('list[filter].sub, nothing matches', remove('emails[type eq "other"].value'), same, { strict: 'noTarget' }),
    row(
      'list[filter].sub, the last part of an element',
      [remove('phoneNumbers[type eq "work"].value'), remove('phoneNumbers[type eq "work"].type')],
      { phoneNumbers: null },
    ),
    row(
      'list[and], list[not (or)]',
      [remove('emails[type eq "work" and value ew "x"]'), remove('emails[not (type eq "work" or type eq "other")]')],
      { emails: null },
    ),
    row('URN:attr', remove(`${enterprise}:department`), ext({ manager: { value: 'm1' } })),
    row('URN:attr.sub that creates the whole', remove(`${enterprise}:manager.value`), ext({ department: 'Tours' })),
    row(
      'URN:attr, the last one: schemas follows',
      [remove(`${enterprise}:department`), remove(`${enterprise}:manager`)],
      withoutExtension,
    ),
    row('bare extension name (IDP-7)', remove('manager'), ext({ department: 'Tours' }), { strict: 'invalidPath' }),
    row('extension whole', remove(enterprise), withoutExtension),
    row('required', remove('userName'), 'mutability'),
    row('no path', { op: 'remove' }, 'noTarget'),
    row('no path, with value', { op: 'remove', value: { title: 'Guide' } }, 'noTarget'),
  ])('$title', (given) => {
    check(userType, user, given)
  })
})
