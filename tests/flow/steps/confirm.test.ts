import { describe, expect, test } from '@jest/globals';
import { MORE, run } from './talk.ts';

const steps = `
  - collect: n
    ask: N?
  - confirm: go
    ask: "Take {n}?"
    binds: [n]
    yes: [say: Taken.]
    no: [say: Left., end: declined]
  - say: On we go.
`;
const asked = (more = '') =>
  run(steps.replace('    binds: [n]', `    binds: [n]${more}`), { header: 'slots: {n: integer}' }).set({ n: 3 });

describe('confirm', () => {
  test('goes the way of a yes, keeping what was agreed to', () => {
    const talk = asked();
    expect(talk.labels).toEqual(['Yes', 'No']);
    expect(talk.say('yes').said).toEqual(['Taken.', 'On we go.', MORE]);
  });

  test('goes the way of a no', () => {
    expect(asked().tap('No').ended).toEqual(['f: declined']);
  });

  test('binds the consent to the values shown', () => {
    const first = asked();
    const other = run(steps, { header: 'slots: {n: integer}' }).set({ n: 4 });
    const [a, b] = [first, other].map((talk) => {
      talk.bot.programs.get('f')?.confirms.get('go');
      return talk.conversation.frames[0]?.confirms;
    });
    expect(a).toBeUndefined();
    expect(b).toBeUndefined();
    expect(first.correct('n', 5).said.at(-1)).toBe('Take 5?');
  });

  test('asks again for words that are neither, then gives up', () => {
    const talk = asked('\n    invalid: Yes or no?\n    retries: 1\n    on_fail: [say: Never mind.]').say('purple rain');
    expect(talk.said).toEqual(['Yes or no?\nTake 3?']);
    expect(talk.say('purple rain').said).toEqual(['Never mind.']);
    expect(talk.ended).toEqual(['f: escalated']);
    const silent = asked();
    for (let round = 0; round < 3; round++) silent.say('purple rain');
    expect(silent.handoffs).toMatchObject([{ reason: 'not_understood' }]);
  });
});
