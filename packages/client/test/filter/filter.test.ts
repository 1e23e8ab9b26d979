import { describe, expect, test } from '@jest/globals'
import { attributeName, filter, rawFilter } from '@scimkit/client'

describe('values', () => {
  test.each<[string, { readonly text: string }, string]>([
    ['text', filter`userName eq ${'ada'}`, 'userName eq "ada"'],
    ['text with quotes', filter`userName eq ${'a" or userName pr or "'}`, 'userName eq "a\\" or userName pr or \\""'],
    ['a boolean and null', filter`active eq ${true} and title eq ${null}`, 'active eq true and title eq null'],
    ['a number', filter`urn:x:y:1.0:User:count gt ${-1.5e21}`, 'urn:x:y:1.0:User:count gt -1.5e+21'],
    ['a date', filter`meta.created gt ${new Date(0)}`, 'meta.created gt "1970-01-01T00:00:00.000Z"'],
    [
      'within brackets',
      filter`emails[type eq ${'work'} and value co ${'@a'}]`,
      'emails[type eq "work" and value co "@a"]',
    ],
    ['without spaces', filter`not(userName eq ${'a'})`, 'not(userName eq "a")'],
    ['an attribute called like an operator', filter`eq eq ${1}`, 'eq eq 1'],
    [
      'after words in quotes',
      filter`title eq "and eq" and userName sw ${'a'}`,
      'title eq "and eq" and userName sw "a"',
    ],
  ])('%s', (_name, { text }, expected) => {
    expect(text).toBe(expected)
  })

  test.each<[string, () => unknown, string]>([
    ['a name', () => filter`${'userName'} eq "a"`, 'must follow an operator'],
    ['an operator', () => filter`userName ${'eq'} "a"`, 'must follow an operator'],
    ['after pr', () => filter`userName pr ${'x'}`, 'must follow an operator'],
    ['within quotes', () => filter`userName eq "${'a'}"`, 'remove the quotes'],
    ['a part of a word', () => filter`userName eq a${'b'}`, 'must follow an operator'],
    ['undefined', () => filter`userName eq ${undefined as unknown as string}`, 'is undefined'],
    ['an object', () => filter`userName eq ${{} as unknown as string}`, 'is object'],
    ['NaN', () => filter`x eq ${Number.NaN}`, 'not a finite number'],
    ['an invalid date', () => filter`meta.created gt ${new Date('x')}`, 'invalid date'],
    [
      'a filter in the position of a value',
      () => filter`userName eq ${filter`title pr`}`,
      'only allowed in the position of a condition',
    ],
    [
      'a name in the position of a value',
      () => filter`userName eq ${attributeName('x')}`,
      'in a position where none is allowed',
    ],
    ['an open quote', () => filter`userName eq "a`, 'unclosed quote'],
    ['an open bracket', () => filter`emails[type eq ${'work'}`, 'unclosed "["'],
    ['a closing bracket without an opening one', () => filter`userName eq ${'a'})`, '")" without an opening bracket'],
    ['an empty filter', () => filter` `, 'the filter is empty'],
    ['an expression as a name', () => attributeName('userName eq "a" or title'), 'not a valid attribute name'],
    ['an empty name', () => attributeName(''), 'not a valid attribute name'],
  ])('refuses %s', (_name, make, message) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})

test('filters are accepted as conditions, attribute names as names', () => {
  const or = filter`userName eq ${'a'} or userName eq ${'b'}`
  expect(filter`${or} and active eq ${true}`.text).toBe('(userName eq "a" or userName eq "b") and active eq true')
  expect(filter`not ${or}`.text).toBe('not (userName eq "a" or userName eq "b")')
  expect(filter`${rawFilter('title pr')}`.text).toBe('title pr')
  expect(filter`${attributeName('name.givenName')} eq ${'Ada'}`.text).toBe('name.givenName eq "Ada"')
  expect(filter`${attributeName('emails')}[value co ${'x'}].type eq ${'work'}`.text).toBe(
    'emails[value co "x"].type eq "work"',
  )
})
