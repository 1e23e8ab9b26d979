/** Every operation at every kind of path: the result of a PATCH on one document, in three modes. */
import { describe, expect, test } from '@jest/globals'
import type { InteropPreset } from '../../src/interop.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import type { ResourceType } from '../../src/schema/attribute.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { core, enterprise, groupType, groupUrn, refusal, userType } from '../resource/support/reading.js'
import { message, outcome, patchWith } from './support/patching.js'

const user: JsonObject = {
  schemas: [core, enterprise],
  id: 'u1',
  userName: 'bjensen',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  title: 'Guide',
  active: true,
  emails: [
    { value: 'w@x', type: 'work', primary: true },
    { value: 'h@x', type: 'home' },
  ],
  phoneNumbers: [{ value: '1', type: 'work' }],
  [enterprise]: { department: 'Tours', manager: { value: 'm1' } },
}

const group: JsonObject = {
  schemas: [groupUrn],
  id: 'g1',
  displayName: 'Guides',
  members: [{ value: 'a', type: 'User' }, { value: 'b' }],
}

const modes: readonly InteropPreset[] = ['lenient', 'entra', 'strict']

/** Attributes that differ from before; null for one that is removed. Or the scimType. */
type Expected = Readonly<Record<string, JsonValue>> | string

/** With `strict` or `entra` where they differ from lenient. */
interface Row {
  readonly title: string
  readonly ops: readonly JsonValue[]
  readonly expected: Expected
  readonly strict?: Expected
  readonly entra?: Expected
}

const row = (
  title: string,
  op: JsonValue | readonly JsonValue[],
  expected: Expected,
  others: Partial<Row> = {},
): Row => ({
  title,
  ops: Array.isArray(op) ? op : [op as JsonValue],
  expected,
  ...others,
})

const add = (path: string, value: JsonValue): JsonObject => ({ op: 'add', path, value })
const replace = (path: string, value: JsonValue): JsonObject => ({ op: 'replace', path, value })
const remove = (path: string, value?: JsonValue): JsonObject => ({
  op: 'remove',
  path,
  ...(value !== undefined && { value }),
})
const addAll = (value: JsonObject): JsonObject => ({ op: 'add', value })
const replaceAll = (value: JsonObject): JsonObject => ({ op: 'replace', value })

function changed(before: JsonObject, changes: Expected): JsonValue {
  if (typeof changes === 'string') return changes
  const after: Record<string, JsonValue> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  return after
}

function check(type: ResourceType, before: JsonObject, { ops, expected, strict, entra }: Row): void {
  const wanted: Readonly<Record<InteropPreset, Expected>> = {
    lenient: expected,
    entra: entra ?? expected,
    strict: strict ?? expected,
  }
  for (const mode of modes) {
    const result = outcome(type, before, message(...ops), mode)
    expect({ mode, result }).toEqual({ mode, result: changed(before, wanted[mode]) })
  }
}

const same = {}
const work = { value: 'w@x', type: 'work', primary: true }
const home = { value: 'h@x', type: 'home' }
const other = { value: 'o@x', type: 'other' }
const ext = (attributes: JsonObject): Expected => ({ [enterprise]: attributes })
const withoutExtension: Expected = { [enterprise]: null, schemas: [core] }

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

describe('attributes of the server are not for PATCH paths (SEC-1; FP-P7, FP-P8)', () => {
  const paths = ['id', 'ID', 'meta', 'Meta', 'meta.version', 'META.LOCATION', 'meta.created', `${core}:id`]
  const more = [
    `${core.toUpperCase()}:META`,
    `${core}:meta.lastModified`,
    'meta[version eq "x"]',
    'meta[version pr].version',
  ]
  for (const mode of modes) {
    test.each([...paths, ...more])(`${mode}: %s is 400 mutability for add, replace and remove`, (path) => {
      for (const op of [add(path, 'x'), replace(path, { version: 'x' }), remove(path)]) {
        expect(outcome(userType, user, message(op), mode)).toBe('mutability')
      }
    })
  }

  test.each(['groups', 'groups.value', 'groups[value eq "g"]', 'groups[value eq "g"].display', `${core}:GROUPS`])(
    'readOnly %s: 400 mutability (RFC 7644 §3.5.2), ignored and in the event by the switch',
    (path) => {
      for (const op of [add(path, [{ value: 'g' }]), replace(path, [{ value: 'g' }]), remove(path)]) {
        for (const mode of modes) expect(outcome(userType, user, message(op), mode)).toBe('mutability')
        const { after, ignored } = patchWith(userType, user, message(op), { readOnlyPatchPaths: true })
        expect(after).toEqual(user)
        expect(ignored).toEqual([expect.stringMatching(/^groups/)])
      }
    },
  )

  test('readOnly without path: ignored in every mode', () => {
    for (const mode of modes) {
      expect(outcome(userType, user, message(replaceAll({ groups: [{ value: 'g' }] })), mode)).toEqual(user)
    }
  })

  test('schemas is computed, whatever the request sets', () => {
    for (const mode of modes) {
      for (const op of [add('schemas', ['urn:x']), replace('schemas', [core]), remove('schemas')]) {
        expect(outcome(userType, user, message(op), mode)).toEqual(user)
      }
    }
  })
})

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

describe('immutable (RFC 7644 §3.5.2: a first value may be added)', () => {
  const type = compileResourceType({
    name: 'Fixed',
    endpoint: '/Fixed',
    schema: { id: 'urn:example:Fixed', name: 'Fixed', attributes: { born: { mutability: 'immutable' }, note: {} } },
  })
  const fresh: JsonObject = { schemas: ['urn:example:Fixed'], id: 'f', note: 'n' }
  const set: JsonObject = { ...fresh, born: 'B' }
  test.each([
    ['add a first value', fresh, add('born', 'B'), set],
    ['replace nothing', fresh, replace('born', 'B'), set],
    ['add the same', set, add('born', 'B'), set],
    ['add another', set, add('born', 'C'), 'mutability'],
    ['replace by another', set, replace('born', 'C'), 'mutability'],
    ['without path', set, replaceAll({ born: 'C' }), 'mutability'],
  ])('%s', (_title, before, op, expected) => {
    for (const mode of modes) {
      const result = outcome(type, before, message(op), mode)
      if (typeof expected === 'string') expect(result).toBe(expected)
      else expect(result).toEqual({ ...expected })
    }
  })
})

test('a password of a host that takes none is ignored in every mode, by path and without', () => {
  const unused = compileResourceType({
    name: 'User',
    endpoint: '/Users',
    schema: {
      id: core,
      name: 'User',
      attributes: { userName: { required: true }, password: { mutability: 'readOnly', returned: 'never' } },
    },
  })
  const before = { schemas: [core], id: 'u', userName: 'b' }
  for (const mode of modes) {
    for (const op of [
      add('password', 'p'),
      replace('password', 'p'),
      remove('password'),
      replaceAll({ password: 'p' }),
    ]) {
      const { after, ignored } = patchWith(unused, before, message(op), mode)
      expect(after).toEqual(before)
      expect(ignored).toEqual(['password'])
    }
  }
})

describe('ignored attributes are reported by name', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['unknown path', add('nothing', 'secret'), ['nothing']],
    ['unknown part', add('name.nothing', 'secret'), ['name.nothing']],
    ['unknown part after brackets', add('emails[type eq "work"].nothing', 'secret'), ['emails.nothing']],
    ['unknown attribute before brackets', add('nothing[value eq "secret"]', 'x'), ['nothing']],
    ['an unregistered URN in remove', remove('urn:example:other:User:x'), ['urn:example:other:User:x']],
    ['unknown URN', add('urn:example:other:User:x', 'secret'), ['urn:example:other:User:x']],
    [
      'unknown keys',
      addAll({ nothing: 'secret', name: { nope: 'secret', givenName: 'Barbara' } }),
      ['nothing', 'name.nope'],
    ],
    ['unknown in an extension', add(enterprise, { nothing: 'secret' }), [`${enterprise}:nothing`]],
    ['nothing for null', replaceAll({ nothing: null }), []],
  ])('%s: no change, and %j', (_title, op, expected) => {
    const { after, ignored } = patchWith(userType, user, message(op))
    expect(after).toEqual(user)
    expect(ignored).toEqual(expected)
  })
})

describe('prototypes (CVE-2026-48170, CVE-2026-61834; SEC-8)', () => {
  const spellings = ['__proto__', 'constructor', 'prototype', 'Constructor', '__PROTO__']
  const paths = spellings.flatMap((name) => [
    name,
    `${name}.polluted`,
    `name.${name}`,
    `${name}[value eq "x"]`,
    `emails[type eq "work"].${name}`,
    `emails[${name} eq "x"].value`,
    `${core}:${name}`,
    `${enterprise}:${name}`,
    `${enterprise}:manager.${name}`,
  ])
  test.each(paths)('path %s is refused, or has no target', (path) => {
    for (const mode of modes) {
      for (const op of [add(path, 'x'), replace(path, { polluted: 1 }), remove(path)]) {
        const result = outcome(userType, user, message(op), mode)
        if (typeof result === 'string') expect(['invalidPath', 'invalidFilter', 'noTarget']).toContain(result)
        else expect(result).toEqual(user)
      }
    }
    expect('polluted' in {}).toBe(false)
  })

  test.each(['toString', 'hasOwnProperty', 'valueOf', 'toString.call', 'name.toString', 'isPrototypeOf.x'])(
    'inherited %s is unknown',
    (path) => {
      expect(outcome(userType, user, message(add(path, 'x')), 'lenient')).toEqual(user)
      expect(outcome(userType, user, message(add(path, 'x')), 'strict')).toBe('invalidPath')
    },
  )

  test('keys of values are plain keys', () => {
    const text = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},
      "name":{"__proto__":{"polluted":1},"givenName":"Barbara"},
      "name.__proto__":1,"emails":[{"value":"x","__proto__":{"polluted":1},"constructor":1}],"__proto__.polluted":1}`
    const { after } = patchWith(userType, user, message(addAll(JSON.parse(text) as JsonObject)))
    expect(after).toEqual({ ...user, emails: [work, home, { value: 'x' }] })
    expect('polluted' in {}).toBe(false)
  })
})

describe('work is bounded (limits.patchWork)', () => {
  const many = { ...group, members: Array.from({ length: 1_000 }, (_, i) => ({ value: `m${i}` })) }
  const ops = Array.from({ length: 20 }, (_, i) => remove(`members[type eq "x${i}"]`))

  const weight = many.members.reduce((sum, { value }) => sum + 200 + value.length, 0)

  test('one operation too many is 400 tooMany', () => {
    const enough = { ...defaultLimits, patchWork: 20 * weight }
    expect(patchWith(groupType, many, message(...ops), 'lenient', enough).after).toEqual(many)
    const tooFew = { ...defaultLimits, patchWork: 20 * weight - 1 }
    expect(refusal(() => patchWith(groupType, many, message(...ops), 'lenient', tooFew))).toBe('tooMany')
  })

  test('long values cost more, and so do long filters', () => {
    const roles = [{ value: 'x'.repeat(10_000) }]
    const before = { ...user, roles }
    const cost = (path: string, patchWork: number) =>
      patchWith(userType, before, message(replace(path, 'd')), 'lenient', { ...defaultLimits, patchWork })
    expect(cost('roles[value pr].display', 10_200).after.roles).toHaveLength(1)
    expect(refusal(() => cost('roles[value pr].display', 10_199))).toBe('tooMany')
    expect(refusal(() => cost('roles[value pr and not (type pr)].display', 20_399))).toBe('tooMany')
    expect(cost('roles[value pr and not (type pr)].display', 20_400).after.roles).toHaveLength(1)
  })

  test('a thousand removals or additions, one operation each, cost as one', () => {
    const limits = { ...defaultLimits, patchWork: 2 * weight }
    const removals = many.members.map(({ value }) => remove(`members[value eq "${value}"]`))
    expect(patchWith(groupType, many, message(...removals), 'lenient', limits).after).not.toHaveProperty('members')
    const additions = many.members.map((member) => add('members', [member]))
    const { members: _members, ...empty } = many
    expect(patchWith(groupType, empty, message(...additions), 'lenient', limits).after).toEqual(many)
  })

  test.each<[string, JsonObject]>([
    ['add', add('members', [{ value: 'x' }])],
    ['replace', replace('members', [{ value: 'x' }])],
    ['replace[filter]', replace('members[type eq "x"].type', 'User')],
    ['list.sub', add('members.type', 'User')],
    ['remove.sub', remove('members.type')],
    ['remove[filter]', remove('members[value eq "x"]')],
    ['remove with value', remove('members', [{ value: 'x' }])],
    ['no path', addAll({ members: [{ value: 'x' }] })],
  ])('%s counts', (_title, op) => {
    const limits = { ...defaultLimits, patchWork: 999 }
    expect(refusal(() => patchWith(groupType, many, message(op), 'lenient', limits))).toBe('tooMany')
  })

  test('remove by parts costs both lists', () => {
    const roles = Array.from({ length: 100 }, (_, i) => ({ value: `r${i}` }))
    const op = remove('roles', roles)
    const cost = 100 * roles.reduce((sum, { value }) => sum + 200 + value.length, 0)
    const with100 = (patchWork: number) =>
      patchWith(userType, { ...user, roles }, message(op), 'lenient', { ...defaultLimits, patchWork })
    expect(with100(cost).after).not.toHaveProperty('roles')
    expect(refusal(() => with100(cost - 1))).toBe('tooMany')
  })
})
