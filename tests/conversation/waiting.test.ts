import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';
import { asked, sent, visit } from './shop.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('silence on a question', () => {
  const silent = () => visit({ bot: { patience: 30 * MINUTE } });

  test('ends the flow after a while, once, and never early', () => {
    const talk = silent()
      .start('back')
      .advance(30 * MINUTE - 1);
    expect(talk.said).toEqual([]);
    talk.advance(1);
    expect(talk.said).toEqual(['I will leave it here for now. Write to me when you want to go on.']);
    expect(talk.ended).toEqual(['back: abandoned']);
    expect(talk.advance(DAY).effects).toEqual([]);
  });

  test('begins anew with every word of the customer', () => {
    const talk = silent()
      .start('back')
      .advance(20 * MINUTE)
      .say('AB1234')
      .advance(20 * MINUTE);
    expect(talk.said).toEqual([]);
    expect(talk.advance(10 * MINUTE).said).toHaveLength(1);
  });

  test('is asked about once, where the business only asks', () => {
    const repair = { inactivity: 'flow: inactivity\nsteps: [say: Still there?]' };
    const talk = visit({ bot: { patience: 30 * MINUTE, repair } })
      .start('back')
      .advance(5 * DAY);
    expect(talk.said).toEqual(['Still there?', 'Which order?']);
    expect(talk.say('AB1234').advance(30 * MINUTE).said[0]).toBe('Still there?');
  });

  test('is left to the question’s own times, where it has any', () => {
    const flow =
      'flow: f\ntriggers: {examples: {en: [f]}}\nslots: {x: string}\nsteps:\n  - collect: x\n    ask: X?\n    inactivity: [{after: 2h, say: Own.}]';
    expect(new Talk(botOf(flow, { patience: 30 * MINUTE })).start('f').advance(3 * 60 * MINUTE).said).toEqual(['Own.']);
  });

  test('is none while nothing is asked, or a human has the conversation', () => {
    const human = visit({ bot: { patience: 30 * MINUTE, desk: true } })
      .start('back')
      .command({ do: 'human' });
    expect(human.advance(DAY).effects).toEqual([]);
    const parked = sent({ bot: { patience: 30 * MINUTE } }).advance(DAY);
    expect(parked.said).toEqual([]);
  });
});

describe('one timer row', () => {
  test('wakes a conversation for all its timers, and moves only to an earlier instant', () => {
    const talk = visit({ bot: { patience: 30 * MINUTE } }).start('back');
    const timers = (one: Talk) => one.effects.filter(({ kind }) => kind === 'timer');
    expect(timers(talk)).toEqual([{ kind: 'timer', id: 'wake', at: talk.now + 30 * MINUTE }]);
    talk.advance(MINUTE).say('AB1234');
    expect(timers(talk)).toEqual([]);
    expect(talk.advance(29 * MINUTE).said).toEqual([]);
  });

  test('that rings too early rings nothing', () => {
    const talk = sent();
    talk.take({ kind: 'timer', id: 'wake' });
    expect(talk.said).toEqual([]);
    expect(talk.parked).toEqual(['back']);
    expect(talk.advance(7 * DAY).said).toEqual(['Do not forget R1.']);
  });
});

describe('a flow that waits for the world', () => {
  test('leaves the customer free, and keeps its place beside other flows', () => {
    const talk = sent().start('points').say('123456');
    expect(talk.parked).toEqual(['back']);
    expect(talk.asks).toBe('card');
    talk.signal('parcel.received', { rma: 'R1' });
    expect(talk.said).toEqual(['We have R1.', 'Back to where we were.', 'Which card?']);
    expect(talk.tap('Gold').said[0]).toBe('anna has 10 points.');
  });

  test('can be there twice, each with its own event', () => {
    const talk = sent()
      .start('back', { number: 'CD5678', reason: 'broken' })
      .tap('Lamp')
      .command({ do: 'skip' })
      .tap('Yes');
    expect(talk.said).toEqual(['Your return is R2.']);
    expect(talk.parked).toEqual(['back', 'back']);
    expect(talk.signal('parcel.received', { rma: 'R2' }).ended).toEqual(['back: resolved']);
    expect(talk.signal('parcel.received', { rma: 'R1' }).said[0]).toBe('We have R1.');
  });

  test('reminds in the middle of another flow, whose question is then open again', () => {
    const talk = sent()
      .start('discount')
      .advance(7 * DAY);
    expect(talk.said).toEqual(['Do not forget R1.', 'How much?']);
    expect(talk.parked).toEqual(['back']);
    expect(talk.asks).toBe('amount');
  });

  test('keeps still while a human has the conversation, and is heard afterwards', () => {
    const talk = sent({ bot: { desk: true } })
      .command({ do: 'human' })
      .advance(8 * DAY);
    expect(talk.messages).toEqual([]);
    talk.take({ kind: 'returned', outcome: 'resolved' }).advance(0);
    expect(talk.said).toEqual(['Do not forget R1.']);
  });

  test('expires', () => {
    expect(sent().advance(21 * DAY).ended).toEqual(['back: expired']);
  });
});

describe('a signal', () => {
  test('starts the flow that begins with it, with its data, beside an open question', () => {
    const talk = visit().start('back').signal('cart.abandoned');
    expect(talk.flows).toEqual(['back', 'discount']);
    expect(visit().signal('cart.abandoned', { amount: 7 }).handoffs[0]?.attach).toEqual({ amount: 7 });
  });

  test('that nobody waits for changes nothing', () => {
    const talk = asked().signal('weather.changed', {});
    expect(talk.records('signal.unclaimed')).toEqual([{ name: 'weather.changed' }]);
    expect(talk.asks).toBe('go');
  });
});

describe('what happens while a human has the conversation', () => {
  const withHuman = () => sent({ bot: { desk: true } }).command({ do: 'human' });

  test('wakes what waited for it when the bot has it again, and not before', () => {
    const talk = withHuman().signal('parcel.received', { rma: 'R1' });
    expect(talk.said).toEqual([]);
    expect(talk.parked).toEqual(['back']);
    talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(talk.said).toContain('We have R1.');
    expect(talk.ended).toEqual(['back: resolved']);
  });

  test('has come in time: neither reminders nor the time-out follow', () => {
    const talk = withHuman()
      .signal('parcel.received', { rma: 'R1' })
      .advance(30 * DAY);
    expect(talk.said).toEqual([]);
    expect(talk.take({ kind: 'returned', outcome: 'resolved' }).said).toContain('We have R1.');
    expect(talk.advance(30 * DAY).said).toEqual([]);
  });

  test('wakes it once, and leaves alone what waits for something else', () => {
    const talk = withHuman().signal('parcel.received', { rma: 'R9' }).take({ kind: 'returned', outcome: 'resolved' });
    expect(talk.parked).toEqual(['back']);
    talk.command({ do: 'human' });
    talk.signal('parcel.received', { rma: 'R1' }).signal('parcel.received', { rma: 'R1' });
    expect(talk.records('signal.unclaimed')).toHaveLength(1);
    talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(talk.said.filter((text) => text === 'We have R1.')).toHaveLength(1);
  });
});

describe('a correction of a flow that waits', () => {
  const flow = (steps: string, more = '') =>
    `flow: f\ntriggers: {examples: {en: [f]}}\nslots: {a: string}\nsteps:\n  - collect: a\n    ask: A?\n${steps}  - wait: {event: parcel, match: {a: =a}, timeout: 3d}\n    reminders: [{after: 1d, say: "Still waiting for {a}."}]\n    on_timeout: [end: expired]\n${more}`;

  test('waits for the new value instead, with its own times', () => {
    const talk = new Talk(botOf(flow('')))
      .start('f', { a: 'x' })
      .advance(DAY / 2)
      .correct('a', 'y');
    expect(talk.effects).toContainEqual({ kind: 'unlisten', id: '1' });
    expect(talk.effects).toContainEqual({ kind: 'listen', id: '1', event: 'parcel', match: { a: 'y' } });
    expect(talk.advance(DAY - 1).said).toEqual([]);
    expect(talk.advance(1).said).toEqual(['Still waiting for y.']);
  });

  test('that cannot be changed any more leaves its times as they are', () => {
    const connectors = 'connectors: {things: {make: {effect: write, in: {a: string}, out: {ok: boolean}}}}';
    const make = '  - action: things.make\n    with: {a: =a}\n    consent: implied\n';
    const bot = botOf(flow(make, 'on: {correction: [say: Too late.]}\n'), { connectors });
    const talk = new Talk(bot, { stubs: { 'things.make': { ok: true } } }).start('f', { a: 'x' }).correct('a', 'y');
    expect(talk.said).toEqual(['Too late.']);
    expect(talk.parked).toEqual(['f']);
    expect(talk.advance(DAY).said).toEqual(['Still waiting for x.']);
    expect(talk.advance(2 * DAY).ended).toEqual(['f: expired']);
  });
});
