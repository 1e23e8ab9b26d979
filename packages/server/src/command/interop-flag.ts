import { type InteropPreset, type InteropSwitches, interopPresets, interopSwitchNames } from '@scimkit/core'

/** A preset by name, and single switches that override it. */
export type ChosenInterop = Partial<InteropSwitches> & { readonly preset: InteropPreset }

/**
 * Parses `entra`, `entra,uniqueGroupDisplayName`, `no-missingSchemas`: a preset (default lenient) and switches that
 * override it, with `no-` in front to turn one off. Throws a TypeError that lists the known names for an unknown one.
 */
export function parseInterop(text: string): ChosenInterop {
  const switches: { -readonly [Name in keyof InteropSwitches]?: boolean } = {}
  let preset: InteropPreset | undefined
  for (const word of text.split(',').map((part) => part.trim())) {
    const asPreset = interopPresets.find((name) => name === word)
    const on = !word.startsWith('no-')
    const asSwitch = interopSwitchNames.find((name) => name === (on ? word : word.slice(3)))
    if (asSwitch !== undefined) switches[asSwitch] = on
    else if (asPreset === undefined) throw new TypeError(unknown(word))
    else if (preset !== undefined)
      throw new TypeError(`Only one preset is allowed, not both ${preset} and ${asPreset}.`)
    else preset = asPreset
  }
  return { preset: preset ?? 'lenient', ...switches }
}

const unknown = (word: string): string =>
  `Unknown preset or switch "${word}". Presets: ${interopPresets.join(', ')}. Switches (no- in front turns one off): ${interopSwitchNames.join(', ')}.`
