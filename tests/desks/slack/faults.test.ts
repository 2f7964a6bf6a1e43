import { afterEach, expect, test } from '@jest/globals';
import { QUICK } from './house.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

/** The customer's lines, as Slack shows them. */
function hers(conversation: string): readonly string[] {
  return office.thread(conversation).filter((line) => line.startsWith('Customer: '));
}

test('while Slack is down nothing is lost, and afterwards all is there once and in order', async () => {
  office = await Office.open();
  for (let failures = 0; failures < 12; failures++)
    office.slack.fail(failures % 3 === 0 ? { kind: 'error', status: 503 } : { kind: 'cut' });
  const conversation = await office.write('human please');
  for (const text of ['one', 'two', 'three']) await office.write(text);
  await office.settled();
  expect(office.support.messages.filter(({ thread_ts: root }) => root === undefined)).toHaveLength(1);
  expect(
    office
      .thread(conversation)
      .join('\n')
      .match(/one|two|three/g),
  ).toEqual(['one', 'two', 'three']);
});

test('what Slack has taken and not answered is not said again', async () => {
  office = await Office.open();
  office.slack.fail({ kind: 'drop' }, 'chat.postMessage');
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  await office.settled();
  office.slack.fail({ kind: 'drop' }, 'chat.postMessage');
  await office.write('only once');
  await office.settled();
  expect(office.support.messages.filter(({ thread_ts: root, bot_id: bot }) => root === undefined && bot)).toHaveLength(
    1,
  );
  expect(hers(conversation)).toEqual(['Customer: only once']);
});

test('goes on after a restart where it was, even in the middle of a call', async () => {
  office = await Office.open();
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  await office.settled();
  office.slack.fail({ kind: 'drop' }, 'chat.postMessage');
  office.slack.fail({ kind: 'cut' }, 'conversations.replies');
  await office.write('before');
  await office.bot.office?.settled();
  await office.end();
  await office.begin();
  await office.write('after');
  await office.settled();
  expect(
    hers(conversation)
      .join()
      .match(/before|after/g),
  ).toEqual(['before', 'after']);
  office.mia.say('I am back', { channel: office.support, thread: office.card(conversation).ts });
  await office.settled();
  expect(await office.reads(conversation)).toContain('agent: I am back');
});

test('a token that is revoked keeps everything until there is a right one', async () => {
  office = await Office.open();
  for (let failures = 0; failures < 4; failures++) office.slack.fail({ kind: 'refuse', error: 'token_revoked' });
  const conversation = await office.write('human please');
  await office.settled();
  expect(office.card(conversation)).toBeDefined();
});

test('a channel that is archived is left for the fallback, with all that comes', async () => {
  office = await Office.open({
    yaml: (support, returns) => ({ fallback: returns.id, queues: { support: support.id } }),
  });
  const conversation = await office.write('human please');
  await office.settled();
  office.support.is_archived = true;
  await office.write('are you there?');
  await office.settled();
  expect(office.thread(conversation, office.returns)).toEqual(['Customer: are you there?']);
});

test('a card that somebody has deleted is put up again', async () => {
  office = await Office.open();
  const conversation = await office.write('human please');
  await office.settled();
  const old = office.card(conversation);
  office.support.messages.splice(office.support.messages.indexOf(old), 1);
  await office.write('hello?');
  await office.settled();
  expect(office.card(conversation).ts).not.toBe(old.ts);
  expect(hers(conversation)).toEqual(['Customer: hello?']);
});

test('given to a queue of another channel it goes there, and says so where it was', async () => {
  office = await Office.open();
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Assign…', { channel: office.support });
  await office.mia.submit({ to: 'queue:returns', note: 'A return' });
  await office.settled();
  expect(office.card(conversation, office.returns).thread_ts).toBeUndefined();
  expect(office.support.messages[0]?.text).toBe(`This conversation goes on in <#${office.returns.id}>.`);
});

test('waits as long as Slack asks, and shows in one message what has come meanwhile', async () => {
  office = await Office.open({ enforceRates: true, pace: { ...QUICK, post: 1_010 } });
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  for (const text of ['one', 'two', 'three']) await office.write(text);
  await office.settled();
  expect(office.slack.workspace.rates.tooFast).toBe(0);
  expect(hers(conversation)).toEqual(['Customer: one | two | three']);
});

test('a text longer than Slack takes is split, and loses nothing', async () => {
  office = await Office.open();
  const conversation = await office.write('human please');
  await office.settled();
  const long = Array.from({ length: 3_000 }, (_, at) => `"${at}"`).join('\n');
  await office.write(long.slice(0, 30_000));
  await office.settled();
  const shown = hers(conversation)
    .join(' | ')
    .replaceAll(/\s*(\||Customer: )\s*/g, '\n')
    .replaceAll(/\n+/g, '\n')
    .trim();
  expect(office.slack.calls.filter(({ answer }) => /blocks|long/.test(answer))).toEqual([]);
  expect(shown.replaceAll(/\s/g, '')).toBe(
    long.slice(0, 30_000).replaceAll(/\s/g, '').slice(0, shown.replaceAll(/\s/g, '').length),
  );
  expect(shown.length).toBeGreaterThan(3_900);
});

test.each([
  '<!channel>',
  '<@U0MIA>',
  '@everyone <!here|x>',
  '<https://evil.example|https://bank.example>',
  '[bank](https://evil.example)',
])('%s calls nobody and leads nowhere, wherever it stands', async (text) => {
  office = await Office.open();
  await office.write(text);
  const conversation = await office.write('human please');
  await office.write(text);
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  await office.settled();
  office.mia.say(`// ${text}`, { channel: office.support, thread: office.card(conversation).ts });
  await office.settled();
  const sent = office.slack.calls.filter(({ method }) => method.startsWith('chat.') || method.startsWith('views.'));
  const markup = JSON.stringify(sent.map(({ given }) => given)).replaceAll(/<!date\^\d+\^[^>]*>/g, '');
  const read = markup.replaceAll(/\{\\*"type\\*":\\*"plain_text\\*",\\*"text\\*":\\*"(?:[^"\\]|\\+[^"])*/g, '');
  expect(read).not.toMatch(/<[!@#h]/);
});
