import { expect, test } from '@jest/globals';
import { Traces } from '../../src/playground/trace.ts';
import type { Witnessed } from '../../src/turn.ts';

const scene = { now: 0, conversation: 'c1', account: 'sms', channel: 'sms', locale: 'en', customer: {} };
const frame = { id: 1, flow: 'order_status', step: 'ask_order', slots: {} };

function seen(given: Partial<Witnessed>): Witnessed {
  return {
    before: undefined,
    event: { kind: 'message', text: 'where is my parcel' },
    scene,
    turn: { state: { frames: [frame] }, effects: [] },
    ...given,
  };
}

test('a turn is told with what was understood, where it stands, and what it wants done', () => {
  const told: string[] = [];
  const traces = new Traces((conversation) => told.push(conversation));
  traces.witness(
    seen({
      understood: [
        { do: 'start', flow: 'order_status', confidence: 0.82 },
        { do: 'set', slot: 'order', value: 'AB1', confidence: 1 },
      ],
      turn: {
        state: { frames: [{ ...frame, slots: { order: 'AB1' } }] },
        effects: [{ kind: 'send', from: 'bot', message: { text: 'Which order?' } }],
      },
    }),
  );
  expect(told).toEqual(['c1']);
  expect(traces.of('c1')).toMatchObject([
    {
      event: 'message',
      said: 'where is my parcel',
      understood: ['start order_status (82 %)', 'set order = AB1'],
      stack: [{ flow: 'order_status', step: 'ask_order' }],
      slots: [{ name: 'order', value: 'AB1', fresh: true }],
      effects: [{ kind: 'send', text: 'Which order?' }],
    },
  ]);
});

test('a value that was there before is not called new', () => {
  const traces = new Traces(() => undefined);
  const state = { frames: [{ ...frame, slots: { order: 'AB1' } }] };
  traces.witness(seen({ before: state, turn: { state, effects: [] } }));
  expect(traces.of('c1')[0]?.slots).toEqual([{ name: 'order', value: 'AB1', fresh: false }]);
});

test('what the transcript may not keep is not shown either', () => {
  const traces = new Traces(() => undefined);
  traces.witness(
    seen({
      event: { kind: 'message', text: '123456' },
      understood: [{ do: 'set', slot: 'code', value: '123456', confidence: 1 }],
      turn: { state: { frames: [{ ...frame, slots: { code: '123456' } }] }, effects: [], redacted: '••••••' },
    }),
  );
  expect(JSON.stringify(traces.of('c1'))).not.toContain('123456');
});

test('only the newest turns and conversations are remembered', () => {
  const traces = new Traces(() => undefined);
  for (let count = 0; count < 100; count++) traces.witness(seen({ before: { turns: count } }));
  expect(traces.of('c1')).toHaveLength(40);
  for (let count = 0; count < 250; count++)
    traces.witness(seen({ scene: { ...scene, conversation: `other ${count}` } }));
  expect(traces.of('c1')).toEqual([]);
  expect(traces.latest('sms')).toBe('other 249');
});

test('a turn that is taken again is told once', () => {
  const traces = new Traces(() => undefined);
  for (const text of ['Which order?', 'Which order, please?'])
    traces.witness(
      seen({
        before: { turns: 4 },
        turn: { state: { turns: 5 }, effects: [{ kind: 'send', from: 'bot', message: { text } }] },
      }),
    );
  expect(traces.of('c1')).toMatchObject([{ effects: [{ text: 'Which order, please?' }] }]);
});

test('a turn that changes nothing stays, and what goes on from a turn shows that it was kept', () => {
  const traces = new Traces(() => undefined);
  const say = { kind: 'send', from: 'bot', message: { text: 'Hello.' } } as const;
  traces.witness(seen({ before: { turns: 3 }, turn: { state: { turns: 4 }, effects: [say] } }));
  expect(traces.of('c1').map(({ kept }) => kept)).toEqual([false]);
  traces.witness(seen({ before: { turns: 4 }, turn: { state: { turns: 4 }, effects: [] } }));
  traces.witness(seen({ before: { turns: 4 }, turn: { state: { turns: 5 }, effects: [say] } }));
  expect(traces.of('c1').map(({ kept }) => kept)).toEqual([true, true, false]);
});

test('facts stand there as somebody reads them, and a message without words by what it shows', () => {
  const traces = new Traces(() => undefined);
  traces.witness(
    seen({
      event: { kind: 'result', call: '1', outcome: { ok: true, value: { id: 'AB1', parcels: [{ by: 'DHL' }, null] } } },
      turn: {
        state: { frames: [] },
        effects: [
          { kind: 'send', from: 'bot', message: { text: '', card: { title: 'Stoneware mug' } } },
          { kind: 'record', name: 'flow.ended', data: { flow: 'order_status', outcome: 'resolved' } },
        ],
      },
    }),
  );
  expect(traces.of('c1')).toMatchObject([
    {
      said: 'id: AB1, parcels: by: DHL · –',
      effects: [{ text: 'Stoneware mug' }, { text: 'flow.ended flow: order_status, outcome: resolved' }],
    },
  ]);
});
