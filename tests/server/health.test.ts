import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Door, openDoor } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

test('the process says that it lives', async () => {
  expect((await door.get('/healthz')).status).toBe(200);
});

test('readiness names what is wrong, and a late outbox is told without being a reason', async () => {
  door.engine.setHealth({ outboxAge: 999_999 });
  const well = await door.get('/readyz');
  expect([well.status, await well.json()]).toEqual([
    200,
    { ready: true, reasons: [], outboxAge: 999_999, quarantined: 0, dead: 0 },
  ]);
  door.engine.setHealth({ store: 'store.full', stopping: true });
  const ill = await door.get('/readyz');
  expect(ill.status).toBe(503);
  expect(await ill.json()).toMatchObject({ ready: false, reasons: ['store.full', 'stopping'] });
});

test('figures count what came in, what came twice, what was refused, and what is open', async () => {
  const { token } = await door.open();
  await door.post('/chat/messages', { id: 'a', text: 'x' }, token);
  await door.post('/chat/messages', { id: 'a', text: 'x' }, token);
  await door.post('/chat/messages', '{', token);
  const client = await door.socket(token);
  await client.until((frame) => frame.type === 'ready');
  door.engine.setHealth({ waiting: 3, shut: ['sms'], slow: { turns: 2, delay: 300 } });
  const answer = await door.get('/metrics');
  const lines = (await answer.text()).split('\n');
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(lines).toEqual(
    expect.arrayContaining([
      'parley_sessions_total 1',
      'parley_accepted_total{door="chat"} 1',
      'parley_duplicate_total{door="chat"} 1',
      'parley_refused_total{code="chat.malformed_json"} 1',
      'parley_waiting_conversations 3',
      'parley_accounts_shut 1',
      'parley_slow_turns 2',
      'parley_event_loop_delay_milliseconds 300',
      'parley_connections 1',
      '# TYPE parley_outbox_age_milliseconds gauge',
    ]),
  );
});
