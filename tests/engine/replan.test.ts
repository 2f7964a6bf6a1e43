import { afterEach, describe, expect, test } from '@jest/globals';
import { type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine } of open.splice(0)) await engine.stop(500);
});

describe('a message of which a part has been sent', () => {
  test('is planned as it was before, although less of the window remains', async () => {
    const w = world(
      {},
      {
        can: { window: { templates: false }, merges: true },
        // As WeChat's: what does not fit into what remains is one.
        plan(messages, { remaining = 0 }) {
          const words = messages.flatMap(({ text }) => text.split('/'));
          return (words.length < remaining ? words : [words.join(' ')]).map((text) => ({ text }));
        },
      },
    );
    open.push(w);
    await w.engine.start();
    const late = w.now + 60_000;
    w.trouble = (text) => (text === 'b' && w.now < late ? { kind: 'retryable', after: 60_000 } : undefined);
    await w.write('say a/b', { account: 'sms', address: '+1', window: { lasts: 86_400_000, messages: 3 } });
    await w.until(async () => (await w.store.nextEffect()) === late);
    w.now = late;
    // Bounded: what is never said would be waited for in vain.
    for (let tries = 0; tries < 500 && w.platform.length < 2; tries++) await new Promise((next) => setTimeout(next, 4));
    expect(w.platform.map(({ text }) => text)).toEqual(['a', 'b']);
  }, 10_000);
});
