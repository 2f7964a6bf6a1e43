import { describe, expect, test } from '@jest/globals';
import { asked, visit } from './shop.ts';

const DAY = 86_400_000;

describe('danger', () => {
  test('is answered with where help is, and a human is called at once; nobody is asked for an order number', () => {
    const talk = visit({ bot: { desk: true } })
      .start('back')
      .say('I want to kill myself');
    expect(talk.said[0]).toContain('988');
    expect(talk.handoffs).toMatchObject([{ priority: 'urgent', reason: 'unsafe', attach: { danger: 'self_harm' } }]);
    expect(talk.said.join()).not.toContain('Which order?');
    expect(talk.ended).toEqual([]);
    const back = talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(back.said.join()).not.toContain('Which order?');
    expect(back.flows).toEqual([]);
  });

  test('is answered in Chinese, and without a desk, too', () => {
    const talk = visit({ locale: 'zh' }).start('back').say('我不想活了');
    expect(talk.said[0]).toContain('12356');
    expect(talk.handoffs).toHaveLength(1);
    expect(talk.ended).toEqual(['back: escalated']);
  });

  test('is heard in the middle of a confirmation, which stays unanswered', () => {
    const talk = asked().say('yes, and then I will kill myself');
    expect(talk.calls).toEqual([]);
    expect(talk.handoffs).toHaveLength(1);
  });
});

describe('anger', () => {
  const ANGRY = 'This is ridiculous, you idiots!!!';

  test('is answered with an apology and a human, once a day', () => {
    const talk = visit({ bot: { desk: true } })
      .start('back')
      .say(ANGRY);
    expect(talk.said[0]).toBe('I am sorry about this.');
    expect(talk.handoffs).toMatchObject([{ priority: 'high', reason: 'upset' }]);
    talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(talk.asks).toBe('number');
    expect(talk.say(ANGRY).handoffs).toEqual([]);
    talk.now += DAY;
    expect(talk.say(ANGRY).handoffs).toHaveLength(1);
  });

  test('without anybody to take over, is second to what she says in it', () => {
    const talk = visit().start('back').say('AB1234 for fucks sake you idiots!!!');
    expect(talk.calls).toMatchObject([{ action: 'orders.find', args: { number: 'AB1234' } }]);
    expect(visit().start('back').say(ANGRY).said[0]).toBe('I am sorry about this.');
  });
});
