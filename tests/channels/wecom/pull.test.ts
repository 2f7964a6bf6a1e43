import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { msgidOf } from '../../../channels/wecom/msgid.ts';
import { pull } from '../../../channels/wecom/pull.ts';
import { send } from '../../../channels/wecom/send.ts';
import type { WecomSettings } from '../../../channels/wecom/settings.ts';
import type { Customer } from '../../../channels/wecom/simulator/customer.ts';
import { record } from '../../../channels/wecom/simulator/world.ts';
import { openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import { accountAt, calling, to } from './account.ts';

const MINUTE = 60_000;
const ACCOUNTS = ['wkFirstDesk', 'wkSecondDesk'];
let clock: { now: number };
let wecom: Simulator;
let settings: WecomSettings;
let anna: Customer;

beforeEach(async () => {
  clock = { now: Date.UTC(2026, 10, 21) };
  wecom = await openSimulator({ now: () => clock.now, accounts: ACCOUNTS });
  settings = accountAt(wecom);
  anna = wecom.customer();
});
afterEach(() => wecom.close());

/** As after a callback. */
function ask(cursor: string | undefined, topic = anna.kf, token = [...wecom.world.tickets.keys()].at(-1)) {
  return pull({ ...calling(settings), account: 'wecom', cursor, nudge: { topic, token, at: clock.now } });
}

/** As after a start. */
function askAll(cursor: string | undefined) {
  return pull({ ...calling(settings), account: 'wecom', cursor });
}

const words = ({ events }: Awaited<ReturnType<typeof pull>>) =>
  events.map(({ event }) => (event.kind === 'message' ? event.text : event.kind));

describe('asking WeCom', () => {
  test('brings what came since the cursor, in its order, and the same again from the same cursor', async () => {
    for (const text of ['one', 'two']) anna.say(text);
    const first = await ask(undefined);
    expect(words(first)).toEqual(['one', 'two']);
    expect(await ask(undefined)).toEqual(first);
    anna.say('three');
    expect(words(await ask(first.cursor))).toEqual(['three']);
  });

  test('goes on while there is more, page by page', async () => {
    wecom.world.page = 2;
    for (const text of ['1', '2', '3', '4', '5']) anna.say(text);
    const heard: string[] = [];
    let cursor: string | undefined;
    for (let more: boolean | undefined = true; more; ) {
      const page = await ask(cursor);
      heard.push(...words(page));
      ({ cursor, more } = page);
    }
    expect(heard).toEqual(['1', '2', '3', '4', '5']);
    expect(wecom.calls.filter(({ path }) => path === 'kf/sync_msg')).toHaveLength(3);
  });

  test('keeps a place for each account', async () => {
    const ben = wecom.customer(ACCOUNTS[1]);
    anna.say('anna 1');
    const first = await ask(undefined);
    ben.say('ben 1');
    const second = await ask(first.cursor, ben.kf);
    expect(words(second)).toEqual(['ben 1']);
    anna.say('anna 2');
    ben.say('ben 2');
    expect(words(await askAll(second.cursor))).toEqual(['anna 2', 'ben 2']);
  });

  test('asks after a start whom it has asked before, and nobody else', async () => {
    anna.say('hello');
    const { cursor } = await ask(undefined);
    anna.say('while nobody was there');
    wecom.customer(ACCOUNTS[1]).say('to somebody else');
    expect(words(await askAll(cursor))).toEqual(['while nobody was there']);
  });

  test('asks all it may serve, or those that the settings name, while it has asked nobody', async () => {
    clock.now = Date.now();
    anna.say('the callback of this one was answered, and its process died');
    wecom.customer(ACCOUNTS[1]).say('to the other account');
    expect(words(await askAll(undefined))).toHaveLength(2);
    const named = accountAt(wecom, { open_kfid: ACCOUNTS[1] });
    expect(words(await pull({ ...calling(named), account: 'wecom', cursor: undefined }))).toEqual([
      'to the other account',
    ]);
  });

  test('takes a callback that came too late, without its token', async () => {
    anna.say('hello');
    const token = [...wecom.world.tickets.keys()].at(-1);
    const { cursor } = await ask(undefined);
    anna.say('hello again');
    clock.now += 11 * MINUTE;
    expect(words(await ask(cursor, anna.kf, token))).toEqual(['hello again']);
  });

  test('lets WeCom rest without letting callbacks wait for it', async () => {
    anna.say('hello');
    let { cursor } = await ask(undefined);
    for (let count = 0; count < 30; count++) ({ cursor } = await askAll(cursor));
    anna.say('still there?');
    expect(words(await ask(cursor))).toEqual(['still there?']);
  });

  test.each([1, 1_000])('leaves to others what was said before this bot was there (pages of %d)', async (page) => {
    wecom.world.page = page;
    anna.say('yesterday');
    anna.say('yesterday, again');
    clock.now += 24 * 60 * MINUTE;
    anna.say('today');
    let first = await ask(undefined);
    while (first.more) first = await ask(first.cursor);
    expect(words(first)).toEqual(['today']);
    // But nothing that came while it was away.
    anna.say('before the night');
    clock.now += 24 * 60 * MINUTE;
    expect(words(await ask(first.cursor))).toEqual(['before the night']);
  });

  test('is not held up by an entry that nobody can read', async () => {
    record(wecom.world, anna.kf, { msgtype: 'text', open_kfid: anna.kf, external_userid: anna.id, origin: 3, text: 7 });
    anna.say('after it');
    const pulled = await ask(undefined);
    expect(pulled.unreadable?.map(({ code }) => code)).toEqual(['wecom.invalid_message']);
    expect(words(pulled)).toEqual(['after it']);
  });
});

describe('what it brings', () => {
  test('is a choice where she tapped, and a message where she wrote', async () => {
    anna.say('hello');
    const list = [{ type: 'click', click: { id: 'o1.0', content: 'Yes' } }];
    const context = to(settings, `${anna.kf}/${anna.id}`);
    await send({ msgtype: 'msgmenu', msgmenu: { head_content: 'Sure?', list } }, context);
    const { cursor } = await ask(undefined);
    anna.tap('Yes');
    anna.say('Yes');
    const { events } = await ask(cursor);
    expect(events.map(({ event }) => event)).toEqual([
      { kind: 'choice', token: 'o1.0', label: 'Yes' },
      { kind: 'message', text: 'Yes' },
    ]);
    expect(events[0]?.window).toEqual({ lasts: 48 * 60 * MINUTE, messages: 5 });
  });

  test('is news of a message that she refused, and of her', async () => {
    anna.say('hello');
    anna.refuse();
    await send({ msgtype: 'text', text: { content: 'Hi' } }, to(settings, `${anna.kf}/${anna.id}`, 'c.7.0'));
    const { events, reports } = await ask(undefined);
    expect(reports).toEqual([{ key: 'c.7.0', status: 'failed', code: 'wecom.fail_10' }]);
    expect(events.at(-1)?.event).toEqual({ kind: 'signal', name: 'channel.blocked', data: {} });
    expect(msgidOf('c.7.0')).toBe('c-7-0');
  });

  test('is what people of the business do in the WeCom app', async () => {
    anna.say('hello');
    anna.taken('zhangsan');
    anna.answered('How can I help?');
    anna.released();
    const { events } = await ask(undefined);
    expect(events.slice(1).map(({ event }) => event)).toEqual([
      { kind: 'signal', name: 'channel.session', data: { state: 'human', agent: 'zhangsan' } },
      { kind: 'signal', name: 'channel.agent_wrote', data: { agent: 'zhangsan', text: 'How can I help?' } },
      { kind: 'signal', name: 'channel.session', data: { state: 'ended', agent: '' } },
    ]);
  });

  test('is said to them while they serve her, and to the bot before and after', async () => {
    const ben = wecom.customer();
    anna.say('one');
    anna.taken('zhangsan');
    anna.say('two');
    const first = await ask(undefined);
    anna.tapOn('o1.0', 'three');
    anna.photo(new Uint8Array([0xff, 0xd8, 0xff]));
    ben.say('of somebody else');
    anna.released();
    anna.say('four');
    const second = await ask(first.cursor);
    const told = [...first.events, ...second.events].map(({ event }) =>
      event.kind === 'signal' ? `${event.name} ${event.data.text ?? event.data.state}` : event.kind,
    );
    expect(told).toEqual([
      'message',
      'channel.session human',
      'channel.said_to_agent two',
      'channel.said_to_agent three',
      'channel.said_to_agent ',
      'message',
      'channel.session ended',
      'message',
    ]);
    expect(second.events[0]?.window).toBeUndefined();
  });

  test('is said to the bot again when nobody has served her for two days', async () => {
    anna.say('one');
    anna.taken('zhangsan');
    const { cursor } = await ask(undefined);
    clock.now += 49 * 60 * MINUTE;
    anna.say('two');
    expect(words(await ask(cursor))).toEqual(['two']);
  });

  test('is what she takes back', async () => {
    const entry = anna.say('hello');
    anna.recall(entry);
    const { events } = await ask(undefined);
    expect(events.at(-1)?.event).toEqual({ kind: 'signal', name: 'channel.recalled', data: { message: entry.msgid } });
  });
});
