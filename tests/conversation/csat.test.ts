import { describe, expect, test } from '@jest/globals';
import { type BotSetting, botOf, Talk } from '../support/flows.ts';

const DAY = 86_400_000;
const CSAT = { after: new Set(['hello']), every: 30 * DAY, sample: 1 };
const flow = (name: string, steps: string) =>
  `flow: ${name}\ntriggers: {examples: {en: [${name}]}}\nslots: {x: string}\nsteps:\n${steps}`;
const flows = [
  flow('hello', '  - say: Hello.\n  - end: resolved\n'),
  flow('other', '  - say: Other.\n  - end: resolved\n'),
  flow('asks', '  - collect: x\n    ask: X?\n  - end: resolved\n'),
  flow('files', '  - handoff: {queue: q, reason: r, mode: background}\n  - end: resolved\n'),
].map((text) => text.replace('[hello]', '[say hello please]'));
const talkOf = (setting: BotSetting = {}, customer = {}) =>
  new Talk(botOf(flows, { csat: CSAT, desk: true, ...setting }), { customer });

describe('the question how it was', () => {
  test('follows the flows it is switched on for, and its answer is kept with the flow', () => {
    const talk = talkOf().start('hello');
    expect(talk.asks).toBe('csat');
    expect(talk.records('survey.asked')).toEqual([{ survey: 'csat', flow: 'hello' }]);
    talk.take({ kind: 'message', text: '5' });
    expect(talk.records('survey.answered')).toEqual([{ survey: 'csat', score: 5, flow: 'hello' }]);
    expect(talk.flows).toEqual([]);
    expect(talkOf().start('other').asks).toBeUndefined();
  });

  test('is asked of nobody unless the business wants it', () => {
    expect(new Talk(botOf(flows)).start('hello').asks).toBeUndefined();
  });

  test('is asked once in a while, in all her conversations', () => {
    const talk = talkOf().start('hello');
    talk.take({ kind: 'message', text: '4' });
    expect(talk.start('hello').asks).toBeUndefined();
    expect(talkOf({}, talk.customer).start('hello').asks).toBeUndefined();
    talk.now += 30 * DAY;
    expect(talk.start('hello').asks).toBe('csat');
  });

  test('is not asked in the middle of something else', () => {
    const talk = talkOf().start('asks').start('hello');
    expect(talk.asks).toBe('x');
  });

  test('is not asked while a human still owes her something', () => {
    const talk = talkOf().start('files').start('hello');
    expect(talk.asks).toBeUndefined();
    talk.now += 7 * DAY;
    expect(talk.start('hello').asks).toBe('csat');
    const returned = talkOf().command({ do: 'human' }).take({ kind: 'returned', outcome: 'resolved' });
    expect(returned.start('hello').asks).toBe('csat');
  });

  test('is asked of as many as the business wants to ask', () => {
    const bot = botOf(flows, { csat: { ...CSAT, every: 0, sample: 0.25 } });
    const talk = new Talk(bot);
    let asked = 0;
    for (let index = 0; index < 200; index++) {
      if (talk.start('hello').asks === 'csat') asked += 1;
      talk.command({ do: 'skip' });
    }
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(90);
  });
});
