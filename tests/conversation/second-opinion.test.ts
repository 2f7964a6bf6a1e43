import { describe, expect, test } from '@jest/globals';
import { catalogueOf } from '../../src/conversation/bot.ts';
import type { JsonObject } from '../../src/type.ts';
import { createUnderstanding } from '../../src/understanding/embedded.ts';
import { secondOpinion } from '../../src/understanding/opinion/second-opinion.ts';
import { refusal, Talk } from '../support/flows.ts';
import { shopBot, stubs } from './shop.ts';

const TIMEOUT = 6_000;
const VAGUE = 'the thing I got from you lately is not really what I hoped for';

/** The shop, with a model that answers when the test says so. */
function doubting(): Talk {
  const bot = shopBot();
  const flows = catalogueOf(bot.programs);
  const embedded = createUnderstanding({ flows, locales: bot.locales });
  const second = secondOpinion(embedded, { flows, below: 0.6, timeout: TIMEOUT });
  return new Talk({ ...bot, understanding: { ...bot.understanding, second } }, { stubs });
}

/** What a model proposes: only what is not empty is told. */
function proposing(...commands: readonly JsonObject[]) {
  return { answer: { commands: commands.map((each) => ({ flow: null, slot: null, value: null, ...each })) } };
}

const START = proposing({ do: 'start', flow: 'back' });
const isAsked = (talk: Talk) => talk.calls.filter(({ action }) => action === 'understanding.ask').length;

describe('words that are not understood for sure', () => {
  test('wait until a model has said what it makes of them', () => {
    const talk = doubting().say(VAGUE);
    expect(talk.said).toEqual([]);
    expect(isAsked(talk)).toBe(1);
    expect(talk.records('understanding.asked')).toEqual([{ reason: 'unknown', confidence: expect.any(Number) }]);
    talk.resolve(START);
    expect(talk.asks).toBe('number');
    expect(talk.records('understanding.answered')).toEqual([{ moves: ['start'], rejected: [] }]);
  });

  test('are understood as without a model when it fails, or says nothing that holds', () => {
    const without = new Talk(shopBot(), { stubs }).say(VAGUE).said;
    for (const end of [refusal('model.budget'), { answer: 'x'.repeat(1_000) }, proposing({ do: 'start', flow: 'no' })])
      expect(doubting().say(VAGUE).resolve(end).said).toEqual(without);
  });

  test('are not waited with for longer than a customer waits, and not acted upon twice', () => {
    const talk = doubting()
      .say(VAGUE)
      .advance(TIMEOUT + 2_000);
    expect(talk.said).toHaveLength(1);
    expect(talk.records('understanding.fell_back')).toEqual([{ code: 'timeout' }]);
    talk.resolve(START);
    expect([talk.said, talk.flows]).toEqual([[], []]);
  });

  test('leave nothing of a conversation’s values to the model', () => {
    const talk = doubting().start('back', { number: 'AB1234' }).say('hmm it somehow did not do what I expected');
    const [call] = talk.calls;
    expect(JSON.stringify(call?.args)).not.toContain('AB1234');
    expect(call?.args.asked).toMatchObject({ question: { name: 'reason' }, known: [{ name: 'number' }] });
  });

  test('are not shown to a model where a secret is asked for', () => {
    const talk = doubting().start('points').say('it said seven something but I lost the paper');
    expect(talk.asks).toBe('code');
    expect(isAsked(talk)).toBe(0);
  });
});

describe('while a model thinks', () => {
  test('who wants a human gets one at once, and what the model says later changes nothing', () => {
    const talk = doubting().say(VAGUE).say('I want to talk to a human');
    expect(talk.handoffs).toHaveLength(1);
    expect(talk.resolve(START).flows).toEqual([]);
  });

  test('what else she writes waits its turn', () => {
    const talk = doubting().say(VAGUE).say('AB1234').say('too late');
    expect(talk.said).toEqual([]);
    talk.resolve(START);
    expect(talk.slots).toMatchObject({ number: 'AB1234', reason: 'late' });
    expect(talk.asks).toBe('lines');
  });

  test('what waited behind a model that failed waits for no other one', () => {
    const talk = doubting().say(VAGUE).say('and another thing that nobody can make sense of here');
    talk.resolve(refusal('model.timeout'));
    expect(isAsked(talk)).toBe(0);
    expect(talk.said).toHaveLength(2);
  });

  test('a tap counts, and older words do not undo it', () => {
    const talk = doubting().start('back', { number: 'AB1234' }).say('hmm it somehow did not do what I expected');
    talk.tap('Too late');
    expect(talk.slots).toMatchObject({ reason: 'late' });
    talk.resolve(proposing({ do: 'set', slot: 'reason', value: 'broken' }));
    expect(talk.slots).toMatchObject({ reason: 'late' });
    expect(talk.asks).toBe('lines');
  });

  test('a yes to what those words may change waits until they are read', () => {
    const talk = doubting().start('back', { number: 'AB1234', reason: 'late' }).tap('Mug').command({ do: 'skip' });
    const yes = talk.tokenOf('Yes');
    talk.say('hmm the other one there, you know, the one that I told you of').take({ kind: 'choice', token: yes });
    expect(talk.calls).toEqual([]);
    talk.resolve(proposing({ do: 'correct', slot: 'lines', value: 'Lamp' }));
    expect(talk.calls.map(({ action }) => action)).not.toContain('returns.create');
    expect(talk.slots.lines).toMatchObject([{ sku: 'L' }]);
    expect(talk.asks).toBe('go');
  });

  test('more than can be kept is acted upon without the model', () => {
    const talk = doubting().say(VAGUE);
    for (let i = 0; i < 6; i++) talk.say(`nobody knows what number ${i} of these is about`);
    expect(talk.said).toEqual([]);
    talk.say('nor this one, the last of them all');
    expect(talk.said.length).toBeGreaterThanOrEqual(7);
    expect(talk.conversation.doubt).toBeUndefined();
  });
});

describe('what a model proposes', () => {
  test('never is her consent', () => {
    for (const move of [{ do: 'confirm' }, { do: 'set', slot: 'go', value: 'yes' }]) {
      const talk = doubting().start('back', { number: 'AB1234', reason: 'late' }).tap('Mug').command({ do: 'skip' });
      talk.say('well that one thing over there sounds somehow agreeable').resolve(proposing(move));
      expect(talk.asks).toBe('go');
      expect(talk.calls).toEqual([]);
      expect(talk.records('understanding.answered')).toEqual([
        { moves: [], rejected: [expect.stringMatching(/: consent$/)] },
      ]);
    }
  });

  test('fills several slots at once from her own words', () => {
    const text = 'Something from AB1234 is not okay, it came much too late for the party that it was for';
    const talk = doubting()
      .say(text)
      .resolve(
        proposing(
          { do: 'start', flow: 'back' },
          { do: 'set', slot: 'number', value: 'AB1234' },
          { do: 'set', slot: 'reason', value: 'late' },
        ),
      );
    expect(talk.slots).toMatchObject({ number: 'AB1234', reason: 'late' });
    expect(talk.asks).toBe('lines');
  });

  test('does two things that she wants in one message, one after the other', () => {
    const talk = doubting()
      .say('one thing came late, and while we are at it that price is a bit much, is it not')
      .resolve(proposing({ do: 'start', flow: 'discount' }, { do: 'start', flow: 'back' }));
    expect(talk.flows).toEqual(['discount']);
    talk.say('cancel');
    expect(talk.said).toContain('Now to what else you asked for: Send something back.');
    expect(talk.asks).toBe('number');
  });

  test('answers what is asked, before it comes to something else', () => {
    const talk = doubting()
      .start('back', { number: 'AB1234' })
      .say('hmm it came apart, and by the way that price is a bit much');
    talk.resolve(proposing({ do: 'set', slot: 'reason', value: 'broken' }, { do: 'start', flow: 'discount' }));
    expect(talk.flows).toEqual(['back', 'discount']);
    expect(talk.slots).toMatchObject({ number: 'AB1234', reason: 'broken' });
  });

  test('corrects what she only describes', () => {
    const talk = doubting().start('back', { number: 'AB1234', reason: 'late' }).tap('Mug');
    expect(talk.asks).toBe('note');
    talk.command({ do: 'skip' }).say('not that one, the thing that gives light');
    talk.resolve(proposing({ do: 'correct', slot: 'lines', value: 'Lamp' }));
    expect(talk.slots.lines).toMatchObject([{ sku: 'L' }]);
  });
});
