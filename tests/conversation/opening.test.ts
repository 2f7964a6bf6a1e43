import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';

const order = `
flow: order
title: {en: Order something}
triggers: {examples: {en: [order]}}
slots: {what: text}
steps:
  - if: session.payload == "spring"
    then: [say: Here is your discount.]
  - collect: what
    ask: What?
`;
const bot = botOf(order);
const newcomer = () => new Talk(bot, { stranger: true });

describe('who opens the conversation', () => {
  test('by a link brings what it carried to every flow', () => {
    const talk = newcomer().take({ kind: 'opened', payload: 'spring' }).start('order');
    expect(talk.said).toEqual(['Here is your discount.', 'What?']);
    expect(newcomer().take({ kind: 'opened' }).start('order').said).toEqual(['What?']);
  });

  test('by a longer link than there are is kept to what a link can carry', () => {
    const talk = newcomer().take({ kind: 'opened', payload: 'x'.repeat(10_000) });
    expect(JSON.stringify(talk.state).length).toBeLessThan(1_000);
  });

  test('again is not greeted again', () => {
    expect(newcomer().take({ kind: 'opened' }).take({ kind: 'opened' }).said).toEqual([]);
  });

  test('again by a button is offered what there is to do', () => {
    const talk = newcomer().take({ kind: 'opened', pressed: true });
    const [greeting] = talk.said;
    expect(talk.take({ kind: 'opened', pressed: true }).said).toEqual([greeting]);
    expect(talk.labels).toEqual(['Order something']);
  });

  test('by a button in the middle of something is asked the open question again', () => {
    const talk = newcomer().start('order').take({ kind: 'opened', pressed: true });
    expect(talk.said).toEqual(['What?']);
    expect(talk.say('A mug').slots).toEqual({});
  });
});
