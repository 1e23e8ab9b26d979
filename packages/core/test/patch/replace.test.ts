/** `replace` at every kind of path, in three modes. @see RFC 7644 §3.5.2.3 */
import { describe, test } from '@jest/globals'
import { core, enterprise, userType } from '../resource/support/reading.js'
import {
  add,
  check,
  ext,
  home,
  other,
  type Row,
  replace,
  replaceAll,
  row,
  same,
  user,
  withoutExtension,
  work,
} from './support/rows.js'

describe('replace (RFC 7644 §3.5.2.3)', () => {
  test.each<Row>([
    row('attr, single', replace('title', 'Boss'), { title: 'Boss' }),
    row('attr, single, new: as add', replace('nickName', 'Babs'), { nickName: 'Babs' }),
    row('attr, single, null', replace('title', null), { title: null }),
    row('attr, boolean as text (IDP-3)', replace('active', 'False'), { active: false }, { strict: 'invalidValue' }),
    row('attr, complex: parts that are not sent stay', replace('name', { givenName: 'Babs' }), {
      name: { givenName: 'Babs', familyName: 'Jensen' },
    }),
    row('attr, complex, null', replace('name', null), { name: null }),
    row('attr.sub', replace('name.familyName', 'J'), { name: { givenName: 'Barbara', familyName: 'J' } }),
    row('attr.sub, null', replace('name.familyName', null), { name: { givenName: 'Barbara' } }),
    row('attr.sub, the last one null', [replace('name.familyName', null), replace('name.givenName', null)], {
      name: null,
    }),
    row('attr, list: all of it', replace('emails', [other]), { emails: [other] }),
    row('attr, list, []', replace('emails', []), { emails: null }),
    row('attr, list, null', replace('emails', null), { emails: null }),
    row('attr, list, another order is another list', replace('emails', [home, work]), { emails: [home, work] }),
    row('attr, list, two primaries', replace('emails', [work, { ...home, primary: true }]), 'invalidValue'),
    row('list.sub: in every element', replace('emails.type', 'other'), {
      emails: [
        { ...work, type: 'other' },
        { ...home, type: 'other' },
      ],
    }),
    row('list[filter]: the element, whole', replace('emails[type eq "work"]', other), { emails: [other, home] }),
    row('list[filter], null parts are left out', replace('emails[type eq "work"]', { ...other, display: null }), {
      emails: [other, home],
    }),
    row('list[filter].sub: that element alone (IDP-12)', replace('emails[type eq "work"].value', 'n@x'), {
      emails: [{ ...work, value: 'n@x' }, home],
    }),
    row('list[filter].sub, null', replace('emails[type eq "work"].primary', null), {
      emails: [{ value: 'w@x', type: 'work' }, home],
    }),
    row('list[filter].sub, value decides', replace('emails[value eq "h@x"].type', 'work'), {
      emails: [work, { value: 'h@x', type: 'work' }],
    }),
    row('list[filter].sub, case ignored as the schema says', replace('Emails[Type EQ "WORK"].Value', 'n@x'), {
      emails: [{ ...work, value: 'n@x' }, home],
    }),
    row('list[filter].sub, nothing matches (IDP-11)', replace('emails[type eq "other"].value', 'o@x'), 'noTarget', {
      entra: { emails: [work, home, other] },
    }),
    row('list[filter], nothing matches (IDP-11)', replace('emails[type eq "other"]', { value: 'o@x' }), 'noTarget', {
      entra: { emails: [work, home, other] },
    }),
    row('list[filter].sub, no such list (IDP-11)', replace('ims[type eq "aim"].value', 'x'), 'noTarget', {
      entra: { ims: [{ type: 'aim', value: 'x' }] },
    }),
    row('list[co].sub, nothing matches', replace('emails[type co "oth"].value', 'o@x'), 'noTarget'),
    row(
      'URN:attr',
      replace(`${enterprise}:department`, 'Sales'),
      ext({
        department: 'Sales',
        manager: { value: 'm1' },
      }),
    ),
    row('URN:attr, manager "" (IDP-9)', replace(`${enterprise}:manager`, ''), ext({ department: 'Tours' }), {
      strict: 'invalidValue',
    }),
    row('URN:attr, manager null (IDP-9)', replace(`${enterprise}:manager`, null), ext({ department: 'Tours' })),
    row(
      'URN:attr, manager {value: ""} (IDP-9)',
      replace(`${enterprise}:manager`, { value: '' }),
      ext({
        department: 'Tours',
      }),
    ),
    row(
      'URN:attr, manager {value: null} (IDP-9)',
      replace(`${enterprise}:manager`, { value: null }),
      ext({
        department: 'Tours',
      }),
    ),
    row('URN:attr, manager’s name is not for clients', replace(`${enterprise}:manager.displayName`, 'M'), 'mutability'),
    row('URN:attr, manager’s $ref is computed', replace(`${enterprise}:manager.$ref`, '../Users/m2'), 'mutability'),
    row('URN:attr, manager with $ref alone', replace(`${enterprise}:manager`, { $ref: '../Users/m2' }), 'invalidValue'),
    row(
      'URN:attr, manager with unknown parts alone',
      replace(`${enterprise}:manager`, { managerId: 'm2' }),
      'invalidValue',
    ),
    row(
      'extension, manager with unknown parts alone',
      replace(enterprise, { manager: { managerId: 'm2' } }),
      'invalidValue',
    ),
    row(
      'no path, manager with unknown parts alone',
      replaceAll({ [enterprise]: { manager: { managerId: 'm2' } } }),
      'invalidValue',
    ),
    row('URN:attr, manager {}', replace(`${enterprise}:manager`, {}), 'invalidValue'),
    row('attr, complex, {} names no part', replace('name', {}), same),
    row('attr, complex, unknown parts alone', replace('name', { nothing: 1 }), 'invalidValue'),
    row('attr, list, an element of unknown parts alone', replace('emails', [{ nothing: 1 }]), 'invalidValue'),
    row('attr, list, ""', replace('emails', ''), 'invalidValue'),
    row('no path, list, ""', replaceAll({ emails: '' }), 'invalidValue'),
    row(
      'list[filter], text: its value alone',
      replace('emails[type eq "work"]', 'n@x'),
      { emails: [{ ...work, value: 'n@x' }, home] },
      {
        strict: 'invalidValue',
      },
    ),
    row('list[filter], an integer', replace('phoneNumbers[type eq "work"]', 2), 'invalidValue'),
    row('list[filter], JSON in a string', replace('emails[type eq "work"]', '{"value":"n@x"}'), 'invalidValue'),
    row('list[filter], a JSON list in a string', replace('emails[type eq "work"]', ' [1]'), 'invalidValue'),
    row('list[filter], ""', replace('emails[type eq "work"]', ''), 'invalidValue'),
    row(
      'list[filter].sub: elements that become equal are one',
      [
        replace('emails[value pr].primary', false),
        replace('emails.type', 'work'),
        replace('emails[value ew "x"].value', 'E@y'),
      ],
      {
        emails: [{ value: 'E@y', type: 'work', primary: false }],
      },
    ),
    row(
      'list.sub: elements that become equal are one',
      [
        replace('phoneNumbers', [
          { value: '1', type: 'work' },
          { value: '1', type: 'home' },
        ]),
        replace('phoneNumbers.type', 'other'),
      ],
      {
        phoneNumbers: [{ value: '1', type: 'other' }],
      },
    ),
    row(
      'list[filter]: an element that differs elsewhere stays (ADR 27)',
      [
        add('phoneNumbers', [{ value: '2', type: 'home', display: 'D' }]),
        replace('phoneNumbers[value eq "1"]', { value: '2', type: 'home' }),
      ],
      {
        phoneNumbers: [
          { value: '2', type: 'home' },
          { value: '2', type: 'home', display: 'D' },
        ],
      },
    ),
    row(
      'URN:attr[filter].value, "" clears the reference',
      replace(`${enterprise}:manager[value eq "m1"].value`, ''),
      ext({ department: 'Tours' }),
    ),
    row(
      'URN.attr, a dot for the colon',
      replace(`${enterprise}.department`, 'D'),
      ext({ department: 'D', manager: { value: 'm1' } }),
      {
        strict: 'invalidPath',
      },
    ),
    row(
      'URN.attr.sub, a dot for the colon',
      replace(`${enterprise}.manager.value`, 'm2'),
      ext({ department: 'Tours', manager: { value: 'm2' } }),
      {
        strict: 'invalidPath',
      },
    ),
    row('core URN.attr', replace(`${core}.title`, 'T'), { title: 'T' }, { strict: 'invalidPath' }),
    row(
      'no path, URN.attr',
      replaceAll({ [`${enterprise}.department`]: 'D' }),
      ext({ department: 'D', manager: { value: 'm1' } }),
      {
        strict: 'invalidValue',
      },
    ),
    row(
      'no path, dotted keys in an extension',
      replaceAll({ [enterprise]: { 'manager.value': 'm2' } }),
      ext({ department: 'Tours', manager: { value: 'm2' } }),
      {
        strict: 'invalidValue',
      },
    ),
    row(
      'no path, full paths in an extension',
      replaceAll({ [enterprise]: { [`${enterprise}:department`]: 'D' } }),
      ext({ department: 'D', manager: { value: 'm1' } }),
    ),
    row(
      'no path, a value path as key',
      replaceAll({ 'emails[type eq "work"].value': 'n@x', title: 'T' }),
      { title: 'T', emails: [{ ...work, value: 'n@x' }, home] },
      {
        strict: 'invalidValue',
      },
    ),
    row(
      'no path, a value path as key that matches nothing',
      replaceAll({ 'emails[type eq "no"].value': 'n@x', title: 'T' }),
      'noTarget',
      {
        strict: 'invalidValue',
        entra: { title: 'T', emails: [work, home, { type: 'no', value: 'n@x' }] },
      },
    ),
    row('no path, the core schema as text', replaceAll({ [core]: 'x' }), 'invalidValue'),
    row('attr, an integer for a string', replace('title', 12), { title: '12' }, { strict: 'invalidValue' }),
    row('attr, a fraction for a string', replace('title', 1.5), 'invalidValue'),
    row('attr under its own name', replace('active', { active: false }), { active: false }, { strict: 'invalidValue' }),
    row(
      'extension under its own name',
      replace(enterprise, { [enterprise]: { department: 'D' } }),
      ext({ department: 'D', manager: { value: 'm1' } }),
      {
        strict: 'invalidValue',
      },
    ),
    row(
      'extension whole: merged (IDP-6)',
      replace(enterprise, { department: 'Sales' }),
      ext({
        department: 'Sales',
        manager: { value: 'm1' },
      }),
    ),
    row('extension whole, null', replace(enterprise, null), withoutExtension),
    row('no path: lists are replaced, objects merged', replaceAll({ emails: [other], name: { givenName: 'B' } }), {
      emails: [other],
      name: { givenName: 'B', familyName: 'Jensen' },
    }),
    row('no path: only named attributes change (IDP-18)', replaceAll({ active: false }), { active: false }),
    row('no path, null', replaceAll({ title: null, emails: null }), { title: null, emails: null }),
    row(
      'no path, URN:attr keys (IDP-6)',
      replaceAll({ [`${enterprise}:department`]: 'Sales' }),
      ext({
        department: 'Sales',
        manager: { value: 'm1' },
      }),
    ),
    row('no path, equal id (IDP-20)', replaceAll({ id: 'u1', title: 'Boss' }), { title: 'Boss' }),
    row('no path, another id', replaceAll({ id: 'U1' }), 'mutability'),
    row('required, null', replace('userName', null), 'mutability'),
    row('required, null, no path', replaceAll({ userName: null }), 'mutability'),
    row('required, empty', replace('userName', ''), 'invalidValue'),
  ])('$title', (given) => {
    check(userType, user, given)
  })
})
