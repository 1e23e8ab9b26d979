import { expect, test } from '@jest/globals'
import { attributesOf } from '../../src/filter/attributes-of.js'
import { equalityOn } from '../../src/filter/equality-on.js'
import { parseFilter } from '../../src/filter/parse.js'
import { lenient, limits, thingExtension, thingType } from './support/types.js'

const parse = (text: string): ReturnType<typeof parseFilter> => parseFilter(text, thingType, lenient, limits)

test.each<[string, string, string | number | boolean | undefined]>([
  ['text eq "A"', 'text', 'a'],
  ['TEXT eq "A"', 'text', 'a'],
  ['exact eq "A"', 'exact', 'A'],
  ['text eq "A" and count eq 1', 'count', 1],
  ['(flag eq false and text eq "A") and count eq 1', 'flag', false],
  ['parts eq "A"', 'parts.value', 'a'],
  ['parts[type eq "x" and value eq "A"]', 'parts.value', 'a'],
  ['parts[type eq "x"].value eq "A"', 'parts.value', 'a'],
  ['tags[value eq "A"]', 'tags', 'a'],
  ['keeper eq "K" and text pr', `${thingExtension}:keeper.value`, 'K'],
  ['born eq "1970-01-01T00:00:01Z"', 'born', 1000],
  ['text eq null', 'text', undefined],
  ['text ne "A"', 'text', undefined],
  ['text sw "A"', 'text', undefined],
  ['text pr', 'text', undefined],
  ['text eq "A" or text eq "B"', 'text', undefined],
  ['text eq "A" or count eq 1', 'text', undefined],
  ['not (text eq "A")', 'text', undefined],
  ['not (not (text eq "A"))', 'text', undefined],
  ['parts[type eq "x" or value eq "A"]', 'parts.value', undefined],
  ['parts[not (value eq "A")]', 'parts.value', undefined],
  ['nope eq "A"', 'nope', undefined],
  ['nope[value eq "A"]', 'value', undefined],
  ['text eq "A"', 'exact', undefined],
])('%s requires of %s the key %p', (text, path, key) => {
  expect(equalityOn(parse(text), path)).toBe(key)
})

test.each<[string, readonly string[]]>([
  ['text eq "a" or not (count gt 1)', ['count', 'text']],
  ['parts[type eq "a"].value eq "b"', ['parts', 'parts.type', 'parts.value']],
  ['parts eq "a" and parts pr', ['parts', 'parts.value']],
  ['keeper.since pr and meta.created pr', ['meta.created', `${thingExtension}:keeper.since`]],
  [`${thingExtension} pr`, [thingExtension]],
  ['tags[value eq "a"]', ['tags']],
  ['nope eq "a"', []],
])('%s reads %j', (text, paths) => {
  expect([...attributesOf(parse(text))].sort()).toEqual([...paths].sort())
})
