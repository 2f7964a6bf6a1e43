import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import teamsChannel from '../../../channels/teams/teams.ts';
import type { Channel } from '../../../src/channel.ts';
import { ParleyError } from '../../../src/errors.ts';
import { type Door, openDoor, refusalOf } from '../../server/door.ts';
import { until } from '../../support/until.ts';
import { accountAt, TENANT } from './account.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const OTHER_APP = '22222222-2222-4333-8444-555555555555';

let teams: Simulator;
let door: Door;
/** Called between Teams' tries. */
let between: () => unknown;
/** Milliseconds that both sides' clocks are ahead. */
let ahead: number;

beforeEach(async () => {
  between = () => undefined;
  ahead = 0;
  const start = Date.now();
  teams = await openSimulator({ sleep: async () => void between(), now: () => start + ahead });
  const channel = teamsChannel as Channel;
  door = await openDoor(
    { files: { size: 1_000, total: 1_500 } },
    {
      webhooks: new Map([
        ['teams', { channel, settings: accountAt(teams, { tenant: TENANT }) }],
        ['teams-other', { channel, settings: accountAt(teams, { app_id: OTHER_APP }) }],
        ['teams-foreign', { channel, settings: accountAt(teams, { tenant: OTHER_APP }) }],
        ['teams-real', { channel, settings: accountAt(teams, { service_url: undefined, service_hosts: undefined }) }],
      ]),
      clock: () => start + ahead,
    },
  );
  teams.deliveries.webhook = `${door.url}/channels/teams`;
});
afterEach(async () => {
  await door.close();
  await teams.close();
});

const events = () => door.engine.inbox.map(({ event }) => event);
const texts = () => events().map((event) => (event.kind === 'message' ? event.text : event.kind));

describe('the webhook, called by Teams', () => {
  test('takes activities in the order in which they came', async () => {
    const anna = teams.person();
    for (const text of ['one', 'two', 'three']) anna.say(text);
    await teams.deliveries.settled();
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(teams.deliveries.answers).toEqual([200, 200, 200]);
    expect(teams.issuer.asked).toBe(1);
  });

  test.each([
    ['as twins at the same moment', 'duplicate'],
    ['with every letter escaped', 'escaped'],
  ] as const)('takes an activity once when it comes %s', async (_, mischief) => {
    teams.deliveries.mischief[mischief] = true;
    teams.person('李伟', 'zh-CN').say('我的订单到哪了 🎁');
    await teams.deliveries.settled();
    expect(events()).toEqual([{ kind: 'message', text: '我的订单到哪了 🎁' }]);
  });

  test('takes activities that overtook each other in the order of their arrival', async () => {
    const anna = teams.person();
    teams.deliveries.hold();
    anna.say('one');
    anna.say('two');
    teams.deliveries.release({ reversed: true });
    await teams.deliveries.settled();
    expect(texts()).toEqual(['two', 'one']);
  });

  test('is called again while the store takes nothing, and loses nothing', async () => {
    door.engine.breakWith(new ParleyError('store.unavailable', 'gone', { retryable: true }));
    between = () => teams.deliveries.answers.length === 3 && door.engine.breakWith(undefined);
    teams.person().say('one');
    await teams.deliveries.settled();
    expect(teams.deliveries.answers).toEqual([503, 503, 503, 200]);
    expect(texts()).toEqual(['one']);
  });

  test('answers an invoke in its own call, in the customer’s language', async () => {
    const li = teams.person('李伟', 'zh-CN');
    li.invoke('task/fetch', { data: {} });
    li.invoke('composeExtension/query', {});
    await teams.deliveries.settled();
    expect(teams.deliveries.bodies).toEqual([
      { task: { type: 'message', value: '谢谢，请在聊天中继续。' } },
      undefined,
    ]);
    expect(teams.deliveries.answers).toEqual([200, 501]);
  });

  test('marks the card that was tapped', async () => {
    const anna = teams.person();
    anna.chat.installed = true;
    anna.chat.messages.push(asked(anna.chat.id));
    anna.tap('Lamp');
    await until(
      () => anna.heard.includes('Which?\n▸ Lamp'),
      () => anna.heard.join(),
    );
    expect(events()).toEqual([{ kind: 'choice', token: 'o1.0', label: 'Lamp' }]);
  });

  test('has her picture in our own store before the message is taken', async () => {
    teams.person().attach('mug.png', 'image/png', PNG, 'it arrived broken');
    await teams.deliveries.settled();
    expect(events()).toMatchObject([
      { text: 'it arrived broken', attachments: [{ name: 'mug.png', type: 'image/png', size: PNG.byteLength }] },
    ]);
  });

  test('gets a picture when Teams delivers again, if it could not be had the first time', async () => {
    // Without a token nothing is fetched.
    const login = teams.issuer.login.bind(teams.issuer);
    teams.issuer.login = () => ({ status: 503, body: {} });
    between = () => {
      teams.issuer.login = login;
    };
    teams.person().attach('mug.png', 'image/png', PNG);
    await teams.deliveries.settled();
    expect(teams.deliveries.answers).toEqual([503, 200]);
    expect(events()).toHaveLength(1);
  });
});

describe('the keys', () => {
  test('that were changed are fetched anew after an hour, not before', async () => {
    const anna = teams.person();
    anna.say('one');
    await teams.deliveries.settled();
    await teams.issuer.rotate();
    anna.say('two');
    anna.say('three');
    await teams.deliveries.settled();
    expect(teams.issuer.asked).toBe(1);
    ahead += 3_600_000;
    anna.say('four');
    await teams.deliveries.settled();
    expect(texts()).toEqual(['one', 'four']);
    expect(teams.issuer.asked).toBe(2);
  });

  test('are fetched anew every day', async () => {
    const anna = teams.person();
    anna.say('one');
    await teams.deliveries.settled();
    ahead += 24 * 3_600_000;
    anna.say('two');
    await teams.deliveries.settled();
    expect(teams.issuer.asked).toBe(2);
  });

  test('go on holding while the platform cannot be asked', async () => {
    const anna = teams.person();
    anna.say('one');
    await teams.deliveries.settled();
    const authorization = await teams.issuer.authorize(teams.account.service_url);
    await teams.close();
    ahead += 3_500_000;
    expect((await call(authorization)).status).toBe(200);
  });

  test('that may sign for another channel do not open', async () => {
    await teams.issuer.rotate(['webchat']);
    teams.person().say('one');
    await teams.deliveries.settled();
    expect(teams.deliveries.answers).toEqual([401]);
  });

  test('that cannot be had at all make Teams try again', async () => {
    const authorization = await teams.issuer.authorize(teams.account.service_url);
    await teams.close();
    expect(await refusalOf(await call(authorization))).toEqual([503, 'teams.keys_unavailable']);
  });
});

const activity = (more: object = {}) => ({
  type: 'message',
  id: '1700000000001',
  serviceUrl: teams.account.service_url,
  channelId: 'msteams',
  from: { id: '29:1' },
  conversation: { id: 'a:1', conversationType: 'personal', tenantId: TENANT },
  text: 'hello',
  ...more,
});

const call = (authorization: string | undefined, body: string | object = activity(), account = 'teams') =>
  door.post(`/channels/${account}`, body, undefined, authorization === undefined ? {} : { authorization });

describe('the webhook, called by others', () => {
  const right = () => teams.issuer.authorize(teams.account.service_url);

  test.each<[string, () => Promise<Response>]>([
    ['without a token', () => call(undefined)],
    ['with an empty one', () => call('')],
    ['with the token of another connector', async () => call(await teams.issuer.authorize('https://evil.example/'))],
    [
      'for another connector than the token',
      async () => call(await right(), activity({ serviceUrl: 'https://evil.example/' })),
    ],
    ['of another tenant', async () => call(await right(), activity(), 'teams-foreign')],
    ['without a tenant', async () => call(await right(), activity({ conversation: { id: 'a:1' } }))],
    ['for another app', async () => call(await right(), activity(), 'teams-other')],
    ['at a host that is no connector', async () => call(await right(), activity(), 'teams-real')],
    [
      'an hour and six minutes later',
      async () => {
        const token = await right();
        ahead += 3_960_000;
        return call(token);
      },
    ],
    [
      'seven minutes early',
      async () => {
        const token = await right();
        ahead -= 420_000;
        return call(token);
      },
    ],
  ])('%s is refused and changes nothing', async (_, act) => {
    const answer = await act();
    expect(await refusalOf(answer)).toEqual([401, 'channel.unverified']);
    expect(door.engine.inbox).toHaveLength(0);
    expect(teams.calls).toHaveLength(0);
  });

  test('delivers a recorded call again: nothing happens twice', async () => {
    const token = await right();
    expect((await call(token)).status).toBe(200);
    expect((await call(token)).status).toBe(200);
    expect(door.engine.inbox).toHaveLength(1);
  });

  test.each([
    // Which connector it names cannot be read, so it cannot be compared with the token.
    ['no JSON', 'hello', 401, 'channel.unverified'],
    ['a million arrays', '['.repeat(200_000), 401, 'channel.unverified'],
    ['too much', `"${'x'.repeat(300_000)}"`, 413, 'chat.too_large'],
  ])('%s is refused, and the server lives', async (_, body, status, code) => {
    expect(await refusalOf(await call(await right(), body))).toEqual([status, code]);
    expect((await call(await right())).status).toBe(200);
  });

  test('leaves no token and no word of a customer in the log', async () => {
    const token = await right();
    await call('Bearer guess');
    await call(token, 'hello');
    await call(token, activity({ text: 'my secret' }));
    const log = door.log.join('\n');
    expect(log).not.toContain(token.slice(7));
    expect(log).not.toMatch(/my secret|simulated-client-secret/);
  });
});

/** A card of ours as it stands in a chat. */
function asked(chat: string) {
  const offer = { kind: 'choice', token: 'o1.0', label: 'Lamp', said: 'Which?' };
  const content = {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text: 'Which?' }],
    actions: [{ type: 'Action.Submit', title: 'Lamp', data: { parley: offer } }],
  };
  return {
    id: `${chat}-1`,
    from: { id: `28:${teams.appId}`, name: 'Parley' },
    at: 0,
    text: '',
    textFormat: 'markdown',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
    attachmentLayout: 'list',
    edited: false,
  };
}
