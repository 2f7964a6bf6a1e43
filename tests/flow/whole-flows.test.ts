import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../support/flows.ts';

/** Flows of the size that a shop has, which use every part of the language at once. */
const folder = join(import.meta.dirname, 'fixtures');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const connectors = read('connectors.yaml');
const names = readdirSync(folder).filter((name) => name !== 'connectors.yaml');

describe('flows as a shop has them', () => {
  test('compile together without an error', () => {
    const told = problemsOf(names.map(read), { connectors, locales: ['en', 'zh'] });
    expect(told.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each(names)('%s compiles alone as far as it goes: only what it refers to is missing', (name) => {
    const codes = problemsOf(read(name), { locales: ['en', 'zh'] }).map(({ code }) => code);
    expect(codes.filter((code) => !/^(action\.unknown|flow\.unknown_flow|flow\.type)$/.test(code))).toEqual([]);
  });
});
