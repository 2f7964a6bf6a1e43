import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../src/channel.ts';
import { CHANNELS } from '../../src/deployment/channels.ts';

/** The rows of the README's table of apps, by `kind`. */
const rows = new Map(
  readFileSync('README.md', 'utf8')
    .split('\n')
    .map((line) => line.split(' | '))
    .filter(([app, kind]) => app?.includes('](channels/') && kind !== undefined)
    .map(([, kind = '', ...cells]) => [kind.replaceAll('`', ''), cells] as const),
);

test('the README has a row for every channel, and no other', () => {
  expect([...rows.keys()].toSorted()).toEqual(Object.keys(CHANNELS).toSorted());
});

describe.each(Object.entries(CHANNELS))('the row of %s', (kind, load) => {
  test('tells what the channel declares', async () => {
    const { can } = (await load()) as Channel;
    const [, choices = '', questions, lost, after = ''] = rows.get(kind) ?? [];
    expect(choices).toMatch(can.choices === undefined ? /^numbered$/ : new RegExp(`^${can.choices.max} `));
    expect(questions).toBe(can.form === true ? 'one form' : 'one by one');
    expect(lost === 'said once').toBe(can.idempotent);
    expect(after.includes('hours')).toBe(can.window !== undefined);
    expect(after.includes('templates')).toBe(can.window?.templates === true);
    expect(after.includes('STOP')).toBe(can.optOut === true);
  });
});
