import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pull } from '../../../channels/slack/pull.ts';
import type { SlackSettings } from '../../../channels/slack/settings.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import type { Pulled } from '../../../src/channel.ts';
import { until } from '../../support/until.ts';
import { account } from './account.ts';

let slack: Simulator;
let settings: SlackSettings;
let anna: Member;
let ending: AbortController;

beforeEach(async () => {
  slack = await openSimulator({ sleep: () => new Promise((next) => setTimeout(next, 300)) });
  settings = account({ api_root: slack.url, receive: 'socket' });
  anna = slack.member({ name: 'anna' });
  ending = new AbortController();
});
afterEach(async () => {
  ending.abort();
  await until(
    () => slack.sockets.connections === 0,
    () => 'the end of the socket',
  );
  await slack.close();
});

const ask = (cursor?: string): Promise<Pulled> => pull({ account: 'slack', settings, cursor, signal: ending.signal });
const textsOf = ({ events }: Pulled) => events.map(({ event }) => (event.kind === 'message' ? event.text : event.kind));

/** Asks while a socket is open, so that what is said goes over it. */
async function asking(cursor?: string): Promise<Promise<Pulled>[]> {
  const pulled = ask(cursor);
  await until(
    () => slack.sockets.connections > 0,
    () => 'a socket',
  );
  return [pulled];
}

describe('Socket Mode', () => {
  test('brings what people say, and acknowledges it when the next is asked for: when it is on disk', async () => {
    const [first] = await asking();
    anna.say('我的订单到哪了 👍');
    const pulled = await first!;
    expect(textsOf(pulled)).toEqual(['我的订单到哪了 👍']);
    expect(slack.sockets.acknowledged).toEqual([]);
    const next = ask(pulled.cursor);
    await until(
      () => slack.sockets.acknowledged.length === 1,
      () => 'an acknowledgement',
    );
    anna.say('two');
    expect(textsOf(await next)).toEqual(['two']);
  });

  test('hands out again what did not reach the disk', async () => {
    const [first] = await asking();
    anna.say('one');
    const lost = await first!;
    const again = await ask(undefined);
    expect(again.events).toEqual(lost.events);
    expect(slack.sockets.acknowledged).toEqual([]);
  });

  test('acknowledges what brings nothing, and what nobody can read', async () => {
    const [first] = await asking();
    slack.workspace.emit({ type: 'message', channel: 'D1', text: 7 });
    const { events, unreadable, cursor } = await first!;
    expect([events, unreadable?.map(({ code }) => code)]).toEqual([[], ['slack.invalid_payload']]);
    const next = ask(cursor);
    await until(
      () => slack.sockets.acknowledged.length === 1,
      () => 'an acknowledgement',
    );
    anna.remove(anna.say('two'));
    expect((await next).events).toHaveLength(1);
  });

  test('connects anew when Slack wants it to, and gets again what it had not acknowledged', async () => {
    const [first] = await asking();
    anna.say('one');
    const pulled = await first!;
    slack.sockets.refresh('warning');
    await until(
      () => slack.sockets.connections === 0,
      () => 'the end of the first socket',
    );
    const closed = await ask('not confirmed');
    const events = closed.events.length > 0 ? closed : await ask(closed.cursor);
    expect(events.events.map(({ key }) => key)).toEqual(pulled.events.map(({ key }) => key));
  });

  test('survives a line that breaks', async () => {
    const [first] = await asking();
    slack.sockets.cut();
    expect(await first).toEqual({ events: [], unreadable: [], cursor: '' });
    const [second] = await asking('');
    anna.say('still there?');
    expect(textsOf(await second!)).toEqual(['still there?']);
  });

  test('tells why it may not connect', async () => {
    slack.fail({ kind: 'refuse', error: 'invalid_auth' }, 'apps.connections.open');
    await expect(ask()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
    slack.fail({ kind: 'error', status: 503 }, 'apps.connections.open');
    await expect(ask()).rejects.toMatchObject({ statusCode: 503 });
  });

  test('ends when it is told to', async () => {
    const [first] = await asking();
    anna.say('one');
    const { cursor } = await first!;
    const next = ask(cursor);
    await until(
      () => slack.sockets.acknowledged.length === 1,
      () => 'that the next is waited for',
    );
    ending.abort();
    expect((await next).events).toEqual([]);
  });
});
