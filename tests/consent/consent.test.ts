import { describe, expect, test } from '@jest/globals';
import { silences, withConsent } from '../../src/consent/consent.ts';
import type { Consent, Event } from '../../src/event.ts';
import type { TakeTurn, Turn } from '../../src/turn.ts';
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
function told(...events: readonly Event[]) {
  return since(undefined, ...events);
}

/** The same, where something was ruled before this conversation began. */
function since(ruling: JsonObject | undefined, ...events: readonly Event[]) {
  let state: JsonObject | undefined;
  let kept: JsonObject | null | undefined = ruling;
  const said: string[] = [];
  const kinds: string[] = [];
  for (const event of events) {
    const done: Turn = turn(state, event, ruling === undefined ? scene : { ...scene, ruling });
    state = done.state;
    for (const effect of done.effects) {
      kinds.push(effect.kind === 'record' ? effect.name : effect.kind);
      if (effect.kind === 'send') said.push(effect.message.text);
      if (effect.kind === 'consent') kept = effect.ruling;
    }
  }
  return { said, kinds, state, kept };
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

describe('what she has ruled', () => {
  test('is kept beyond the conversation, and taken back when she comes back', () => {
    expect(told(hears('hi')).kept).toBeUndefined();
    expect(told(STOP).kept).toEqual({ out: 7, platform: false });
    expect(told(STOP, STOP, hears('hello?')).kinds.filter((kind) => kind === 'consent')).toHaveLength(1);
    expect(told(STOP, hears('start', 'start')).kept).toBeNull();
  });

  test('holds in the conversation that begins after hers was erased: nothing is said, and STOP is not answered twice', () => {
    const ruling = { out: 3, platform: false };
    expect(since(ruling, hears('hello?'), STOP, TIMER)).toMatchObject({ said: [], state: { consent: { out: 3 } } });
    const back = since(ruling, hears('start', 'start'), hears('hi'));
    expect(back.said).toEqual([expect.stringContaining('again'), '1 message']);
    expect(back.kept).toBeNull();
  });
});

describe('who cannot be reached', () => {
  const notice = (name: string): Event => ({ kind: 'signal', name: `channel.${name}`, data: {} });
  const BLOCKED = notice('blocked');

  test('hears nothing until she writes again, and then goes on where she was', () => {
    const { said, kinds, kept } = told(hears('hi'), BLOCKED, TIMER, hears('back'));
    expect(said).toEqual(['1 message', '4 message']);
    expect(kinds).toContain('consent.blocked');
    expect(kinds).toContain('consent.unblocked');
    expect(kept).toBeNull();
  });

  test('is spoken to again when the platform says that she can be', () => {
    expect(told(hears('hi'), BLOCKED, notice('unblocked'), TIMER).said.slice(1)).toEqual(['3 signal', '4 timer']);
  });

  test('wakes no conversation by that, where there is none', () => {
    expect(told(BLOCKED)).toMatchObject({ said: [], state: { consent: { blocked: 7 } }, kept: { blocked: 7 } });
    expect(told(BLOCKED, notice('unblocked'))).toMatchObject({ said: [], state: {}, kept: null });
  });

  test('begins her conversation with her first word, whatever was noticed before', () => {
    const seen: (JsonObject | undefined)[] = [];
    const watched = withConsent((state, event, at) => {
      seen.push(state);
      return inner(state, event, at);
    }, 'Shop');
    const { state } = watched(undefined, notice('unblocked'), scene);
    watched(state, hears('hi'), scene);
    expect(seen).toEqual([undefined]);
  });

  test('has opted out all the same, where she had', () => {
    expect(told(STOP, BLOCKED, hears('hello?')).kept).toEqual({ out: 7, platform: false });
    expect(told(BLOCKED, STOP).kept).toEqual({ out: 7, platform: false });
  });

  test('because the platform says that she has opted out there, comes back by START only, which the platform answers', () => {
    const out = told(hears('hi'), notice('opted_out'), hears('hello?'), STOP, TIMER);
    expect(out.said).toEqual(['1 message']);
    expect(out.kept).toEqual({ out: 7, platform: true });
    expect(told(notice('opted_out'), hears('start', 'start', { answered: true }))).toMatchObject({
      said: [],
      kept: null,
    });
  });

  test('is no business of other signals', () => {
    expect(told(hears('hi'), notice('something')).said).toEqual(['1 message', '2 signal']);
  });
});

describe('a send', () => {
  const out = { out: 1 };
  const text = { text: 'x' };

  test('is silenced by what is on disk, and by what waits in the inbox', () => {
    expect(silences(undefined, [], text)).toBeUndefined();
    expect(silences(out, [], text)).toBe('channel.opted_out');
    expect(silences(undefined, [hears('hi'), STOP], text)).toBe('channel.opted_out');
    expect(silences(undefined, [STOP, hears('start', 'start')], text)).toBeUndefined();
    expect(silences(undefined, [hears('start', 'start'), STOP], text)).toBe('channel.opted_out');
    expect(silences({ blocked: 1 }, [], text)).toBe('channel.blocked');
    expect(silences({ blocked: 1 }, [hears('hi')], text)).toBeUndefined();
  });

  test('that the law asks for is not', () => expect(silences(out, [STOP], { ...text, owed: true })).toBeUndefined());
});
