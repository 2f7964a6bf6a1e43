import { afterEach, expect, test } from '@jest/globals';
import { elementsOf } from '../../../channels/slack/simulator/blocks.ts';
import { Office, type WorldOptions } from './office.ts';

let office: Office;
afterEach(() => office.close());

/** A conversation that Mia has claimed. */
async function claimed(
  options: WorldOptions = {},
): Promise<{ conversation: string; where: { channel: Office['support']; thread: string } }> {
  office = await Office.open(options);
  await office.write('hello');
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  await office.settled();
  return { conversation, where: { channel: office.support, thread: office.card(conversation).ts } };
}

const agentSaid = async (conversation: string) =>
  (await office.reads(conversation)).filter((line) => line.startsWith('agent: ')).map((line) => line.slice(7));
const stand = async (conversation: string) => (await office.bot.store.desk.stand(conversation))?.at;

test('an end needs an outcome and a topic, and asks whether the bot could have done it', async () => {
  const { conversation } = await claimed();
  await office.mia.tap('Close…', { channel: office.support });
  expect(await office.mia.submit({ outcome: 'solved', topic: '  ' })).toEqual({ topic: 'This must be filled in.' });
  expect(await office.mia.submit({ outcome: 'solved', topic: 'delivery', bot_could: 'yes' })).toEqual({});
  await office.settled();
  expect(await stand(conversation)).toBe('wrap_up');
  expect(office.thread(conversation).join('\n')).toContain('Could the bot have done this? Yes');
  const backlog = (await office.bot.store.insights(0, 1_000)).filter(({ name }) => name === 'flow_backlog');
  expect(backlog.map(({ data }) => data)).toEqual([expect.objectContaining({ topic: 'delivery', agent: 'mia' })]);
  await office.mia.tap('Finish', { channel: office.support });
  await office.settled();
  expect(await stand(conversation)).toBe('closed');
  expect(JSON.stringify(office.card(conversation).blocks)).toContain('closed');
});

test('a canned reply can be changed before it is sent, by its holder alone', async () => {
  const { conversation } = await claimed();
  await office.tom.tap('Reply…', { channel: office.support });
  await office.settled();
  expect(await office.tom.submit({ text: 'Hi' })).toEqual({ 'text ': 'This conversation is Mia’s.' });
  await office.mia.tap('Reply…', { channel: office.support });
  await office.mia.touchIn(office.mia.view, 'static_select', 'greeting');
  await office.settled();
  const field = elementsOf(office.mia.view?.blocks ?? []).find(({ element }) => element.action_id === 'text');
  expect(field?.element).toMatchObject({ initial_value: 'Hello, I am Mia.' });
  expect(await office.mia.submit({ text: 'Hello, I am Mia. <3' })).toEqual({});
  await office.settled();
  expect(await agentSaid(conversation)).toEqual(['Hello, I am Mia. <3']);
  expect(office.thread(conversation)).toContain('Mia: Hello, I am Mia. <3');
});

test('shows who she is, and what was said, a page at a time', async () => {
  const { conversation } = await claimed();
  for (let line = 0; line < 20; line++) await office.write(`line ${line}`);
  await office.settled();
  await office.tom.tap('Profile', { channel: office.support });
  await office.settled();
  expect(JSON.stringify(office.tom.view?.blocks)).toContain('Channel: web · web');
  await office.mia.tap('Transcript', { channel: office.support });
  await office.settled();
  expect(JSON.stringify(office.mia.view?.blocks)).toContain('human please');
  await office.mia.touchIn(office.mia.view, 'Next');
  await office.settled();
  const page = JSON.stringify(office.mia.view?.blocks);
  expect([page.includes('line 19'), page.includes('human please')]).toEqual([true, false]);
  expect(await stand(conversation)).toBe('active');
});

test('the app’s own page shows what is hers and who waits, and changes how she is', async () => {
  await claimed();
  for (let customer = 0; customer < 23; customer++) await office.write('human please', `customer ${customer}`);
  await office.settled();
  office.mia.openHome('home');
  await office.settled();
  const shown = JSON.stringify(office.mia.home?.blocks);
  expect(shown).toContain('My conversations (1)');
  expect(shown).toContain('Waiting (23)');
  expect(shown).toContain('… and 3 more');
  await office.mia.touchIn(office.mia.home, 'Next');
  await office.settled();
  expect(JSON.stringify(office.mia.home?.blocks)).not.toContain('… and');
  await office.mia.touchIn(office.mia.home, 'static_select', 'busy');
  await office.settled();
  expect(await office.bot.store.desk.agents()).toEqual([expect.objectContaining({ name: 'mia', presence: 'busy' })]);
  await office.mia.touchIn(office.mia.home, 'Claim');
  await office.settled();
  expect(JSON.stringify(office.mia.home?.blocks)).toContain('My conversations (2)');
});

test('/desk tells and changes how she is, finds, claims, assigns and ends', async () => {
  office = await Office.open();
  const conversation = await office.write('human please');
  await office.settled();
  const { number } = (await office.bot.office?.head(conversation))!;
  const { mia, tom } = office;
  expect(await mia.command('/desk', 'transfer-only')).toBe('You are there for transfers only, with 0 conversations.');
  expect(await mia.command('/desk', `find #${number}`)).toContain(`#${number} · Not identified`);
  expect(await mia.command('/desk', `claim #${number}`)).toBe('Done.');
  expect(await tom.command('/desk', `claim ${number}`)).toBe('Taken by Mia.');
  expect(await mia.command('/desk', `assign #${number} Tom please look`)).toBe('Done.');
  expect(await tom.command('/desk', `close #${number} solved`)).toBe('A note, an outcome or a topic is missing.');
  expect(await tom.command('/desk', `close #${number} solved delivery`)).toBe('Done.');
  expect(await tom.command('/desk', 'claim #999')).toBe('No conversation is known by that.');
  expect(await mia.command('/desk', '')).toContain('claim #id');
  await office.write('human please', 'bea');
  await office.settled();
  const next = number + 1;
  expect(await mia.command('/desk', 'kpi')).toMatch(/Waiting: 1, .* with agents: 1 /);
  expect(await mia.command('/desk', `claim #${next}`)).toBe('Done.');
  expect(await mia.command('/desk', `snooze #${next} soon`)).toContain('snooze #id 30m');
  expect(await tom.command('/desk', `snooze #${next} 2h`)).toBe('This conversation is Mia’s.');
  expect(await mia.command('/desk', `snooze #${next} 2h`)).toBe('Done.');
  expect(await stand(conversation)).toBe('wrap_up');
});

test('somebody who is no agent can do nothing, and what she writes is a note', async () => {
  const { conversation, where } = await claimed();
  const eve = office.slack.member({ id: 'U0EVE', name: 'eve' });
  office.support.members.add('U0EVE');
  eve.say('I can help', where);
  await eve.tap('Back to bot', { channel: office.support });
  await eve.tap('Close…', { channel: office.support });
  expect(await eve.command('/desk', 'available')).toContain('not one of the agents');
  await office.settled();
  expect(await agentSaid(conversation)).toEqual([]);
  expect(await stand(conversation)).toBe('active');
  expect(office.thread(conversation)).toContain('U0EVE: I can help :lock:');
});

test('in the explicit mode only what is sent by its menu goes out', async () => {
  const yaml = () => ({ reply_mode: 'explicit' });
  const { conversation, where } = await claimed({ yaml });
  const draft = office.mia.say('Dear Ann', where);
  await office.settled();
  expect(await agentSaid(conversation)).toEqual([]);
  await office.tom.shortcut('desk.send', draft, where);
  await office.settled();
  expect(await agentSaid(conversation)).toEqual([]);
  for (let twice = 0; twice < 2; twice++) await office.mia.shortcut('desk.send', draft, where);
  await office.settled();
  expect(await agentSaid(conversation)).toEqual(['Dear Ann']);
});

test('in the alerts mode nothing goes out at all', async () => {
  const { conversation, where } = await claimed({ yaml: () => ({ reply_mode: 'alerts' }) });
  const draft = office.mia.say('Dear Ann', where);
  await office.mia.shortcut('desk.send', draft, where);
  await office.settled();
  expect(await agentSaid(conversation)).toEqual([]);
});

test('what is deleted or changed in time is not said, or said as it reads then', async () => {
  const { conversation, where } = await claimed({ undo: '10s' });
  const wrong = office.mia.say('Wrong thread, sorry', where);
  const clumsy = office.mia.say('Hallo', where);
  await office.settled();
  office.mia.remove(wrong, where);
  office.mia.edit(clumsy, 'Hello', where);
  await office.settled();
  const { control } = (await office.bot.store.desk.stand(conversation))!;
  expect(JSON.stringify(control)).toContain('"text":"Hello"');
  expect(JSON.stringify(control)).not.toContain('Wrong thread');
});

test('a file of an agent’s reaches the customer from our own store', async () => {
  const { conversation, where } = await claimed();
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  office.mia.attach('map.png', picture, 'image/png', 'This way', where);
  office.mia.attach('tool.exe', Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0xff]), 'application/octet-stream', '', where);
  await office.settled();
  const entries = await office.bot.engine.transcript(conversation, 0, 100);
  const said = JSON.stringify(entries.filter(({ from }) => from === 'agent'));
  expect(said).toContain('This way');
  expect(said).toContain('map.png');
  expect(said).not.toContain(office.slack.url);
  expect(said).not.toContain('tool.exe');
  expect(office.mia.whispers(office.support)).toEqual([expect.stringContaining('A file was not sent.')]);
});

test('refuses what Slack has not signed', async () => {
  office = await Office.open();
  const body = JSON.stringify({ type: 'event_callback', event: { type: 'message' } });
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
  };
  const forged = (more: object) =>
    office.desk.fetch(
      new Request('http://bot/desks/slack', { method: 'POST', body, headers: { ...headers, ...more } }),
    );
  expect((await forged({ 'x-slack-signature': `v0=${'0'.repeat(64)}` })).status).toBe(401);
  expect((await forged({})).status).toBe(401);
});
