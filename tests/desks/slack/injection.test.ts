import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { elementsOf } from '../../../channels/slack/simulator/blocks.ts';
import { Office } from './office.ts';

/** What calls somebody, or leads elsewhere than it says, where Slack reads markup. */
const EVIL = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<@U0MIA>',
  '<@U0MIA|mia>',
  '<!subteam^S0TEAM|@team>',
  '<#C000001|support>',
  '@here @channel @everyone',
  '<https://evil.example|https://bank.example>',
  '<http://evil|bank>',
  '<mailto:x@evil.example|support@bank.example>',
  '&lt;!channel&gt;',
  '\u200B<\u200B!channel>\u200B',
  '＜!channel＞',
  '*bold* _it_ ~no~ `code` :tada:',
  '\u202Ecod.exe',
] as const;
const ALL = EVIL.join(' ');

let office: Office;
beforeAll(async () => {
  office = await Office.open();
}, 60_000);
afterAll(() => office.close());

/** Every text object that was ever sent to Slack, and every `text` that a notification shows. */
function sent(): readonly { readonly kind: string; readonly text: string }[] {
  const found: { kind: string; text: string }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && /^[[{]/.test(value)) {
      try {
        walk(JSON.parse(value));
      } catch {
        // It only looked like JSON: somebody's words.
      }
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      const { type, text } = value as { type?: unknown; text?: unknown };
      if (typeof text === 'string' && (type === 'mrkdwn' || type === 'plain_text')) found.push({ kind: type, text });
      else for (const [name, inner] of Object.entries(value)) if (name !== 'private_metadata') walk(inner);
    }
  };
  for (const { method, given } of office.slack.calls) {
    if (!/^(chat|views)\./.test(method)) continue;
    if (typeof given.text === 'string') found.push({ kind: 'mrkdwn', text: given.text });
    if (typeof given.username === 'string') found.push({ kind: 'name', text: given.username });
    walk(given.blocks);
    walk(given.view);
  }
  return found;
}

/** Markup that is not ours: a time, the place where a conversation goes on, the agent who is asked. */
function markup(text: string): readonly string[] {
  return (text.match(/<[^>]*>/g) ?? []).filter((one) => !/^<!date\^\d+\^[^|<>]*\|[^|<>]*>$/.test(one));
}

test('whatever anybody writes or is called, nobody is called in Slack, and no link hides where it leads', async () => {
  const { mia, tom, support } = office;
  const conversation = await office.write('human please');
  for (const text of EVIL) await office.write(text);
  await office.settled();
  await mia.tap('Claim', { channel: support });
  await office.settled();
  const head = (await office.bot.office?.head(conversation))!;
  // Names, slots, summary, the flow's title and reason, files and choices: as a house would show them.
  const hostile = {
    ...{ ...head, reason: ALL, summary: EVIL, attach: { [ALL]: ALL }, queue: ALL, outcome: ALL, masked: [ALL] },
    ...{ version: head.version + 1, flow: { name: 'x', title: ALL, step: ALL } },
    customer: { ...head.customer, name: ALL, attributes: { tier: ALL, email: `"${ALL}"@evil.example` }, account: ALL },
  };
  await office.desk.update(conversation, hostile);
  for (const [at, text] of EVIL.entries()) {
    const file = { id: `f${at}`, name: text, type: 'text/plain', size: 1, url: `https://shop.example/${at}` };
    const message = {
      text,
      choices: [{ label: text, token: 't' }],
      card: { title: text, text },
      file: { name: text, url: file.url },
    };
    await office.desk.post(conversation, {
      key: `x${at}`,
      from: 'bot',
      name: text,
      message,
      attachments: [file],
      at: 1,
    });
    await office.desk.note(conversation, { key: `x${at}`, by: 'tom', text, kind: 'note' });
  }
  const task = {
    id: 't1',
    mode: 'approval',
    queue: ALL,
    priority: 'normal',
    reason: ALL,
    attach: { [ALL]: ALL },
    at: 1,
  } as const;
  await office.desk.task(conversation, task);
  await office.desk.tell(conversation, { key: 'n1', agent: 'tom', code: 'desk.taken', holder: ALL });
  await office.settled();
  tom.say(`// ${ALL}`, { channel: support, thread: office.card(conversation).ts });
  for (const form of ['Profile', 'Transcript', 'Assign…', 'Reply…']) {
    await mia.tap(form, { channel: support });
    await office.settled();
  }
  expect(elementsOf(mia.view?.blocks ?? []).length).toBeGreaterThan(0);
  mia.openHome('home');
  await office.settled();
  await mia.command('/desk', `find ${EVIL[0]}`);
  await office.settled();

  const all = sent();
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ kind, text }) => kind === 'mrkdwn' && markup(text).length > 0)).toEqual([]);
  expect(all.filter(({ kind, text }) => kind === 'name' && /[<>&@]/.test(text))).toEqual([]);
  const calls = office.slack.calls.filter(({ method }) => method.startsWith('chat.post') || method === 'chat.update');
  // Words such as @here and bare addresses stay words.
  expect(calls.filter(({ given }) => given.parse !== 'none' || !/^(false|0|)$/.test(String(given.link_names)))).toEqual(
    [],
  );
  expect(calls.filter(({ answer }) => answer !== 'ok')).toEqual([]);
}, 60_000);
