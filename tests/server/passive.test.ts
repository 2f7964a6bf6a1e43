import { request as open } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Channel, defineChannel } from '../../src/channel.ts';
import { fetchedChannel } from '../crash/channel.ts';
import { type Door, openDoor } from './door.ts';

/** A platform whose call waits for an answer: a line is an event, `seen …` is one that nobody answers. */
const phone = (deadline: number): Channel =>
  defineChannel({
    ...fetchedChannel,
    kind: 'phone',
    can: { ...fetchedChannel.can, passive: { deadline } },
    verify: () => undefined,
    parse: ({ body }) =>
      new TextDecoder()
        .decode(body)
        .split('\n')
        .map((text) => ({
          account: 'phone',
          address: text.split(' ')[1] ?? 'ann',
          key: text,
          event: text.startsWith('seen') ? { kind: 'signal', name: 'seen', data: {} } : { kind: 'message', text },
        })),
    respond: () => {
      usual += 1;
      return { status: 200, body: 'success' };
    },
  });

const LONG = 60_000;
/** Calls that were answered as usual. */
let usual = 0;
let door: Door;
async function openWith(deadline: number): Promise<void> {
  await door?.close();
  door = await openDoor({}, { webhooks: new Map([['phone', { channel: phone(deadline), settings: {} }]]) });
}
beforeEach(() => {
  usual = 0;
  return openWith(LONG);
});
afterEach(() => door.close());

const call = async (text: string) => (await door.post('/channels/phone', text)).text();

/** What answers the call that brought this, once it is there. */
async function passiveOf(key: string) {
  for (;;) {
    const passive = door.engine.passives.get(key);
    if (passive !== undefined) return passive;
    await new Promise((next) => setTimeout(next, 2));
  }
}

describe('a call that waits', () => {
  test('is answered with the first thing the bot says, which knows when it has left', async () => {
    const answer = call('hi');
    const reply = await passiveOf('hi');
    await reply({ status: 200, headers: { 'content-type': 'text/xml' }, body: '<hello/>' });
    expect(await answer).toBe('<hello/>');
    await expect(reply({ status: 200, body: 'second' })).rejects.toMatchObject({
      code: 'channel.passive_gone',
      retryable: true,
    });
  });

  test('is answered as usual when the bot takes too long, and what it says then goes another way', async () => {
    await openWith(20);
    expect(await call('hi')).toBe('success');
    await expect((await passiveOf('hi'))({ status: 200, body: 'late' })).rejects.toMatchObject({
      code: 'channel.passive_gone',
    });
  });

  test('is not answered twice: what comes again meanwhile is answered as usual, at once', async () => {
    const first = call('hi');
    const reply = await passiveOf('hi');
    expect(await call('hi')).toBe('success');
    await reply({ status: 200, body: 'hello' });
    expect(await first).toBe('hello');
  });

  test('that was hung up takes no answer', async () => {
    const hungUp = open(`${door.url}/channels/phone`, { method: 'POST' });
    hungUp.on('error', () => undefined);
    hungUp.end('hi');
    const reply = await passiveOf('hi');
    hungUp.destroy();
    while (usual === 0) await new Promise((next) => setTimeout(next, 2));
    await expect(reply({ status: 200, body: 'hello' })).rejects.toMatchObject({ code: 'channel.passive_gone' });
  });

  test('takes one answer for all that it brought', async () => {
    const answer = call('hi ann\nhi bob');
    const [ann, bob] = [await passiveOf('hi ann'), await passiveOf('hi bob')];
    await bob({ status: 200, body: 'for bob' });
    await expect(ann({ status: 200, body: 'for ann' })).rejects.toMatchObject({ code: 'channel.passive_gone' });
    expect(await answer).toBe('for bob');
  });

  test('does not wait where it brings nothing that the bot would answer', async () => {
    expect(await call('seen it')).toBe('success');
    expect(door.engine.passives.size).toBe(0);
  });

  test('is answered well only when it is on disk', async () => {
    door.engine.breakWith(new Error('gone'));
    expect((await door.post('/channels/phone', 'hi')).status).toBe(500);
  });
});
