import { expect, test } from '@jest/globals';
import { shownOf } from '../../src/engine/shown.ts';

const OFFERED = [
  { token: 'o1.0', label: 'Mug' },
  { token: 'o1.1', label: 'Lamp' },
];
const text = (token: string, label?: string) =>
  shownOf('k1', { kind: 'choice', token, ...(label === undefined ? {} : { label }) }, OFFERED)?.message.text;

test('a tap is shown as the label of what was tapped', () => expect(text('o1.1')).toBe('Lamp'));

test('several picked at once are shown by all their labels', () => expect(text('o1.0,o1.1')).toBe('Mug, Lamp'));

test('what is not offered is shown as it came', () => expect(text('o0.7,o1.0')).toBe('o0.7, Mug'));

test('a label that came along is shown', () => expect(text('o1.0', 'A mug')).toBe('A mug'));
