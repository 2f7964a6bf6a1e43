import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledge } from '../../../channels/teams/acknowledge.ts';
import { addressOf } from '../../../channels/teams/address.ts';
import { fetchMedia } from '../../../channels/teams/media.ts';
import { plan } from '../../../channels/teams/plan.ts';
import { parse } from '../../../channels/teams/receive.ts';
import { classify, edit, remove, send, typing } from '../../../channels/teams/send.ts';
import type { TeamsSettings } from '../../../channels/teams/settings.ts';
import type { Activity } from '../../../channels/teams/simulator/deliveries.ts';
import type { Person } from '../../../channels/teams/simulator/person.ts';
import { type Fault, openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import type { Inbound, Part, SendContext, SendError } from '../../../src/channel.ts';
import { until } from '../../support/until.ts';
import { accountAt, reference } from './account.ts';

let teams: Simulator;
let settings: TeamsSettings;
let anna: Person;
let now: number;

beforeEach(async () => {
  now = Date.now();
  teams = await openSimulator({ now: () => now });
  settings = accountAt(teams);
  anna = teams.person();
  anna.install();
});
afterEach(() => teams.close());

const address = (conversation = anna.chat.id) => addressOf({ tenant: teams.world.tenant, conversation });

function to(where = address(), account = settings): SendContext<TeamsSettings> {
  return { settings: account, address: where, key: 'k', signal: AbortSignal.timeout(5_000) };
}

const hello = (context = to()) => send({ type: 'message', text: 'Hello' }, context);

async function verdict(act: () => Promise<unknown>): Promise<SendError> {
  try {
    await act();
  } catch (error) {
    return classify(error);
  }
  throw new Error('It went well.');
}

const eventOf = (activity: Activity): Inbound => {
  const url = new URL('https://bot.example/channels/teams');
  const body = new TextEncoder().encode(JSON.stringify(activity));
  return parse({ method: 'POST', url, headers: {}, body })[0]!;
};

describe('sending', () => {
  test('every kind of part is taken, and its number at Teams is told', async () => {
    const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
    const parts = plan(
      [
        { text: '**Hello** <Anna> & co' },
        {
          text: 'Which?',
          choices: [{ token: 'o1.0', label: 'Yes' }],
          links: [{ title: 'Shop', url: 'https://a.example/' }],
        },
        { text: 'Which of all?', choices: Array.from({ length: 9 }, (_, n) => ({ token: `o${n}`, label: `No ${n}` })) },
        { text: 'When?', input: 'date' },
        { text: 'Look', image: picture('mug') },
        { text: 'Both', carousel: ['mug', 'lamp'].map((title) => ({ title, image: picture(title) })) },
        { text: 'Your bill', file: { url: 'http://127.0.0.1:9/bill.pdf', name: 'bill.pdf' } },
      ],
      { locale: 'en', settings },
    );
    for (const part of parts) {
      now += 2_000;
      expect(await send(part, to())).toEqual({ id: expect.stringMatching(/^\d+$/) });
    }
    expect(anna.heard).toEqual([
      '**Hello** &#60;Anna&#62; &#38; co',
      'Which?',
      'Which of all?',
      'When?',
      'Look',
      'Both',
      'mug\nlamp',
      'Your bill',
      '[📎 bill.pdf](http://127.0.0.1:9/bill.pdf)',
    ]);
  });

  test('makes one call and retries nothing by itself', async () => {
    teams.fail({ kind: 'error', status: 502 });
    await verdict(hello);
    expect(teams.calls).toHaveLength(1);
    expect(anna.heard).toEqual([]);
  });

  test('shows that an answer is being prepared', async () => {
    await typing(to());
    expect(anna.chat.typed).toBe(1);
  });

  test('can be changed and taken back', async () => {
    const { id = '' } = await hello();
    await edit({ type: 'message', text: 'Good bye' }, { ...to(), id });
    expect(anna.heard).toEqual(['Good bye']);
    expect(anna.chat.messages.map(({ edited }) => edited)).toEqual([true]);
    await remove({ ...to(), id });
    expect(anna.heard).toEqual([]);
  });
});

describe('the token', () => {
  test('is asked for once by all who need it at the same time, and kept', async () => {
    await Promise.all([hello(), hello(), hello()]);
    await hello();
    expect(teams.issuer.logins).toBe(1);
  });

  test('that is no longer taken is replaced, and the message still said once', async () => {
    await hello();
    teams.issuer.revoke();
    await hello();
    expect(teams.issuer.logins).toBe(2);
    expect(anna.heard).toEqual(['Hello', 'Hello']);
  });

  test('is had by the next password where the first is not taken any more', async () => {
    const app_password = [reference('OLD'), reference('TEAMS_APP_PASSWORD')];
    const rotated = accountAt(teams, { app_password }, { OLD: 'withdrawn' });
    await hello(to(address(), rotated));
    expect(anna.heard).toEqual(['Hello']);
  });

  test('that no password gets is the operator’s matter, and says so without telling it', async () => {
    const stranger = accountAt(teams, {}, { TEAMS_APP_PASSWORD: 'withdrawn' });
    expect(await verdict(() => hello(to(address(), stranger)))).toEqual({ kind: 'auth', reason: 'channel.auth' });
    await expect(hello(to(address(), stranger))).rejects.not.toThrow('withdrawn');
  });

  test('goes to no host that the account does not name', async () => {
    const elsewhere = { name: 'x', ref: 'http://169.254.169.254/latest/meta-data' };
    await expect(fetchMedia(elsewhere, to())).rejects.toMatchObject({ code: 'teams.file_refused' });
    const spelled = [
      teams.url.replace('http:', 'ftp:'),
      teams.url.replace('127.0.0.1', '127.0.0.1@evil.example'),
      `${teams.url}.evil.example/`,
      'https://evil.example/127.0.0.1',
      'no address',
    ];
    for (const ref of spelled)
      await expect(fetchMedia({ name: 'x', ref }, to())).rejects.toMatchObject({ code: 'teams.file_refused' });
    expect(teams.issuer.logins).toBe(0);
  });
});

describe('what Teams answers means', () => {
  test.each<[string, Fault, SendError]>([
    [
      'a flood: leave the conversation alone as long as it says',
      { kind: 'flood', retryAfter: 7 },
      { kind: 'rate_limited', after: 7_000, scope: 'conversation' },
    ],
    ['412: try again', { kind: 'error', status: 412 }, { kind: 'retryable' }],
    ['502: try again', { kind: 'error', status: 502 }, { kind: 'retryable' }],
    ['504: try again', { kind: 'error', status: 504 }, { kind: 'retryable' }],
    ['500: nobody knows', { kind: 'error', status: 500 }, { kind: 'unknown' }],
    [
      'blocked',
      { kind: 'error', status: 403, code: 'ConversationBlockedByUser' },
      { kind: 'unreachable', reason: 'ConversationBlockedByUser' },
    ],
    [
      '401, again and again',
      { kind: 'error', status: 400, code: 'BadArgument' },
      { kind: 'invalid', reason: 'channel.invalid_content' },
    ],
    ['405: never', { kind: 'error', status: 405 }, { kind: 'permanent', reason: 'channel.refused' }],
    ['a line that breaks: nobody knows', { kind: 'cut' }, { kind: 'unknown' }],
    ['a line that breaks after it has taken it: nobody knows', { kind: 'drop' }, { kind: 'unknown' }],
  ])('%s', async (_, fault, meaning) => {
    teams.fail(fault);
    expect(await verdict(hello)).toEqual(meaning);
  });

  test('a token that is refused twice is the operator’s matter', async () => {
    teams.fail({ kind: 'error', status: 401 });
    teams.fail({ kind: 'error', status: 401 });
    expect(await verdict(hello)).toEqual({ kind: 'auth', reason: 'channel.auth' });
  });

  test('who has taken the app away cannot be reached', async () => {
    anna.uninstall();
    expect(await verdict(hello)).toEqual({ kind: 'unreachable', reason: 'BotNotInConversationRoster' });
    expect(await verdict(() => hello(to(address('a:nobody'))))).toEqual({
      kind: 'unreachable',
      reason: 'ConversationNotFound',
    });
  });

  test('what we should not have sent is our own mistake', async () => {
    const invalid = { kind: 'invalid', reason: 'channel.invalid_content' };
    const said = (part: Part) => verdict(() => send(part, to()));
    expect(await said({ type: 'message', text: 'x'.repeat(60_000) })).toEqual(invalid);
    expect(await said({ type: 'message', text: ' ' })).toEqual(invalid);
  });

  test('the eighth message of a second is too much, and the next second’s is not', async () => {
    for (let sent = 0; sent < 7; sent++) await hello();
    expect(await verdict(hello)).toEqual({ kind: 'rate_limited', after: 1_000, scope: 'conversation' });
    now += 2_001;
    await hello();
  });

  test('nobody there: it cannot have arrived', async () => {
    await hello();
    await teams.close();
    // Until the broken connections are noticed, what is sent by them may have arrived.
    await until(
      async () => (await verdict(hello)).kind === 'retryable',
      () => 'a refused connection',
    );
    teams = await openSimulator();
    const away = accountAt(teams);
    await teams.close();
    expect(await verdict(() => hello(to('t/a%3A1', away)))).toEqual({ kind: 'retryable' });
    teams = await openSimulator();
  });
});

describe('a tap', () => {
  const offer = () =>
    send(
      plan(
        [
          {
            text: '**Which** one?',
            choices: [{ token: 'o1.0', label: 'Lamp *2*' }],
            links: [{ title: 'Shop', url: 'https://shop.example/' }],
          },
        ],
        { locale: 'en', settings },
      )[0]!,
      to(),
    );

  test('is acknowledged: what was picked stands on the card instead of the buttons', async () => {
    await offer();
    const { receipt, event } = eventOf(anna.tap('Lamp *2*'));
    expect(event).toEqual({ kind: 'choice', token: 'o1.0', label: 'Lamp *2*' });
    await acknowledge(receipt!, to());
    expect(anna.heard).toEqual(['**Which** one?\n▸ Lamp \\*2\\*']);
    expect(anna.buttons).toEqual(['Shop']);
    // Delivered twice, it says the same.
    await acknowledge(receipt!, to());
    expect(anna.heard).toHaveLength(1);
  });

  test('leaves the card’s picture where it is', async () => {
    const image = { url: 'https://shop.example/mug.jpg', alt: 'Mug' };
    const [part] = plan([{ text: 'This?', image, choices: [{ token: 'o1', label: 'Yes' }] }], {
      locale: 'en',
      settings,
    });
    await send(part!, to());
    await acknowledge(eventOf(anna.tap('Yes')).receipt!, to());
    expect(anna.heard).toEqual(['This?\n▸ Yes']);
    expect(JSON.stringify(anna.chat.messages.at(-1))).toContain(image.url);
  });
});

describe('a file', () => {
  const bytes = new Uint8Array([0xff, 0xd8, 0xff, 7]);

  test('is fetched, a picture with our token and a file of hers without', async () => {
    const picture = eventOf(anna.attach('mug.jpg', 'image/jpeg', bytes)).media![0]!;
    const file = eventOf(anna.attach('bill.pdf', 'application/pdf', bytes)).media![0]!;
    expect([...(await fetchMedia(picture, to()))]).toEqual([...bytes]);
    expect(teams.issuer.logins).toBe(1);
    expect([...(await fetchMedia(file, to()))]).toEqual([...bytes]);
    expect(file.name).toBe('bill.pdf');
  });

  test('that is not there is refused for good, and trouble is not', async () => {
    const gone = { name: 'x', ref: `${teams.account.service_url}v3/attachments/nothing/views/original` };
    await expect(fetchMedia(gone, to())).rejects.toMatchObject({ code: 'teams.file_refused', retryable: false });
    await teams.close();
    await expect(fetchMedia(gone, to())).rejects.toMatchObject({ retryable: true });
    teams = await openSimulator();
  });
});
