import { expect, test } from '@jest/globals';
import { peak, percentile } from '../../bench/desk/peak.ts';

test('with forty live chats of one queue in two channels agents read within ten seconds what is written, and Slack’s limits are kept', async () => {
  const { lines, claims, missing, tooFast } = await peak({ chats: 40, channels: 2, minutes: 8 });
  expect(lines.length).toBeGreaterThan(1_000);
  expect({ missing, tooFast }).toEqual({ missing: 0, tooFast: 0 });
  const [words, taken] = [percentile(lines, 95), percentile(claims, 95)];
  process.stdout.write(`40 chats, 2 channels: p95 of her words ${words} ms, of claims ${taken} ms\n`);
  // Of a virtual clock: the machine makes no difference.
  expect(words).toBeLessThanOrEqual(10_000);
  expect(taken).toBeLessThanOrEqual(10_000);
}, 120_000);
