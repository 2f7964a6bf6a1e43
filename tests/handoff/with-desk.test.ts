import { beforeEach, describe, expect, test } from '@jest/globals';
import { createTurn } from '../../src/conversation/turn.ts';
import type { DeskEffect, Effect } from '../../src/effect.ts';
import type { Event } from '../../src/event.ts';
import type { Control, Happening } from '../../src/handoff/control.ts';
import { fenced } from '../../src/handoff/fence.ts';
import { DESK_TIMER } from '../../src/handoff/shift.ts';
import { withDesk } from '../../src/handoff/with-desk.ts';
import type { Message } from '../../src/message.ts';
import type { TakeTurn } from '../../src/turn.ts';
import type { JsonObject } from '../../src/type.ts';
import { botOf } from '../support/flows.ts';
import { MINUTE, MONDAY, policy } from './policy.ts';

const order = `
flow: order
title: {en: My order, zh: 我的订单}
description: Tells where an order is
triggers: {examples: {en: [where is my order], zh: [我的订单在哪]}}
slots: {number: string}
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - handoff: {queue: returns, reason: lost, attach: [number], timeout: 10m, on_timeout: [say: {en: Nobody came., zh: 没有人来。}, end: escalated]}
  - say: {en: Glad that is solved., zh: 很高兴问题解决了。}
  - survey: csat
`;
const bot = botOf(order, { desk: true, locales: ['en', 'zh'] });
const inner = createTurn(bot);
const take = withDesk(inner, {
  policy,
  zone: 'UTC',
  busy: ({ frames }) => Array.isArray(frames) && frames.length > 0,
});

let state: JsonObject | undefined;
let now: number;
let effects: readonly Effect[];
let commands: number;

beforeEach(() => {
  state = { v: 1, turns: 0, locale: 'en', frames: [], next: 1, count: 0, greeted: true };
  now = MONDAY;
  commands = 0;
});

function happen(event: Event, by: TakeTurn = take): string[] {
  const scene = { now, conversation: 'c1', account: 'web', channel: 'web', locale: 'en', customer: {} };
  const turn = by(state, event, scene);
  state = JSON.parse(JSON.stringify(turn.state)) as JsonObject;
  effects = turn.effects;
  return turn.effects.flatMap((effect) => (effect.kind === 'send' ? [`${effect.from}: ${effect.message.text}`] : []));
}

const say = (text: string) => happen({ kind: 'message', text });
const desk = (happening: Happening, version?: number) =>
  happen({
    kind: 'desk',
    happening: happening as unknown as JsonObject,
    command: `c${++commands}`,
    ...(version === undefined ? {} : { version }),
  });
const control = () => (state as unknown as { desk: { control: Control } }).desk.control;
const told = () => effects.filter((effect): effect is DeskEffect => effect.kind === 'desk');
const sent = (): Message[] => effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));

const mia = { on: 'claimed', agent: 'mia' } as const;

function handedOff(): void {
  say('where is my order');
  say('1042');
}

test('a conversation without humans is left as it was', () => {
  const before = state;
  say('where is my order');
  const with_ = [state, effects];
  state = before;
  happen({ kind: 'message', text: 'where is my order' }, inner);
  expect(with_).toEqual([state, effects]);
  expect(with_[0]).not.toHaveProperty('desk');
});

describe('a handoff', () => {
  beforeEach(handedOff);

  test('silences the bot in the turn that asks for it', () => {
    expect(control()).toMatchObject({ at: 'queued', epoch: 1, stretch: { attach: { number: '1042' } } });
    expect(sent().map(({ text }) => text)).toEqual(['I am passing you to a colleague, who will write to you here.']);
    expect(say('hello?')).toEqual([]);
    expect(say('where is my order')).toEqual([]);
  });

  test('tells the desk with the turn', () => {
    expect(told()).toMatchObject([
      { stand: { at: 'queued', queue: 'returns', epoch: 1 }, lines: [{ on: 'requested', from: 'bot' }] },
    ]);
    expect(effects).toContainEqual({ kind: 'timer', id: DESK_TIMER, at: now + 2 * MINUTE });
  });

  test('lets the agent who has it speak, under her name, and nobody else', () => {
    desk(mia);
    expect(desk({ on: 'said', agent: 'tom', text: 'me!' })).toEqual([]);
    expect(told()[0]?.lines).toMatchObject([{ on: 'refused', code: 'desk.not_yours', by: 'tom', holder: 'mia' }]);
    expect(desk({ on: 'said', agent: 'mia', text: 'Hello' })).toEqual(['agent: Hello']);
    expect(sent()).toEqual([{ text: 'Hello', agent: 'mia', said: 'c3' }]);
  });

  test('takes files from her, too', () => {
    desk(mia);
    const file = { id: 'f', name: 'label.pdf', type: 'application/pdf', size: 9, url: 'https://x/f' };
    const photo = { ...file, name: 'box.png', type: 'image/png' };
    desk({ on: 'said', agent: 'mia', text: '', attachments: [file, photo] });
    expect(sent()).toEqual([
      { text: '', file: { url: 'https://x/f', name: 'label.pdf' }, agent: 'mia', said: 'c2' },
      { text: '', image: { url: 'https://x/f', alt: 'box.png' }, agent: 'mia', said: 'c2+1' },
    ]);
  });

  test('goes back to the flow, which goes on where it was, and asks how it was', () => {
    desk(mia);
    desk({ on: 'said', agent: 'mia', text: 'Found it.' });
    say('great');
    expect(desk({ on: 'returned', agent: 'mia', outcome: 'solved' })).toEqual([
      'bot: This is the automated assistant again (a bot, not a person).',
      'bot: Glad that is solved.',
      expect.stringContaining('bot: '),
    ]);
    expect(sent().every(({ epoch }) => epoch === 3)).toBe(true);
    expect(say('5')).toContain('bot: Is there anything else I can do for you?');
    expect(effects).toContainEqual({
      kind: 'record',
      name: 'survey.answered',
      data: { survey: 'csat', flow: 'order', score: 5 },
    });
  });

  test('goes on without a human when the flow will not wait longer', () => {
    now += 10 * MINUTE;
    const said = happen({ kind: 'timer', id: DESK_TIMER });
    expect(said).toContain('bot: Nobody came.');
    expect(control().at).toBe('bot');
  });

  test('that waits long lets her choose, in words, by number or by button', () => {
    now += 5 * MINUTE;
    happen({ kind: 'timer', id: DESK_TIMER });
    expect(sent()[0]?.choices?.map(({ label }) => label)).toEqual(['Keep waiting', 'Leave a message', 'Call me back']);
    const waiting = state;
    expect(say('1')[0]).toMatch(/^system: Thank you/);
    state = waiting;
    expect(say('call me back')).toEqual(
      expect.arrayContaining(['system: I have asked our team to call you back.', 'bot: Nobody came.']),
    );
    state = waiting;
    expect(happen({ kind: 'choice', token: 'desk.ticket' })[0]).toMatch(/^system: I have left a message/);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'handoff', mode: 'background', reason: 'ticket' }));
  });

  test('is answered in her own language', () => {
    state = { ...state, locale: 'zh' };
    now += 5 * MINUTE;
    expect(happen({ kind: 'timer', id: DESK_TIMER })).toEqual(['system: 抱歉让您久等了。您希望怎样处理？']);
  });
});

describe('a takeover', () => {
  test('silences a flow in the middle of its question, which is asked again afterwards', () => {
    say('where is my order');
    desk(mia);
    expect(say('1042')).toEqual([]);
    expect(desk({ on: 'returned', agent: 'mia', outcome: 'done' })).toEqual([
      'bot: This is the automated assistant again (a bot, not a person).',
      'bot: Which order?',
    ]);
  });

  test('mutes what the world still lets the bot say, and shows it to the agent', () => {
    desk(mia);
    const talkative: TakeTurn = (own) => ({
      state: own ?? {},
      effects: [{ kind: 'send', from: 'bot', message: { text: 'Your parcel is here.' } }],
    });
    const muted = withDesk(talkative, { policy, zone: 'UTC', busy: () => false });
    expect(happen({ kind: 'signal', name: 'parcel', data: {} }, muted)).toEqual([]);
    expect(told()[0]?.lines).toMatchObject([{ on: 'muted', text: 'Your parcel is here.' }]);
  });
});

test('what a late timer would let the bot say is not said when her words bring her back in the same turn', () => {
  handedOff();
  desk(mia);
  desk({ on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'orders' });
  now += 5 * MINUTE;
  // The survey after the end would have been asked by now.
  expect(say('it is lost again')).toEqual([]);
  expect(control().at).toBe('queued');
  expect(told()[0]?.lines.map(({ on }) => on)).toEqual(['wrap_up_over', 'heard', 'muted', 'muted', 'muted']);
});

test('a conversation that goes on in another app takes along who has it, and leaves the bot free here', () => {
  handedOff();
  desk(mia);
  const here = control();
  happen({ kind: 'leaving', to: { account: 'sms', address: '+1', channel: 'sms' }, invitation: 'i1' });
  expect(control()).toMatchObject({ at: 'bot', epoch: here.epoch + 1 });
  const moved = effects.find(({ kind }) => kind === 'hand_on');
  if (moved?.kind !== 'hand_on') throw new Error('It did not go on.');
  expect(say('hello')).not.toEqual([]);

  state = undefined;
  expect(happen(moved.event)).toEqual([]);
  expect(control()).toMatchObject({ at: 'active', stretch: { agent: 'mia' } });
  expect(desk({ on: 'said', agent: 'mia', text: 'Still here.' })).toEqual(['agent: Still here.']);
  expect(desk({ on: 'returned', agent: 'mia', outcome: 'solved' })).toContain('bot: Glad that is solved.');
});

test('words of an earlier epoch are fenced, but for what is owed and what an agent said', () => {
  expect(fenced(0, { text: 'hi' })).toBeUndefined();
  expect(fenced(1, { text: 'hi' })).toBe('desk.stale');
  expect(fenced(2, { text: 'hi', epoch: 1 })).toBe('desk.stale');
  expect(fenced(2, { text: 'hi', epoch: 2 })).toBeUndefined();
  expect(fenced(2, { text: 'hi', owed: true })).toBeUndefined();
  expect(fenced(2, { text: 'hi', agent: 'Mia' })).toBeUndefined();
});
