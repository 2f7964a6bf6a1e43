import { describe, expect, test } from '@jest/globals';
import { fill, placeholders } from '../../src/connector/template.ts';

const record = { id: 'A1', count: 3, lines: [{ sku: 'x' }], deep: { er: true }, none: null };

describe('fill', () => {
  test.each([
    ['{id}', 'A1'],
    ['{lines}', [{ sku: 'x' }]],
    ['{lines.0.sku}', 'x'],
    ['{deep.er}', true],
    ['{.}', record],
    ['order {id}: {count}', 'order A1: 3'],
    ['{missing}', null],
    ['[{missing}]', '[]'],
    ['no place', 'no place'],
    [7, 7],
  ])('%j becomes %j', (template, filled) => {
    expect(fill(template, record)).toEqual(filled);
  });

  test('fills records and lists, and leaves their keys alone', () => {
    expect(fill({ '{id}': ['{count}', { a: '{none}' }] }, record)).toEqual({ '{id}': [3, { a: null }] });
  });

  test("a customer's text is never a template itself", () => {
    expect(fill({ note: '{note}', again: 'x {note}' }, { note: '{secret}', secret: 's' })).toEqual({
      note: '{secret}',
      again: 'x {secret}',
    });
  });

  test('reaches nothing that a record does not own', () => {
    expect(fill('{constructor}', record)).toBeNull();
    expect(fill('{deep.__proto__}', record)).toBeNull();
    expect(fill('{id.length}', record)).toBeNull();
  });
});

test('placeholders are named in their order', () => {
  expect(placeholders({ a: '{id} and {deep.er}', b: ['{count}'] })).toEqual(['id', 'deep.er', 'count']);
});
