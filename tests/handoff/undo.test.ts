import { beforeEach, describe, expect, test } from '@jest/globals';
import { Talk } from './conversation.ts';
import { MINUTE, policy } from './policy.ts';

const FLOW = `
flow: order
triggers: {examples: {en: [where is my order]}}
steps:
  - handoff: {queue: returns, reason: lost}
  - say: Glad that is solved.
`;
const mia = { agent: 'mia' } as const;

let talk: Talk;
beforeEach(() => {
  talk = new Talk(FLOW, { ...policy, undo: 3_000 });
  talk.say('where is my order');
  talk.desk({ on: 'claimed', ...mia });
});

const say = (text: string, command: string) => talk.desk({ on: 'said', ...mia, text }, { command });

describe('what an agent has said', () => {
  test('goes out when she may no longer take it back, once, and in its order', () => {
    expect(say('one', 's1')).toEqual([]);
    talk.now += 1_000;
    expect(say('two', 's2')).toEqual([]);
    expect(talk.lines).toMatchObject([{ on: 'said', by: 'mia', said: 's2', until: talk.now + 3_000 }]);
    expect(talk.pass(2_000)).toEqual(['agent: one']);
    expect(talk.sent).toEqual([{ text: 'one', agent: 'mia', said: 's1' }]);
    expect(talk.pass(60_000)).toEqual(['agent: two']);
    expect(talk.pass(60_000)).toEqual([]);
    expect(talk.control.at).toBe('waiting_customer');
  });

  test('goes out as she has changed it, and not at all when she has deleted it', () => {
    say('one', 's1');
    say('two', 's2');
    talk.desk({ on: 'edited', ...mia, said: 's1', text: 'ONE' });
    expect(talk.lines).toMatchObject([{ said: 's1', state: 'replaced' }]);
    talk.desk({ on: 'deleted', ...mia, said: 's2' });
    expect(talk.lines).toMatchObject([{ said: 's2', state: 'cancelled' }]);
    expect(talk.pass(3_000)).toEqual(['agent: ONE']);
    expect(talk.control.stretch).not.toHaveProperty('kept');
  });

  test('is no reply when all of it was deleted', () => {
    say('one', 's1');
    talk.desk({ on: 'deleted', ...mia, said: 's1' });
    expect(talk.pass(3_000)).toEqual([]);
    expect(talk.control.at).toBe('active');
    talk.pass(3 * MINUTE);
    expect(talk.recorded).toEqual(['sla.missed']);
  });

  test('is changed by nobody else', () => {
    say('one', 's1');
    talk.desk({ on: 'edited', agent: 'tom', said: 's1', text: 'mine' });
    expect(talk.lines).toMatchObject([{ on: 'refused', code: 'desk.not_yours', by: 'tom' }]);
    expect(talk.pass(3_000)).toEqual(['agent: one']);
  });

  test('is left for a late change when it has gone out', () => {
    say('one', 's1');
    talk.pass(3_000);
    expect(talk.desk({ on: 'edited', ...mia, said: 's1', text: 'ONE' })).toEqual([]);
    expect(talk.lines).toMatchObject([{ on: 'edited', said: 's1', late: true, text: 'ONE' }]);
  });

  test.each([
    ['she passes the customer on', { on: 'assigned', ...mia, to: 'tom', note: 'please' }],
    ['she gives her back', { on: 'requeued', ...mia, queue: 'returns', note: 'please' }],
    ['she goes home', { on: 'left', ...mia }],
    ['she closes', { on: 'wrapped', ...mia, outcome: 'solved', topic: 'orders' }],
    ['the flow goes on', { on: 'returned', ...mia, outcome: 'solved' }],
  ] as const)('goes out before anything else when %s', (_, happening) => {
    say('one', 's1');
    const { version } = talk.control;
    expect(talk.desk(happening, { version })[0]).toBe('agent: one');
    expect(talk.lines.map(({ on }) => on)).toEqual(['undo_over', happening.on]);
    // It was a reply: the promise of a first one is kept.
    expect(talk.recorded).toContain('sla.met');
    expect(talk.pass(60_000).filter((line) => line === 'agent: one')).toEqual([]);
  });

  test('counts as a reply when it goes out, not before', () => {
    talk.pass(2 * MINUTE - 1_000);
    say('just in time?', 's1');
    talk.pass(3_000);
    expect(talk.recorded).toEqual(['sla.missed']);
    expect(talk.sent.map(({ text }) => text)).toEqual(['just in time?']);
  });

  test('goes along when the customer goes on in another app, and is not said twice', () => {
    say('one', 's1');
    talk.happen({ kind: 'leaving', to: { account: 'sms', address: '+1', channel: 'sms' }, invitation: 'i1' });
    const moved = talk.effects.find(({ kind }) => kind === 'hand_on');
    if (moved?.kind !== 'hand_on') throw new Error('It did not go on.');
    expect(talk.pass(60_000)).toEqual([]);
    talk.state = undefined;
    talk.happen(moved.event);
    expect(talk.pass(60_000)).toEqual(['agent: one']);
  });

  test('of nothing is refused, and so is a hold for no time', () => {
    talk.desk({ on: 'said', ...mia, text: ' ' });
    expect(talk.lines).toMatchObject([{ on: 'refused', code: 'desk.incomplete' }]);
    talk.desk({ on: 'held', ...mia, for: -1 });
    expect(talk.lines).toMatchObject([{ on: 'refused', code: 'desk.incomplete' }]);
  });
});
