import { describe, expect, test } from '@jest/globals';
import { silences, withConsent } from '../../src/consent/consent.ts';
import type { Consent, Event } from '../../src/event.ts';
import type { TakeTurn } from '../../src/turn.ts';
import type { JsonObject } from '../../src/type.ts';

/** Says what happens, and counts. */
const inner: TakeTurn = (state, event) => {
  const count = Number(state?.count ?? 0) + 1;
  return {
    state: { count, locale: 'en' },
    effects: [
      { kind: 'send', from: 'bot', message: { text: `${count} ${event.kind}` } },
      { kind: 'timer', id: 't', at: count },
    ],
  };
};
const turn = withConsent(inner, 'Shop');
const scene = { now: 7, conversation: 'c', account: 'sms', channel: 'sms', locale: '', customer: {} };

function hears(text: string, word?: Consent['word'], more: Partial<Consent> = {}): Event {
  return { kind: 'message', text, ...(word === undefined ? {} : { consent: { word, answered: false, ...more } }) };
}

/** What a customer who does this is told, and how her conversation stands after it. */
function told(...events: readonly Event[]): { said: string[]; kinds: string[]; state: JsonObject | undefined } {
  let state: JsonObject | undefined;
  const said: string[] = [];
  const kinds: string[] = [];
  for (const event of events) {
    const done = turn(state, event, scene);
    state = done.state;
    for (const effect of done.effects) {
      kinds.push(effect.kind === 'record' ? effect.name : effect.kind);
      if (effect.kind === 'send') said.push(effect.message.text);
    }
  }
  return { said, kinds, state };
}

const STOP = hears('stop', 'stop');
const TIMER: Event = { kind: 'timer', id: 't' };

describe('who has opted out', () => {
  test('is told so once, whatever she writes then', () => {
    const { said } = told(hears('hi'), STOP, STOP, hears('退订', 'stop'), hears('hello?'), STOP);
    expect(said).toEqual(['1 message', expect.stringContaining('Shop: You have opted out')]);
  });

  test('is not told again what the platform has told her', () => {
    expect(told(hears('stop', 'stop', { answered: true })).said).toEqual([]);
  });

  test('is told by us that she is back, unless it was the platform that had shut her out', () => {
    const back = hears('start', 'start', { answered: true });
    expect(told(hears('退订', 'stop'), back).said).toHaveLength(2);
    expect(told(hears('stop', 'stop', { answered: true }), back).said).toEqual([]);
    expect(told(hears('退订', 'stop'), hears('stop', 'stop', { answered: true }), back).said).toHaveLength(1);
  });

  test('hears nothing of what the world does meanwhile, and it is done all the same', () => {
    const { said, kinds, state } = told(hears('hi'), STOP, TIMER);
    expect(said).toHaveLength(2);
    expect(kinds.slice(-2)).toEqual(['timer', 'consent.silenced']);
    expect(state).toMatchObject({ count: 2, consent: { out: 7 } });
  });

  test('is heard again after START, where she was', () => {
    const { said, state } = told(hears('hi'), STOP, hears('start', 'start'), hears('go on'));
    expect(said.slice(-2)).toEqual([expect.stringContaining('Shop: You get our messages again'), '2 message']);
    expect(state).not.toHaveProperty('consent');
  });

  test('comes back by yes, which is an answer like any other from everybody else', () => {
    expect(told(STOP, hears('yes', 'yes'), hears('yes', 'yes')).said.slice(1)).toEqual([
      expect.stringContaining('again'),
      '1 message',
    ]);
  });

  test('may ask for help', () => {
    expect(told(STOP, hears('help', 'help')).said.at(-1)).toContain('Reply STOP to opt out');
  });

  test('is answered in the language of her word', () => {
    expect(told(hears('退订', 'stop', { locale: 'zh' })).said[0]).toContain('您已退订');
    expect(told(hears('baja', 'stop', { locale: 'es' })).said[0]).toContain('Se ha dado de baja');
  });

  test('may begin with it: there is no conversation to wake', () => {
    const { state } = told(STOP, hears('start', 'start'));
    expect(state).toEqual({});
    expect(told(STOP, hears('start', 'start'), hears('hi')).said.at(-1)).toBe('1 message');
  });
});

describe('a send', () => {
  const out = { consent: { out: 1 } };
  const text = { text: 'x' };

  test('is silenced by what is on disk, and by what waits in the inbox', () => {
    expect(silences(undefined, [], text)).toBe(false);
    expect(silences(out, [], text)).toBe(true);
    expect(silences({}, [hears('hi'), STOP], text)).toBe(true);
    expect(silences({}, [STOP, hears('start', 'start')], text)).toBe(false);
    expect(silences({}, [hears('start', 'start'), STOP], text)).toBe(true);
  });

  test('that the law asks for is not', () => expect(silences(out, [STOP], { ...text, owed: true })).toBe(false));
});
