import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { Settings } from '../../src/deployment/settings.ts';

const pages = ['settings', 'knowledge', 'models', 'desk']
  .map((name) => readFileSync(`docs/${name}.md`, 'utf8'))
  .join('\n');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Every key that `parley.yaml` may hold, however deep. */
function keysIn(schema: Schema): string[] {
  const { properties = {}, additionalProperties: more, items, anyOf = [] } = schema;
  const below = [
    ...Object.values(properties),
    ...anyOf,
    ...(items ? [items] : []),
    ...(typeof more === 'object' ? [more] : []),
  ];
  return [...Object.keys(properties), ...below.flatMap(keysIn)];
}

/** Two days are told for all. */
const DAYS = new Set(['wed', 'thu', 'fri', 'sat', 'sun']);

/** In a table, or in an example. */
function isTold(key: string): boolean {
  return pages.includes(`\`${key}\``) || new RegExp(`\\b${key}: `).test(pages);
}

test('every key of parley.yaml is told', () => {
  const keys = new Set(keysIn(z.toJSONSchema(Settings, { io: 'input' }) as Schema));
  expect([...keys]).toContain('first_reply');
  expect([...keys].filter((key) => !DAYS.has(key) && !isTold(key))).toEqual([]);
});

test('every channel is linked to', () => {
  for (const kind of Object.keys(CHANNELS)) expect(pages).toContain(`[\`${kind}\`](../channels/${kind}/README.md`);
});
