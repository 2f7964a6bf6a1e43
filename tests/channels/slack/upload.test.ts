import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { classify } from '../../../channels/slack/classify.ts';
import { plan } from '../../../channels/slack/plan.ts';
import { edit, remove, send } from '../../../channels/slack/send.ts';
import type { SlackSettings } from '../../../channels/slack/settings.ts';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import type { Message } from '../../../src/channel.ts';
import { account } from './account.ts';

let slack: Simulator;
let settings: SlackSettings;
let anna: Member;
let shop: Server;
let base: string;

beforeEach(async () => {
  shop = createServer(({ url }, response) =>
    url === '/bill.pdf' ? response.end('%PDF-1.4 bill') : response.writeHead(404).end(),
  );
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(shop.address() as AddressInfo).port}`;
  base = `http://${host}`;
  slack = await openSimulator({ sleep: () => Promise.resolve() });
  settings = account({ api_root: slack.url, file_hosts: [host] });
  anna = slack.member({ name: 'anna' });
});
afterEach(async () => {
  shop.close();
  await slack.close();
});

const context = (address = `T0SHOP:${anna.direct.id}:${anna.user.id}`) => ({
  settings,
  address,
  key: 'k',
  signal: AbortSignal.timeout(5_000),
});
const bill = (more: Partial<Message> = {}): Message => ({
  text: 'Here is **your bill**, <Anna>.',
  file: { url: `${base}/bill.pdf`, name: 'bill.pdf' },
  ...more,
});

async function say(message: Message, address?: string, publicUrl?: string) {
  const planned = plan([message], {
    locale: 'en',
    settings: undefined,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const receipts = [];
  for (const part of planned) receipts.push(await send(part, context(address)));
  return receipts;
}

const methods = () => slack.calls.map(({ method }) => method);

describe('a file', () => {
  test('stands in the conversation with the words that bring it, and not as a link', async () => {
    const [receipt] = await say(bill());
    const [message] = anna.messages;
    const [{ id } = { id: '' }] = (message?.files ?? []) as { id: string }[];
    expect(receipt).toEqual({ id });
    expect(Buffer.from(slack.workspace.files.get(id)?.bytes ?? []).toString()).toBe('%PDF-1.4 bill');
    expect(JSON.stringify(message?.blocks)).toContain('*your bill*');
    expect(anna.messages).toHaveLength(1);
  });

  test('comes before what is asked with it', async () => {
    await say(bill({ choices: [{ token: 'o1.0', label: 'Pay' }] }));
    const [first, second] = anna.messages;
    expect([first?.files?.length, second?.files]).toEqual([1, undefined]);
    expect(JSON.stringify(second?.blocks)).toContain('"Pay"');
  });

  test('stands in the thread where it was asked for', async () => {
    const general = slack.channel('general', anna);
    const { ts } = anna.mention('my bill', { channel: general });
    await say(bill(), `T0SHOP:${general.id}:${ts}:${anna.user.id}`);
    expect(general.messages.at(-1)).toMatchObject({ thread_ts: ts, subtype: 'file_share' });
  });

  test('of our own is fetched where we are, whatever network that is in', async () => {
    settings = account({ api_root: slack.url });
    await say(bill({ file: { url: '/bill.pdf', name: 'bill.pdf' } }), undefined, base);
    expect(anna.messages[0]?.files).toHaveLength(1);
  });

  test.each([
    ['that is not there', () => `${base}/none.pdf`, {}],
    ['inside a network that is nobody’s business', () => `${base}/bill.pdf`, { file_hosts: [] }],
  ])('%s is linked, and the words are said all the same', async (_, url, given) => {
    settings = account({
      api_root: slack.url,
      ...(Object.keys(given).length === 0 ? { file_hosts: settings.fileHosts } : given),
    });
    await say(bill({ file: { url: url(), name: 'bill.pdf' } }));
    expect(anna.heard).toHaveLength(1);
    expect(JSON.stringify(anna.messages[0]?.blocks)).toContain(url());
    expect(methods()).toEqual(['chat.postMessage']);
  });

  test('is linked by an app that may not upload, which asks Slack once', async () => {
    slack.workspace.app.scopes = ['chat:write'];
    await say(bill());
    await say(bill());
    expect(methods()).toEqual(['files.getUploadURLExternal', 'chat.postMessage', 'chat.postMessage']);
  });

  test.each(['cut', 'drop'] as const)('is tried again where the line breaks before it is shown (%s)', async (kind) => {
    slack.fail({ kind }, 'files.getUploadURLExternal');
    const error = await say(bill()).catch((thrown: unknown) => thrown);
    expect(classify(error)).toEqual({ kind: 'retryable' });
    expect(anna.messages).toEqual([]);
  });

  test('may have arrived where the line breaks as it is shown', async () => {
    slack.fail({ kind: 'drop' }, 'files.completeUploadExternal');
    const error = await say(bill()).catch((thrown: unknown) => thrown);
    expect(classify(error)).toEqual({ kind: 'unknown' });
    expect(anna.messages).toHaveLength(1);
  });

  test('waits as long as Slack says', async () => {
    slack.fail({ kind: 'flood', retryAfter: 7 }, 'files.getUploadURLExternal');
    const error = await say(bill()).catch((thrown: unknown) => thrown);
    expect(classify(error)).toEqual({ kind: 'rate_limited', after: 7_000, scope: 'conversation' });
  });

  test('is taken back, and cannot be changed', async () => {
    const [receipt] = await say(bill());
    const [part] = plan([bill()], { locale: 'en', settings: undefined });
    await expect(edit(part!, { ...context(), id: receipt?.id ?? '' })).rejects.toMatchObject({
      code: 'slack.file_stays',
    });
    await remove({ ...context(), id: receipt?.id ?? '' });
    expect(anna.messages).toEqual([]);
  });
});
