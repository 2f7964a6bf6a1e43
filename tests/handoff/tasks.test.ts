import { beforeEach, describe, expect, test } from '@jest/globals';
import { Talk } from './conversation.ts';
import { MINUTE, policy } from './policy.ts';

const REFUND = `
flow: refund
triggers: {examples: {en: [i want a refund]}}
slots: {amount: string}
steps:
  - collect: amount
    ask: How much?
  - handoff: {mode: approval, queue: seniors, reason: dear, attach: [amount], timeout: 10m, declined: [say: "No.", end: declined], on_timeout: [say: Nobody decided., end: escalated]}
  - say: You get it.
`;
const CALL = `
flow: call
triggers: {examples: {en: [call me tomorrow]}}
steps:
  - handoff: {mode: background, queue: calls, reason: callback, say: We will call.}
  - say: Anything else?
`;

let talk: Talk;

describe('a flow that asks for a decision', () => {
  beforeEach(() => {
    talk = new Talk(REFUND, policy);
    talk.say('i want a refund');
    talk.say('900');
  });
  const task = () => talk.control.tasks?.[0]?.id ?? '';

  test('tells the desk, and the bot goes on talking', () => {
    expect(talk.control).toMatchObject({
      at: 'bot',
      epoch: 0,
      tasks: [{ mode: 'approval', attach: { amount: '900' } }],
    });
    expect(talk.lines).toMatchObject([{ on: 'filed', task: { queue: 'seniors', reason: 'dear' } }]);
    expect(talk.effects).toContainEqual(
      expect.objectContaining({
        kind: 'desk',
        stand: expect.objectContaining({ at: 'bot', tasks: 1, queue: 'seniors' }),
      }),
    );
    expect(talk.say('i want a refund')).not.toEqual([]);
  });

  test('goes on as was decided, once', () => {
    const id = task();
    expect(talk.desk({ on: 'decided', agent: 'mia', task: id, outcome: 'approved' })).toContain('bot: You get it.');
    expect(talk.control).not.toHaveProperty('tasks');
    expect(talk.desk({ on: 'decided', agent: 'tom', task: id, outcome: 'rejected' })).toEqual([]);
    expect(talk.lines).toMatchObject([{ on: 'refused', code: 'desk.decided', by: 'tom' }]);
  });

  test('hears a no, and why', () => {
    expect(talk.desk({ on: 'decided', agent: 'mia', task: task(), outcome: 'rejected', note: 'too late' })).toContain(
      'bot: No.',
    );
    expect(talk.lines).toMatchObject([{ on: 'decided', outcome: 'rejected', note: 'too late', by: 'mia' }]);
  });

  test('waits for it no longer when its time is over', () => {
    talk.now += 10 * MINUTE;
    expect(talk.happen({ kind: 'timer', id: 'wake' })).toContain('bot: Nobody decided.');
    expect(talk.lines).toMatchObject([{ on: 'lapsed', why: 'over' }]);
    expect(talk.control).not.toHaveProperty('tasks');
  });

  test('may be decided by another door, and the desk is told', () => {
    const data = { handoff: task(), outcome: 'approved' };
    expect(talk.happen({ kind: 'signal', name: 'handoff.decided', data })).toContain('bot: You get it.');
    expect(talk.lines).toMatchObject([{ on: 'lapsed', why: 'decided' }]);
  });

  test('is silent about it while a human has the customer, and goes on when the bot has her again', () => {
    talk.desk({ on: 'claimed', agent: 'mia' });
    expect(talk.desk({ on: 'decided', agent: 'tom', task: task(), outcome: 'approved' })).toEqual([]);
    expect(talk.desk({ on: 'returned', agent: 'mia', outcome: 'solved' })).toContain('bot: You get it.');
  });

  test('goes along to another app, where it is still decided', () => {
    const id = task();
    talk.happen({ kind: 'leaving', to: { account: 'sms', address: '+1', channel: 'sms' }, invitation: 'i1' });
    const moved = talk.effects.find(({ kind }) => kind === 'hand_on');
    if (moved?.kind !== 'hand_on') throw new Error('It did not go on.');
    expect(talk.control).not.toHaveProperty('tasks');
    talk.state = undefined;
    talk.happen(moved.event);
    expect(talk.desk({ on: 'decided', agent: 'mia', task: id, outcome: 'approved' })).toContain('bot: You get it.');
  });
});

describe('a task', () => {
  beforeEach(() => {
    talk = new Talk(CALL, policy);
    talk.say('call me tomorrow');
  });

  test('is filed, and done by somebody', () => {
    expect(talk.control.tasks).toMatchObject([{ mode: 'background', reason: 'callback' }]);
    const [{ id } = { id: '' }] = talk.control.tasks ?? [];
    talk.desk({ on: 'decided', agent: 'mia', task: id, outcome: 'approved' });
    expect(talk.lines).toMatchObject([{ on: 'refused', code: 'desk.decided' }]);
    expect(talk.desk({ on: 'done', agent: 'mia', task: id, note: 'reached her' })).toEqual([]);
    expect(talk.control).not.toHaveProperty('tasks');
    expect(talk.recorded).toContain('desk.task_ended');
  });

  test('does not make a conversation’s state grow for ever', () => {
    for (let times = 0; times < 30; times++) talk.say('call me tomorrow');
    expect(talk.control.tasks?.length).toBeLessThanOrEqual(16);
  });
});
