import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConnectionStatus } from 'botframework-directlinejs';
import { until } from '../../support/until.ts';
import { Client } from './client.ts';
import { type Line, openLine, SECRET } from './line.ts';

let line: Line;
let clients: Client[];
beforeEach(async () => {
  line = await openLine();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.end();
  await line.close();
});

function connect(options: object): Client {
  const client = new Client({ domain: line.domain, ...options });
  clients.push(client);
  return client;
}

async function generate(user?: string): Promise<string> {
  const { body } = await line.call(
    'POST',
    '/tokens/generate',
    SECRET,
    user === undefined ? {} : { user: { id: user } },
  );
  return String(body.token);
}

describe.each([
  ['a WebSocket', true],
  ['polling', false],
])('directlinejs by %s', (_name, webSocket) => {
  test('connects by a token, says something, has it echoed and is answered', async () => {
    const client = connect({ token: await generate('dl_anna'), webSocket });
    await client.say('where is my order?', 'c1');
    await client.sees('where is my order?');
    expect(client.status).toBe(ConnectionStatus.Online);
    expect(client.heard[0]).toMatchObject({
      from: { id: 'dl_anna', role: 'user' },
      channelData: { clientActivityID: 'c1' },
    });
    const inside = await line.inside(client.conversation);
    line.engine.say(inside, { text: 'It is with **DHL**.', choices: [{ token: 'o1.0', label: 'Thanks' }] });
    await client.sees('It is with **DHL**.');
    expect(client.heard.at(-1)).toMatchObject({
      from: { id: 'line', role: 'bot' },
      textFormat: 'markdown',
      suggestedActions: { actions: [{ type: 'messageBack', title: 'Thanks', value: { choice: 'o1.0' } }] },
    });
  }, 20_000);

  test('connects by the secret', async () => {
    const client = connect({ secret: SECRET, webSocket });
    await client.say('hello');
    await client.sees('hello');
  }, 20_000);

  test('taps a choice as Web Chat does', async () => {
    const client = connect({ token: await generate(), webSocket });
    await client.post({
      type: 'message',
      from: { id: 'anna' },
      text: 'Thanks',
      value: { choice: 'o1.0' },
      channelData: { messageBack: { displayText: 'Thanks' }, clientActivityID: 'c2' },
    });
    expect(line.engine.inbox.at(-1)?.event).toEqual({ kind: 'choice', token: 'o1.0' });
  }, 20_000);

  test('uploads a picture with words', async () => {
    const client = connect({ token: await generate(), webSocket });
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await client.post({
      type: 'message',
      from: { id: 'anna' },
      text: 'it is broken',
      attachments: [{ contentType: 'image/png', contentUrl: `data:image/png;base64,${png}`, name: 'mug.png' }],
    });
    expect(line.engine.inbox.at(-1)).toMatchObject({
      event: { kind: 'message', text: 'it is broken' },
      attachments: [{ name: 'mug.png', type: 'image/png' }],
    });
    await client.sees('it is broken');
    const attachments = client.heard.at(-1)?.attachments ?? [];
    expect(attachments).toEqual([{ contentType: 'image/png', contentUrl: expect.anything(), name: 'mug.png' }]);
    const served = await fetch(attachments[0]?.contentUrl ?? '');
    expect(Buffer.from(await served.arrayBuffer()).toString('base64')).toBe(png);
  }, 20_000);

  test('resumes from its watermark and hears what it missed once', async () => {
    const token = await generate();
    const first = connect({ token, webSocket });
    await first.say('one');
    await first.sees('one');
    const { conversation, watermark } = first;
    first.end();
    const inside = await line.inside(conversation);
    for (const text of ['two', 'three']) line.engine.say(inside, text);
    const second = connect({ token, conversationId: conversation, watermark, webSocket });
    await second.sees('three');
    line.engine.say(inside, 'four');
    await second.sees('four');
    expect(second.texts).toEqual(['two', 'three', 'four']);
  }, 20_000);

  test('learns that its token has expired', async () => {
    const client = connect({ token: await generate(), webSocket });
    await client.say('one');
    line.clock.now += 31 * 60_000;
    expect(await client.say('two')).toBe('retry');
    expect([ConnectionStatus.ExpiredToken, ConnectionStatus.FailedToConnect]).toContain(client.status);
    expect(line.engine.inbox.filter(({ event }) => event.kind === 'message')).toHaveLength(1);
  }, 20_000);
});

test('directlinejs whose line breaks comes back by itself and misses nothing', async () => {
  const client = connect({ token: await generate() });
  await client.say('one');
  await client.sees('one');
  const { conversation } = client;
  const inside = await line.inside(conversation);
  // A second stream takes the place of its own.
  const again = await line.call('GET', `/conversations/${conversation}?watermark=9`, SECRET);
  const thief = new WebSocket(String(again.body.streamUrl));
  await until(
    () => thief.readyState === 1,
    () => 'the second stream',
  );
  line.engine.say(inside, 'two');
  await client.sees('two');
  line.engine.say(inside, 'three');
  await client.sees('three');
  expect(client.texts).toEqual(['one', 'two', 'three']);
  thief.close();
}, 20_000);
