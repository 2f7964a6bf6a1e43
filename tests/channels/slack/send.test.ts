import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledge } from '../../../channels/slack/acknowledge.ts';
import { classify } from '../../../channels/slack/classify.ts';
import { fetchMedia } from '../../../channels/slack/media.ts';
import { plan } from '../../../channels/slack/plan.ts';
import { edit, remove, send, typing } from '../../../channels/slack/send.ts';
import type { SlackSettings } from '../../../channels/slack/settings.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import { type Fault, openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import type { SendContext, SendError } from '../../../src/channel.ts';
import { account } from './account.ts';

let slack: Simulator;
let settings: SlackSettings;
let anna: Member;

beforeEach(async () => {
  slack = await openSimulator({ sleep: () => Promise.resolve() });
  settings = account({ api_root: slack.url });
  anna = slack.member({ name: 'anna' });
});
afterEach(() => slack.close());

const to = (address: string, signal = AbortSignal.timeout(5_000)): SendContext<SlackSettings> => ({
  settings,
  address,
  key: 'k',
  signal,
});
const direct = () => `T0SHOP:${anna.direct.id}:${anna.user.id}`;
const hello = (address = direct(), signal?: AbortSignal) => send({ text: 'Hello' }, to(address, signal));

async function verdict(act: () => Promise<unknown>): Promise<SendError> {
  try {
    await act();
  } catch (error) {
    return classify(error);
  }
  throw new Error('It went well.');
}

describe('sending', () => {
  test('every kind of part is taken, and its name at Slack is told', async () => {
    const image = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
    const many = Array.from({ length: 30 }, (_, index) => ({ token: `o1.${index}`, label: `Order ${index}` }));
    const parts = plan(
      [
        { text: '**Hello** <Anna> & co', choices: [{ token: 'o1.0', label: 'Yes' }] },
        { text: 'Which?', choices: many },
        { text: 'Which ones?', choices: many, multiple: true },
        { text: 'Which of two?', choices: many.slice(0, 2), multiple: true },
        { text: 'When?', input: 'date' },
        { text: 'Look', image: image('mug'), links: [{ title: 'Open', url: 'https://shop.example/' }] },
        {
          text: 'Both',
          carousel: ['mug', 'lamp'].map((title) => ({
            title,
            image: image(title),
            fields: many.map(({ label }) => ({ name: label, value: '1' })),
          })),
        },
        { text: 'Your bill', file: { url: 'https://shop.example/bill.pdf', name: 'bill.pdf' } },
        { text: 'words '.repeat(6_000) },
      ],
      { locale: 'en', settings: undefined },
    );
    for (const part of parts)
      expect(await send(part, to(direct()))).toEqual({ id: expect.stringMatching(/^\d+\.\d{6}$/) });
    expect(slack.calls.filter(({ answer }) => answer !== 'ok')).toEqual([]);
    expect(anna.heard[0]).toBe('Hello <Anna> & co');
  });

  test('answers in the thread where it was asked, and offers buttons to the one who asked', async () => {
    const ben = slack.member({ name: 'ben' });
    const general = slack.channel('general', anna, ben);
    const { ts } = anna.mention('hello', { channel: general });
    const [part] = plan([{ text: 'Yes?', choices: [{ token: 'o1.0', label: 'Order' }] }], {
      locale: 'en',
      settings: undefined,
    });
    await send(part!, to(`T0SHOP:${general.id}:${ts}:${anna.user.id}`));
    expect(general.messages.at(-1)).toMatchObject({ thread_ts: ts, parent_user_id: anna.user.id });
    expect(general.messages.at(-1)?.blocks?.at(-1)?.block_id).toBe(`ask:${anna.user.id}`);
  });

  test('makes one call and retries nothing by itself', async () => {
    slack.fail({ kind: 'error', status: 502 });
    await verdict(hello);
    slack.fail({ kind: 'flood', retryAfter: 30 });
    await verdict(hello);
    expect(slack.calls).toHaveLength(2);
    expect(anna.heard).toEqual([]);
  });

  test('replaces and takes back what was sent', async () => {
    const { id } = await hello();
    await edit({ text: 'Good morning' }, { ...to(direct()), id: id! });
    expect(anna.heard).toEqual(['Good morning']);
    await remove({ ...to(direct()), id: id! });
    expect(anna.heard).toEqual([]);
  });

  test('shows that it is busy in an assistant’s thread, and nowhere else', async () => {
    const thread = anna.startAssistant();
    await typing(to(`T0SHOP:${anna.direct.id}:${thread}:${anna.user.id}`));
    expect(slack.calls).toEqual([]);
    settings = account({ api_root: slack.url, assistant: true });
    await typing(to(direct()));
    expect(slack.calls).toEqual([]);
    const address = `T0SHOP:${anna.direct.id}:${thread}:${anna.user.id}`;
    await typing(to(address));
    expect(anna.direct.status.get(thread)).toBe('…');
    await hello(address);
    expect(anna.direct.status.has(thread)).toBe(false);
  });

  test('refuses an address that is none', async () => {
    await expect(hello('anna')).rejects.toMatchObject({ code: 'slack.invalid_address' });
    expect(slack.calls).toEqual([]);
  });
});

describe('what Slack answers means', () => {
  test.each<[string, Fault, SendError]>([
    [
      'a flood: wait as long as it says',
      { kind: 'flood', retryAfter: 7 },
      { kind: 'rate_limited', after: 7_000, scope: 'conversation' },
    ],
    ['its own trouble: try again', { kind: 'error', status: 502 }, { kind: 'retryable' }],
    ['not now: try again', { kind: 'refuse', error: 'service_unavailable' }, { kind: 'retryable' }],
    ['half done, perhaps: nobody knows', { kind: 'refuse', error: 'fatal_error' }, { kind: 'unknown' }],
    ['a line that breaks before: nobody knows', { kind: 'cut' }, { kind: 'unknown' }],
    ['a line that breaks after: nobody knows', { kind: 'drop' }, { kind: 'unknown' }],
    [
      'a token that is over: the account is to rest',
      { kind: 'refuse', error: 'token_expired' },
      { kind: 'auth', reason: 'token_expired' },
    ],
    [
      'a bot that was thrown out',
      { kind: 'refuse', error: 'account_inactive' },
      { kind: 'auth', reason: 'account_inactive' },
    ],
    [
      'a channel that is no more',
      { kind: 'refuse', error: 'is_archived' },
      { kind: 'unreachable', reason: 'is_archived' },
    ],
    [
      'blocks that it does not take: our mistake',
      { kind: 'refuse', error: 'invalid_blocks' },
      { kind: 'invalid', reason: 'invalid_blocks' },
    ],
    [
      'anything else: never',
      { kind: 'refuse', error: 'as_user_not_supported' },
      { kind: 'permanent', reason: 'as_user_not_supported' },
    ],
  ])('%s', async (_, fault, expected) => {
    slack.fail(fault);
    expect(await verdict(hello)).toEqual(expected);
  });

  test('nobody there: nothing can have arrived', async () => {
    const gone = await openSimulator();
    await gone.close();
    settings = account({ api_root: gone.url });
    expect(await verdict(hello)).toEqual({ kind: 'retryable' });
  });

  test('somebody who is not in the workspace cannot be reached', async () => {
    expect(await verdict(() => hello('T0SHOP:D404:U404'))).toEqual({
      kind: 'unreachable',
      reason: 'channel_not_found',
    });
  });

  test('an answer that does not come in time: nobody knows', async () => {
    slack.fail({ kind: 'hang' });
    expect(await verdict(() => hello(direct(), AbortSignal.timeout(200)))).toEqual({ kind: 'unknown' });
    expect(anna.heard).toEqual(['Hello']);
  });
});

describe('a tap', () => {
  const blocks = [
    { type: 'section', block_id: 'b1', text: { type: 'mrkdwn', text: 'Which?' } },
    { type: 'image', block_id: 'b2', image_url: 'https://shop.example/a.png', alt_text: 'a' },
    {
      type: 'actions',
      block_id: 'ask',
      elements: [{ type: 'button', action_id: 'pick.0', text: { type: 'plain_text', text: 'A & B' }, value: 'o1.0' }],
    },
  ];

  test('leaves what was picked in place of the buttons, and the rest as it was', async () => {
    const { id: ts } = await send({ text: 'Which?', blocks }, to(direct()));
    const sent = anna.messages.at(-1)!;
    expect(sent.blocks?.[1]).toHaveProperty('image_bytes');
    const receipt = { channel: anna.direct.id, ts, text: 'Which?', blocks: sent.blocks, picked: 'A & <B>' };
    await acknowledge(receipt, to(direct()));
    await acknowledge(receipt, to(direct()));
    expect(anna.heard).toEqual(['Which?\n▸ A & <B>']);
    expect(sent.blocks?.map(({ type }) => type)).toEqual(['section', 'image', 'section']);
    expect(sent.text).toBe('Which?\n▸ A &amp; &lt;B&gt;');
  });
});

describe('a file', () => {
  const bytes = Buffer.from('%PDF-1.4');
  const media = () => {
    const [file] = anna.attach('bill.pdf', bytes, 'application/pdf').files ?? [];
    return { ref: (file as { url_private_download: string }).url_private_download, name: 'bill.pdf' };
  };

  test('is fetched with the bot’s token', async () => {
    expect(Buffer.from(await fetchMedia(media(), to(''))).equals(bytes)).toBe(true);
  });

  test.each([
    ['of another host, which would get the token', 'https://evil.example/files-pri/T-F/bill.pdf'],
    ['of a host that looks like Slack’s', 'https://files.slack.com.evil.example/x'],
    ['without encryption', 'http://files.slack.com/x'],
    ['that is no address', 'bill.pdf'],
  ])('%s is refused', async (_, ref) => {
    await expect(fetchMedia({ ref, name: 'x' }, to(''))).rejects.toMatchObject({
      code: 'slack.file_refused',
      retryable: false,
    });
  });

  test('that Slack answers with its login page is refused', async () => {
    const other = { ...to(''), settings: { ...settings, botToken: 'xoxb-other' } };
    await expect(fetchMedia(media(), other)).rejects.toMatchObject({ code: 'slack.file_refused' });
    const page = slack.member().attach('photo.png', Buffer.from('<html>'), 'text/html').files?.[0] as {
      url_private: string;
    };
    await expect(fetchMedia({ ref: page.url_private, name: 'photo.png' }, to(''))).rejects.toMatchObject({
      code: 'slack.file_refused',
    });
  });

  test('that Slack cannot give right now may be asked for again', async () => {
    slack.fail({ kind: 'error', status: 503 }, 'files.download');
    await expect(fetchMedia(media(), to(''))).rejects.toMatchObject({
      code: 'slack.file_unavailable',
      retryable: true,
    });
  });

  test('that is too large is not even asked for', async () => {
    await expect(fetchMedia({ ...media(), size: 21 * 1024 * 1024 }, to(''))).rejects.toMatchObject({
      code: 'slack.file_too_large',
    });
  });
});
