import { describe, expect, test } from '@jest/globals';
import { nearest } from '../../src/flow/reading/did-you-mean.ts';
import { parseType } from '../../src/flow/value/type-syntax.ts';
import { show, type Type } from '../../src/type.ts';

const line: Type = { kind: 'object', name: 'Line', fields: { sku: { kind: 'string' } } };
const named = new Map([['Line', line]]);

describe('a type as an author writes it', () => {
  test.each(['string', 'money', 'enum(a,b)', 'list<Line>', 'date?', 'list<list<string>>?', 'Line?'])(
    'reads %s',
    (text) => {
      const result = parseType(text, named);
      expect('type' in result && show(result.type)).toBe(text);
    },
  );

  test('forgives spaces', () => {
    expect(parseType(' enum( a , b ) ', named)).toEqual({ type: { kind: 'enum', values: ['a', 'b'] } });
    expect(parseType('list< Line >', named)).toEqual({ type: { kind: 'list', of: line } });
  });

  test.each([
    ['strng', 'Did you mean "string"?'],
    ['list<Lien>', 'Did you mean "Line"?'],
  ])('suggests the nearest type for %s', (text, hint) => {
    expect(parseType(text, named)).toMatchObject({ hint });
  });

  test.each([
    '',
    '?',
    'enum',
    'enum()',
    'enum(a,,b)',
    'enum(a,a)',
    'list',
    'list<>',
    'list<string',
    'date??',
    'any',
    'null',
    '__proto__',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseType(text, named)).toHaveProperty('problem');
  });

  test('refuses a type nested without end', () => {
    expect(parseType(`${'list<'.repeat(10_000)}string${'>'.repeat(10_000)}`, named)).toHaveProperty('problem');
  });
});

describe('the nearest word', () => {
  test.each([
    ['ordr', 'order'],
    ['Order', 'order'],
    ['oredr', 'order'],
  ])('finds what %s was meant to be', (word, meant) => {
    expect(nearest(word, ['total', 'order', 'reason'])).toBe(meant);
  });

  test.each(['zzz', '', 'x', 'o'.repeat(10_000)])('suggests nothing for %j', (word) => {
    expect(nearest(word, ['total', 'order', 'reason'])).toBeUndefined();
  });
});
