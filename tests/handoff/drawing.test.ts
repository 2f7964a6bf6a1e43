import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { drawing } from '../../src/handoff/drawing.ts';
import { TABLE } from '../../src/handoff/table.ts';

const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'desk.md'), 'utf8');

test('docs/desk.md draws the table that the program runs by', () => {
  const [, drawn] = /<!-- control -->\n([\s\S]*)\n<!-- \/control -->/.exec(docs) ?? [];
  expect(drawn).toBe(drawing());
});

test('every stand can be reached, and can be left', () => {
  const moves = TABLE.flatMap(({ from, to }) => from.map((one) => [one, to] as const)).filter(
    ([from, to]) => to !== 'same' && from !== to,
  );
  const reached = new Set(moves.map(([, to]) => to));
  const left = new Set(moves.map(([from]) => from));
  const stands = ['bot', 'queued', 'offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up', 'closed'];
  expect([...reached].sort()).toEqual(stands.toSorted());
  expect([...left].sort()).toEqual(stands.toSorted());
});
