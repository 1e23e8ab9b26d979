/** `add` at every kind of path, in three modes. @see RFC 7644 §3.5.2.1 */
import { describe, test } from '@jest/globals'
import { core, enterprise, userType } from '../resource/support/reading.js'
import { add, addAll, check, ext, home, other, type Row, remove, row, same, user, work } from './support/rows.js'

describe('add (RFC 7644 §3.5.2.1)', () => {
  test.each<Row>([
    row('attr, single, new', add('nickName', 'Babs'), { nickName: 'Babs' }),
    row('attr, single, there: replaced', add('title', 'Boss'), { title: 'Boss' }),
    row('attr, single, the same: no change', add('title', 'Guide'), same),
    row('attr, single, null: unassigned (RFC 7643 §2.5)', add('title', null), { title: null }),
    row('attr, single, empty text (IDP-22)', add('title', ''), { title: '' }),
    row('attr, boolean as text (IDP-3)', add('active', 'False'), { active: false }, { strict: 'invalidValue' }),
    row('attr, garbage (IDP-38)', add('active', 'maybe'), 'invalidValue'),
    row('attr, in any case (IDP-2)', add('TITLE', 'Boss'), { title: 'Boss' }),
    row('attr, core URN (IDP-6)', add(`${core}:title`, 'Boss'), { title: 'Boss' }),
    row('attr, a list for one value', add('title', ['a', 'b']), 'invalidValue'),
    row('attr, complex: merged', add('name', { givenName: 'Babs' }), {
      name: { givenName: 'Babs', familyName: 'Jensen' },
    }),
    row('attr, complex, the same', add('name', { familyName: 'Jensen' }), same),
    row('attr, complex, a null part is removed, others stay', add('name', { givenName: null }), {
      name: { familyName: 'Jensen' },
    }),
    row('attr, complex, text', add('name', 'Babs'), 'invalidValue'),
    row('attr.sub', add('name.middleName', 'J'), {
      name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'J' },
    }),
    row('attr.sub, any case', add('NAME.GIVENNAME', 'Babs'), { name: { givenName: 'Babs', familyName: 'Jensen' } }),
    row('attr.sub, no value yet', [remove('name'), add('name.givenName', 'B')], { name: { givenName: 'B' } }),
    row('attr, list, appended', add('emails', [other]), { emails: [work, home, other] }),
    row('attr, list, one object: appended in every mode', add('emails', other), { emails: [work, home, other] }),
    row('attr, list, an existing element', add('emails', [home]), same),
    row(
      'attr, list, an existing one in another case: its spelling stays',
      add('emails', [{ value: 'H@X', type: 'Home' }]),
      same,
    ),
    row(
      'attr, list, one in another case with a new part',
      add('emails', [{ value: 'H@X', type: 'home', display: 'H' }]),
      {
        emails: [work, { ...home, display: 'H' }],
      },
    ),
    row('attr, list, ""', add('emails', ''), 'invalidValue'),
    row('attr, list, [""]', add('emails', ['']), 'invalidValue'),
    row('attr, list, {}', add('emails', {}), 'invalidValue'),
    row('attr, list, unknown parts alone', add('emails', [{ nothing: 1 }]), 'invalidValue'),
    row('attr, list, JSON in a string', add('roles', '{"value":"r"}'), 'invalidValue'),
    row('attr, list, an existing and a new one (IDP-16)', add('emails', [home, other]), {
      emails: [work, home, other],
    }),
    row('attr, list, the same twice', add('emails', [other, other]), { emails: [work, home, other] }),
    row('attr, list, same value and type: other parts are taken on', add('emails', [{ ...home, display: 'H' }]), {
      emails: [work, { ...home, display: 'H' }],
    }),
    row(
      'attr, list, same value, other type: another one (RFC 7643 §2.4)',
      add('emails', { value: 'h@x', type: 'work' }),
      {
        emails: [work, home, { value: 'h@x', type: 'work' }],
      },
    ),
    row(
      'attr, list, text (IDP-17)',
      add('emails', 'o@x'),
      { emails: [work, home, { value: 'o@x' }] },
      { strict: 'invalidValue' },
    ),
    row('attr, list, no value yet', add('roles', [{ value: 'r' }]), { roles: [{ value: 'r' }] }),
    row('attr, list, null or [] adds nothing', [add('emails', null), add('emails', [])], same),
    row('list.sub: in every element', add('emails.display', 'X'), {
      emails: [
        { ...work, display: 'X' },
        { ...home, display: 'X' },
      ],
    }),
    row('list.sub, empty list: an element', add('ims.value', 'x'), { ims: [{ value: 'x' }] }),
    row('list[filter]: merged into the matching elements', add('emails[type eq "home"]', { display: 'H' }), {
      emails: [work, { ...home, display: 'H' }],
    }),
    row(
      'list[filter], nothing matches: created from the terms (IDP-10)',
      add('emails[type eq "other"]', { value: 'o@x' }),
      {
        emails: [work, home, other],
      },
    ),
    row('list[filter].sub', add('emails[type eq "home"].value', 'n@x'), {
      emails: [work, { value: 'n@x', type: 'home' }],
    }),
    row('list[filter].sub, the same', add('emails[type eq "home"].value', 'h@x'), same),
    row('list[filter].sub, several match', add('emails[value ew "x"].display', 'X'), {
      emails: [
        { ...work, display: 'X' },
        { ...home, display: 'X' },
      ],
    }),
    row('list[filter].sub, nothing matches (IDP-10)', add('emails[type eq "other"].value', 'o@x'), {
      emails: [work, home, other],
    }),
    row('list[filter].sub, no such list yet (IDP-10)', add('addresses[type eq "work"].country', 'US'), {
      addresses: [{ type: 'work', country: 'US' }],
    }),
    row(
      'a later operation finds the element that an earlier one created (IDP-10)',
      [add('addresses[type eq "work"].country', 'US'), add('addresses[type eq "work"].locality', 'LA')],
      { addresses: [{ type: 'work', country: 'US', locality: 'LA' }] },
    ),
    row(
      'list[a and b].sub, nothing matches: both terms',
      add('emails[type eq "other" and display eq "O"].value', 'o@x'),
      {
        emails: [work, home, { ...other, display: 'O' }],
      },
    ),
    row('list[filter].sub, brackets with "]" in text', add('emails[type eq "a]b"].value', 'v'), {
      emails: [work, home, { type: 'a]b', value: 'v' }],
    }),
    row('list[co].sub, nothing matches: ambiguous', add('emails[type co "oth"].value', 'o@x'), 'noTarget'),
    row('list[or].sub, nothing matches', add('emails[type eq "a" or type eq "b"].value', 'o@x'), 'noTarget'),
    row('list[not].sub, nothing matches', add('ims[not (type eq "a")].value', 'o@x'), 'noTarget'),
    row('list[ne].sub, nothing matches', add('ims[type ne "a"].value', 'o@x'), 'noTarget'),
    row('list[eq null].sub, nothing matches', add('ims[type eq null].value', 'o@x'), 'noTarget'),
    row('list[contradiction].sub', add('ims[type eq "a" and type eq "b"].value', 'o@x'), 'noTarget'),
    row(
      'list[primary eq "True"].sub (IDP-4)',
      add('emails[primary eq "True"].display', 'P'),
      {
        emails: [{ ...work, display: 'P' }, home],
      },
      { strict: 'invalidFilter' },
    ),
    row('URN:attr', add(`${enterprise}:department`, 'Sales'), ext({ department: 'Sales', manager: { value: 'm1' } })),
    row(
      'URN:attr, any case (IDP-6)',
      add(`${enterprise.toUpperCase()}:Department`, 'Sales'),
      ext({
        department: 'Sales',
        manager: { value: 'm1' },
      }),
    ),
    row(
      'URN:attr.sub',
      add(`${enterprise}:manager.value`, 'm2'),
      ext({ department: 'Tours', manager: { value: 'm2' } }),
    ),
    row(
      'URN:attr, manager as text (IDP-8)',
      add(`${enterprise}:manager`, 'm2'),
      ext({
        department: 'Tours',
        manager: { value: 'm2' },
      }),
      { strict: 'invalidValue' },
    ),
    row(
      'URN:attr, manager as a list of one (IDP-8)',
      add(`${enterprise}:manager`, [{ value: 'm2' }]),
      ext({
        department: 'Tours',
        manager: { value: 'm2' },
      }),
      { strict: 'invalidValue' },
    ),
    row(
      'bare extension name (IDP-7)',
      add('manager', { value: 'm2' }),
      ext({
        department: 'Tours',
        manager: { value: 'm2' },
      }),
      { strict: 'invalidPath' },
    ),
    row(
      'extension whole: merged, never replaced (IDP-6)',
      add(enterprise, { division: 'D' }),
      ext({
        department: 'Tours',
        division: 'D',
        manager: { value: 'm1' },
      }),
    ),
    row('extension whole, text', add(enterprise, 'x'), 'invalidValue'),
    row('extension new: schemas follows (RFC 7644 §3.5.2)', [remove(enterprise), add(`${enterprise}:division`, 'D')], {
      [enterprise]: { division: 'D' },
    }),
    row('no path', addAll({ title: 'Boss', emails: [other], name: { middleName: 'J' } }), {
      title: 'Boss',
      emails: [work, home, other],
      name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'J' },
    }),
    row(
      'no path, extension',
      addAll({ [enterprise]: { division: 'D' } }),
      ext({
        department: 'Tours',
        division: 'D',
        manager: { value: 'm1' },
      }),
    ),
    row(
      'no path, dotted keys (IDP-5)',
      addAll({ 'name.givenName': 'Babs' }),
      {
        name: { givenName: 'Babs', familyName: 'Jensen' },
      },
      { strict: 'invalidValue' },
    ),
    row('no path, path null', { op: 'add', path: null, value: { title: 'Boss' } }, { title: 'Boss' }),
    row(
      'no path, the server’s attributes (IDP-20)',
      addAll({ id: 'u1', schemas: ['x'], meta: { version: 'y' }, groups: [] }),
      same,
    ),
    row('no path, another id', addAll({ id: 'u2' }), 'mutability'),
    row('no path, another id in another case', addAll({ ID: 'u2', title: 'Boss' }), 'mutability'),
    row('no path, another id with its URN', addAll({ [`${core}:Id`]: 'u2' }), 'mutability'),
    row(
      'no path, unknown names (IDP-23)',
      addAll({ nothing: 1, name: { nothing: 1, givenName: 'Barbara' }, title: 'Boss' }),
      {
        title: 'Boss',
      },
    ),
  ])('$title', (given) => {
    check(userType, user, given)
  })
})
