import { afterEach, describe, expect, test } from '@jest/globals';
import { createRateLimit } from '../../src/server/rate-limit.ts';
import { type Door, openDoor, refusalOf, SETTINGS } from './door.ts';

let door: Door | undefined;
afterEach(async () => {
  await door?.close();
  door = undefined;
});

describe('a visitor who sends too much', () => {
  test('is told when to go on, and can', async () => {
    door = await openDoor({ limits: { ...SETTINGS.limits, visitor: { burst: 2, perMinute: 6 } } });
    const { token } = await door.open();
    const other = await door.open();
    await door.post('/chat/messages', { id: 'a', text: '1' }, token);
    await door.post('/chat/messages', { id: 'b', text: '2' }, token);
    const refused = await door.post('/chat/messages', { id: 'c', text: '3' }, token);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refusalOf(refused)).toEqual([429, 'chat.rate_limited']);
    expect((await door.post('/chat/messages', { id: 'a', text: '1' }, other.token)).status).toBe(202);
    door.clock.now += 10_000;
    expect((await door.post('/chat/messages', { id: 'c', text: '3' }, token)).status).toBe(202);
  });

  test('is stopped on a socket as well, and the socket stays', async () => {
    door = await openDoor({ limits: { ...SETTINGS.limits, visitor: { burst: 1, perMinute: 1 } } });
    const client = await door.socket((await door.open()).token);
    client.send({ type: 'send', id: 'a', text: '1' });
    client.send({ type: 'send', id: 'b', text: '2' });
    expect(await client.until((frame) => frame.type === 'error')).toMatchObject({ id: 'b', code: 'chat.rate_limited' });
    expect(client.ws.readyState).toBe(client.ws.OPEN);
  });

  test('may read and type as fast as she likes: it costs her no message and not her socket', async () => {
    door = await openDoor({ limits: { ...SETTINGS.limits, visitor: { burst: 2, perMinute: 1 } } });
    const client = await door.socket((await door.open()).token);
    for (let seq = 1; seq <= 20; seq++) {
      client.send({ type: 'read', seq });
      client.send({ type: 'typing', on: seq % 2 === 0 });
    }
    client.send({ type: 'send', id: 'a', text: '1' });
    client.send({ type: 'send', id: 'b', text: '2' });
    await client.until((frame) => frame.type === 'ack' && frame.id === 'b');
    expect(client.ws.readyState).toBe(client.ws.OPEN);
  });
});

test('a network cannot open conversations without end', async () => {
  door = await openDoor({ limits: { ...SETTINGS.limits, sessions: { burst: 3, perMinute: 1 } } });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await door.post('/chat/session', {})).status);
  expect(statuses).toEqual([201, 201, 201, 429]);
});

test('a forged X-Forwarded-For is worth nothing, and a proxy’s is believed', async () => {
  const limits = { ...SETTINGS.limits, sessions: { burst: 1, perMinute: 1 } };
  const from = (hops: string) => door?.post('/chat/session', {}, undefined, { 'x-forwarded-for': hops });
  door = await openDoor({ limits });
  expect([(await from('1.1.1.1'))?.status, (await from('2.2.2.2'))?.status]).toEqual([201, 429]);
  await door.close();

  door = await openDoor({ limits, proxies: 1 });
  expect([(await from('9.9.9.9, 1.1.1.1'))?.status, (await from('8.8.8.8, 1.1.1.1'))?.status]).toEqual([201, 429]);
  expect((await from('2.2.2.2'))?.status).toBe(201);
  // One household has a whole /64.
  expect([(await from('2001:db8::1'))?.status, (await from('2001:db8::2'))?.status]).toEqual([201, 429]);
});

describe('a rate limit', () => {
  test('forgets the keys that were used longest ago when it is full', () => {
    const limit = createRateLimit({ burst: 1, perMinute: 1 }, () => 0, 2);
    limit.take('a');
    limit.take('b');
    expect(() => limit.take('a')).toThrow(expect.objectContaining({ code: 'chat.rate_limited' }));
    limit.take('c');
    limit.take('b');
    expect(() => limit.take('c')).toThrow(expect.objectContaining({ code: 'chat.rate_limited' }));
  });

  test('takes nothing away when the clock is set back', () => {
    let now = 1_000_000;
    const limit = createRateLimit({ burst: 2, perMinute: 60 }, () => now);
    limit.take('a');
    now = 0;
    limit.take('a');
    expect(() => limit.take('a')).toThrow();
    now = 1000;
    limit.take('a');
  });
});
