import { describe, expect, test } from '@jest/globals'
import { interopPresets, interopSwitchNames } from '@scimkit/core'
import { interopFrom } from '@scimkit/core/filter'
import { parseInterop } from '../../src/command/interop-flag.js'

describe('--interop', () => {
  test('accepts presets, switches, and switches with no- in front', () => {
    for (const preset of interopPresets) expect(parseInterop(preset)).toEqual({ preset })
    for (const name of interopSwitchNames) {
      expect(parseInterop(name)).toEqual({ preset: 'lenient', [name]: true })
      expect(parseInterop(`strict,no-${name}`)).toEqual({ preset: 'strict', [name]: false })
      expect(interopFrom(parseInterop(`no-${name}`))[name]).toBe(false)
    }
    expect(parseInterop(' uniqueGroupDisplayName , entra')).toEqual({ preset: 'entra', uniqueGroupDisplayName: true })
  })

  test.each(['', 'entra,', 'Entra', 'no-entra', 'entra,lenient', 'toString'])('rejects %j', (text) => {
    expect(() => parseInterop(text)).toThrow(TypeError)
  })
})
