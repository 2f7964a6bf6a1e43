import { beforeEach, expect, test } from '@jest/globals';
import { Talk } from './conversation.ts';
import { MINUTE, policy } from './policy.ts';

const FLOW = 'flow: greet\ntriggers: {examples: {en: [good morning]}}\nsteps:\n  - say: Hello.\n';

let talk: Talk;
beforeEach(() => {
  talk = new Talk(FLOW, { ...policy, csat: true });
});

/** The customer asks for a human, outside of any flow, and gets one who closes. */
function helped(answers: boolean): string[] {
  talk.say('human please');
  talk.desk({ on: 'claimed', agent: 'mia' });
  if (answers) talk.desk({ on: 'said', agent: 'mia', text: 'Done.' });
  talk.desk({ on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'orders' });
  return talk.desk({ on: 'finished', agent: 'mia' });
}

test('a customer is asked how it was when an agent has closed, and her answer is kept', () => {
  expect(helped(true).at(-1)).toMatch(/^bot: How/);
  talk.say('4');
  expect(talk.effects).toContainEqual({
    kind: 'record',
    name: 'survey.answered',
    data: { survey: 'csat', flow: 'human', score: 4 },
  });
});

test('nobody is asked who was never answered, who was asked today, or where the business does not want it', () => {
  expect(helped(false).filter((line) => line.includes('How'))).toEqual([]);
  talk = new Talk(FLOW, policy);
  expect(helped(true).filter((line) => line.includes('How'))).toEqual([]);
});

test('a bare thanks afterwards neither brings her back nor is taken for a score', () => {
  helped(true);
  talk.now += MINUTE;
  talk.say('thanks!');
  expect(talk.control.at).toBe('closed');
  expect(talk.effects).not.toContainEqual(expect.objectContaining({ name: 'survey.answered' }));
});
