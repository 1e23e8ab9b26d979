/** Several operations in one PATCH, and the rule of one primary element. */
import { describe, test } from '@jest/globals'
import { userType } from '../resource/support/reading.js'
import { add, check, home, other, type Row, remove, replace, row, same, user, work } from './support/rows.js'

describe('primary (RFC 7644 §3.5.2; IDP-32)', () => {
  const notPrimary = { ...work, primary: false }
  test.each<Row>([
    row('add a primary one', add('emails', [{ ...other, primary: true }]), {
      emails: [notPrimary, home, { ...other, primary: true }],
    }),
    row('set on an existing one', replace('emails[type eq "home"].primary', true), {
      emails: [notPrimary, { ...home, primary: true }],
    }),
    row('by merging', add('emails', [{ ...home, primary: true }]), {
      emails: [notPrimary, { ...home, primary: true }],
    }),
    row('replace a whole element', replace('emails[type eq "home"]', { ...other, primary: true }), {
      emails: [notPrimary, { ...other, primary: true }],
    }),
    row('create one', add('emails[type eq "other"].primary', true), {
      emails: [notPrimary, home, { type: 'other', primary: true }],
    }),
    row('set again on the primary one', replace('emails[type eq "work"].primary', true), same),
    row('another part of the primary one', replace('emails[type eq "work"].value', 'n@x'), {
      emails: [{ ...work, value: 'n@x' }, home],
    }),
    row('a second one that is false', add('emails', [{ ...other, primary: false }]), {
      emails: [work, home, { ...other, primary: false }],
    }),
    row(
      'two in one operation',
      add('emails', [
        { value: 'x', primary: true },
        { value: 'y', primary: true },
      ]),
      'invalidValue',
    ),
    row(
      'one after the other: the last one',
      [replace('emails[type eq "home"].primary', true), replace('emails[type eq "work"].primary', true)],
      { emails: [work, { ...home, primary: false }] },
    ),
    row('of another attribute', add('phoneNumbers', [{ value: '2', primary: true }]), {
      phoneNumbers: [
        { value: '1', type: 'work' },
        { value: '2', primary: true },
      ],
    }),
  ])('$title', (given) => {
    check(userType, user, given)
  })
})

describe('all or nothing; a later operation sees what an earlier one did (RFC 7644 §3.5.2)', () => {
  test.each<Row>([
    row('a failing last operation', [replace('title', 'Boss'), replace('active', 'garbage')], 'invalidValue'),
    row(
      'a failing first operation',
      [replace('emails[type eq "no"].value', 'x'), replace('title', 'Boss')],
      'noTarget',
      {
        entra: { title: 'Boss', emails: [work, home, { type: 'no', value: 'x' }] },
      },
    ),
    row('the last operation decides', [replace('title', 'a'), replace('title', 'b'), replace('title', 'c')], {
      title: 'c',
    }),
    row('there and back: no change', [replace('title', 'a'), replace('title', 'Guide')], same),
    row(
      'remove, then its filter finds nothing',
      [remove('emails'), remove('emails[type eq "work"]')],
      { emails: null },
      {
        strict: 'noTarget',
      },
    ),
    row('add, then its filter finds it', [add('emails', [other]), replace('emails[type eq "other"].value', 'n')], {
      emails: [work, home, { type: 'other', value: 'n' }],
    }),
    row(
      'a required one, removed and added again in one request, is refused at the removal',
      [remove('userName'), add('userName', 'x')],
      'mutability',
    ),
  ])('$title', (given) => {
    check(userType, user, given)
  })
})
