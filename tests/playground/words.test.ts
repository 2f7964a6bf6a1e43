import { describe, expect, test } from '@jest/globals';
import { WORDS } from '../../src/playground/page/words.ts';
import { PLATFORMS } from '../../src/playground/platforms.ts';

describe.each(Object.entries(PLATFORMS))('what can go wrong on %s', (_, load) => {
  test('is called by its name, in every language of the page', async () => {
    const platform = await load();
    const { simulator } = await platform.open({
      webhook: 'http://127.0.0.1:9/channels/shop',
      now: Date.now,
      ids: 0,
      secret: () => 'simulatedsecretofnobody'.padEnd(48, '0'),
    });
    const { faults } = simulator;
    await simulator.close();
    expect(faults.length).toBeGreaterThan(0);
    for (const words of Object.values(WORDS))
      expect(faults.filter((fault) => words.faults[fault] === undefined)).toEqual([]);
  });
});
