import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledge } from '../../../channels/telegram/acknowledge.ts';
import { fetchMedia } from '../../../channels/telegram/media.ts';
import { plan } from '../../../channels/telegram/plan.ts';
import { pull } from '../../../channels/telegram/pull.ts';
import { eventsOf } from '../../../channels/telegram/receive.ts';
import { classify, send, typing } from '../../../channels/telegram/send.ts';
import type { TelegramSettings } from '../../../channels/telegram/settings.ts';
import type { Customer } from '../../../channels/telegram/simulator/customer.ts';
import { type Fault, openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import type { SendContext, SendError } from '../../../src/channel.ts';
import { account } from './account.ts';

let telegram: Simulator;
let settings: TelegramSettings;
let anna: Customer;

beforeEach(async () => {
  telegram = await openSimulator();
  settings = account({ api_root: telegram.url });
  anna = telegram.customer();
  anna.start();
});
afterEach(() => telegram.close());

const to = (address: number | string): SendContext<TelegramSettings> => ({
  settings,
  address: String(address),
  key: 'k',
  signal: AbortSignal.timeout(5_000),
});

async function verdict(act: () => Promise<unknown>): Promise<SendError> {
  try {
    await act();
  } catch (error) {
    return classify(error);
  }
  throw new Error('It went well.');
}

const hello = () => send({ method: 'sendMessage', text: 'Hello' }, to(anna.user.id));

describe('sending', () => {
  test('every kind of part is taken, and its number at Telegram is told', async () => {
    const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
    const parts = plan(
      [
        { text: '**Hello** <Anna> & co', choices: [{ token: 'o1.0', label: 'Yes' }] },
        { text: 'Look', image: picture('mug'), links: [{ title: 'Open', url: 'https://shop.example/' }] },
        { text: 'Both', carousel: ['mug', 'lamp'].map((title) => ({ title, image: picture(title) })) },
        { text: 'Your bill', file: { url: 'https://shop.example/bill.pdf', name: 'bill.pdf' } },
      ],
      { locale: 'en', settings: undefined },
    );
    for (const part of parts)
      expect(await send(part, to(anna.user.id))).toEqual({ id: expect.stringMatching(/^\d+(,\d+)*$/) });
    expect(anna.heard).toEqual(['Hello <Anna> & co', 'Look', 'mug', 'lamp', 'Both', 'bill.pdf', 'Your bill']);
    expect(anna.messages[1]?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
  });

  test('makes one call and retries nothing by itself', async () => {
    telegram.fail({ kind: 'error', status: 502 });
    await verdict(hello);
    expect(telegram.calls).toHaveLength(1);
    expect(anna.heard).toEqual([]);
  });

  test('shows that an answer is being prepared', async () => {
    await typing(to(anna.user.id));
    expect(anna.chatIn().typing).toBe(1);
  });

  test('refuses to call what no plan makes', async () => {
    await expect(send({ method: 'banChatMember' }, to(anna.user.id))).rejects.toMatchObject({
      code: 'telegram.unknown_method',
    });
    expect(telegram.calls).toHaveLength(0);
  });
});

describe('what Telegram answers means', () => {
  test.each<[string, Fault, SendError]>([
    [
      'a flood: wait as long as it says',
      { kind: 'flood', retryAfter: 7 },
      { kind: 'rate_limited', after: 7_000, scope: 'conversation' },
    ],
    ['its own trouble: try again', { kind: 'error', status: 502 }, { kind: 'retryable' }],
    ['a line that breaks: nobody knows', { kind: 'cut' }, { kind: 'unknown' }],
    ['a line that breaks after it has taken it: nobody knows', { kind: 'drop' }, { kind: 'unknown' }],
  ])('%s', async (_, fault, meaning) => {
    telegram.fail(fault);
    expect(await verdict(hello)).toEqual(meaning);
  });

  test('a customer who has blocked the bot cannot be reached', async () => {
    anna.block();
    expect(await verdict(hello)).toEqual({ kind: 'unreachable', reason: 'channel.unreachable' });
    const unknown = await verdict(() => send({ method: 'sendMessage', text: 'Hello' }, to(1)));
    expect(unknown).toEqual({ kind: 'unreachable', reason: 'channel.unreachable' });
  });

  test('what we should not have sent is our own mistake', async () => {
    const meaning = await verdict(() => send({ method: 'sendMessage', text: ' ' }, to(anna.user.id)));
    expect(meaning).toEqual({ kind: 'invalid', reason: 'channel.invalid_content' });
  });

  test('a token that is withdrawn lets the account rest and loses nothing', async () => {
    const stranger = account({ api_root: telegram.url }, { TELEGRAM_TOKEN: '999:withdrawn_by_botfather' });
    const meaning = await verdict(() => send({ method: 'sendMessage', text: 'x' }, { ...to(1), settings: stranger }));
    expect(meaning).toEqual({ kind: 'auth', reason: 'telegram.token_refused' });
  });

  test('nobody there: it cannot have arrived', async () => {
    await telegram.close();
    expect(await verdict(hello)).toEqual({ kind: 'retryable' });
    telegram = await openSimulator();
  });
});

describe('a tap', () => {
  const offer = () =>
    send(
      plan(
        [
          {
            text: '**Which** one?',
            choices: [{ token: 'o1.0', label: 'Lamp' }],
            links: [{ title: 'Shop', url: 'https://shop.example/' }],
          },
        ],
        { locale: 'en', settings: undefined },
      )[0]!,
      to(anna.user.id),
    );

  test('is acknowledged: the spinner ends, and what was picked stands in the chat instead of the buttons', async () => {
    await offer();
    const [tap] = eventsOf(anna.tap('Lamp'), 'telegram', settings);
    expect(telegram.world.spinning.size).toBe(1);
    await acknowledge(tap!.receipt!, to(anna.user.id));
    expect(telegram.world.spinning.size).toBe(0);
    expect(anna.heard).toEqual(['Which one?\n\n▸ Lamp']);
    expect(anna.messages.at(-1)?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
    expect(anna.buttons).toEqual([{ text: 'Shop', url: 'https://shop.example/' }]);
  });

  test('that is delivered twice marks the message once', async () => {
    await offer();
    const update = anna.tap('Lamp');
    const [tap] = eventsOf(update, 'telegram', settings);
    await acknowledge(tap!.receipt!, to(anna.user.id));
    // Only the answer to the query, which Telegram takes once, is refused.
    await expect(acknowledge(tap!.receipt!, to(anna.user.id))).rejects.toThrow('query is too old');
    expect(anna.heard).toEqual(['Which one?\n\n▸ Lamp']);
  });

  test('in a group leaves the buttons to whom they are for', async () => {
    const group = -100_777;
    anna.say('@parley_shop_bot hello', group);
    await send(
      {
        method: 'sendMessage',
        text: 'Which?',
        reply_markup: { inline_keyboard: [[{ text: 'Lamp', callback_data: 'o1.0' }]] },
      },
      to(`${group}/${anna.user.id}`),
    );
    const [tap] = eventsOf(anna.tap('Lamp', group), 'telegram', settings);
    expect(tap?.address).toBe(`${group}/${anna.user.id}`);
    await acknowledge(tap!.receipt!, to(tap!.address));
    expect(telegram.world.spinning.size).toBe(0);
    expect(anna.chatIn(group).messages.at(-1)?.reply_markup).toBeDefined();
  });
});

describe('a file', () => {
  const mediaOf = () => {
    const [inbound] = eventsOf(anna.photo(new Uint8Array([0xff, 0xd8, 0xff, 7])), 'telegram', settings);
    return inbound!.media![0]!;
  };

  test('is fetched in its largest size', async () => {
    expect([...(await fetchMedia(mediaOf(), to(anna.user.id)))]).toEqual([0xff, 0xd8, 0xff, 7]);
  });

  test('that Telegram does not have is refused for good, and its trouble is not', async () => {
    const unknown = { ref: 'nothing', name: 'x' };
    await expect(fetchMedia(unknown, to(1))).rejects.toMatchObject({ code: 'telegram.file_refused', retryable: false });
    telegram.fail({ kind: 'error', status: 502 });
    await expect(fetchMedia(mediaOf(), to(1))).rejects.toMatchObject({
      code: 'telegram.file_unavailable',
      retryable: true,
    });
    const large = { ref: 'x', name: 'x', size: 21 * 1024 * 1024 };
    await expect(fetchMedia(large, to(1))).rejects.toMatchObject({ code: 'telegram.file_too_large' });
  });
});

describe('long polling', () => {
  const ask = (cursor: string | undefined) =>
    pull({ account: 'telegram', settings, cursor, signal: AbortSignal.timeout(5_000) });

  test('brings what is not confirmed once more, and confirms by asking on', async () => {
    anna.say('one');
    const first = await ask(undefined);
    expect(first.events.map(({ event }) => event)).toEqual([
      { kind: 'opened', locale: 'en', pressed: true },
      { kind: 'message', text: 'one' },
    ]);
    // The process ended before they were on disk.
    expect(await ask(undefined)).toEqual(first);
    anna.say('two');
    expect((await ask(first.cursor)).events.map(({ event }) => event)).toEqual([{ kind: 'message', text: 'two' }]);
  });

  test('takes the webhook away, without which it would be refused', async () => {
    telegram.deliveries.hold();
    telegram.deliveries.setWebhook({ url: 'http://127.0.0.1:1/', secret: '' }, false);
    anna.say('one');
    const asked = ask(undefined);
    telegram.deliveries.release();
    expect((await asked).events).toHaveLength(2);
  });

  test('is not held up by an update that nobody can read', async () => {
    telegram.deliveries.add('message', { text: 7 });
    anna.say('after it');
    const { events, unreadable } = await ask(undefined);
    expect(unreadable).toHaveLength(1);
    expect(events.at(-1)?.event).toEqual({ kind: 'message', text: 'after it' });
  });

  test('hears of what comes while it waits', async () => {
    const { cursor } = await ask(undefined);
    const asked = ask(cursor);
    anna.say('now');
    expect((await asked).events).toHaveLength(1);
  });
});
