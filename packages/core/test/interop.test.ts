import { expect, test } from '@jest/globals'
import { type Interop, type InteropSwitches, interopFrom, interopPresets, interopSwitchNames } from '../src/interop.js'

/** The differences of a preset from lenient. */
function differences(preset: Interop): Partial<InteropSwitches> {
  const lenient = interopFrom('lenient')
  return Object.fromEntries(
    Object.entries(interopFrom(preset)).filter(([name, value]) => lenient[name as keyof InteropSwitches] !== value),
  )
}

test('lenient is the default; deviations from the RFCs are documented as such (docs/identity-providers.md, quirks)', () => {
  expect(interopFrom()).toEqual(interopFrom('lenient'))
  const off = Object.entries(interopFrom()).filter(([, value]) => !value)
  expect(off.map(([name]) => name).sort()).toEqual([
    'acceptForeignSchemas',
    'acceptUnquotedFilterValues',
    'patchReplaceCreatesMissing',
    'readOnlyPatchPaths',
    'uniqueGroupDisplayName',
  ])
})

test('entra turns on IDP-11 and IDP-24', () => {
  expect(differences('entra')).toEqual({
    patchReplaceCreatesMissing: true,
    acceptForeignSchemas: true,
  })
})

test('strict turns leniencies off and nothing on', () => {
  expect(Object.values(differences('strict')).every((value) => value === false)).toBe(true)
  expect(Object.keys(differences('strict'))).toEqual(
    expect.arrayContaining(['stringBooleans', 'dottedKeys', 'bareExtensionNames', 'wrapScalars', 'removeWithValue']),
  )
})

test('single switches override a preset, lenient if none is named', () => {
  expect(differences({ emptyOperations: false })).toEqual({ emptyOperations: false })
  expect(interopFrom({ preset: 'strict', stringBooleans: true })).toEqual({
    ...interopFrom('strict'),
    stringBooleans: true,
  })
  expect(interopFrom({ preset: 'entra' })).toEqual(interopFrom('entra'))
})

test('every preset has every switch', () => {
  expect(interopPresets).toEqual(['lenient', 'entra', 'strict'])
  for (const preset of interopPresets) expect(Object.keys(interopFrom(preset))).toEqual(interopSwitchNames)
})

test.each(['Lenient', '', 'toString', '__proto__', null, 1])('%j is not a preset', (preset) => {
  expect(() => interopFrom({ preset } as unknown as Interop)).toThrow('unknown preset')
})

test.each(['stringbooleans', 'toString', 'constructor'])('%s is not a switch', (name) => {
  expect(() => interopFrom({ [name]: true } as Interop)).toThrow(`unknown switch "${name}"`)
})

test.each(['true', 1, null, undefined])('a switch is not %j', (value) => {
  expect(() => interopFrom({ dottedKeys: value } as unknown as Interop)).toThrow('interop.dottedKeys')
})
