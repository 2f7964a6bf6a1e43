import { describe, expect, test } from '@jest/globals';
import { type Action, ActionError } from '../../src/action.ts';
import type { Call } from '../../src/effect.ts';
import { perform } from '../../src/engine/call.ts';

const CALL: Call = { kind: 'call', id: 'c1', action: 'a.b', args: {}, effect: 'read', key: 'k1', timeout: 10_000 };

function ends(run: Action['run'], { call = CALL, stopping = new AbortController().signal } = {}) {
  const action: Action = { name: 'a.b', effect: 'read', in: {}, out: { kind: 'any' }, timeout: 1, errors: [], run };
  return perform(call, action, { conversation: 'c', attempt: 2, stopping });
}

describe('a call', () => {
  test('tells the action its key, its try and its conversation, and gives back plain JSON', async () => {
    const outcome = await ends(async (_, { key, attempt, conversation }) => ({ key, attempt, conversation }));
    expect(outcome).toEqual({ ok: true, value: { key: 'k1', attempt: 2, conversation: 'c' } });
    const dated = { at: new Date(0), none: undefined } as unknown as string;
    expect(await ends(async () => dated)).toEqual({ ok: true, value: { at: '1970-01-01T00:00:00.000Z' } });
    expect(await ends(async () => undefined as unknown as null)).toEqual({ ok: true, value: null });
  });

  test('of no action, and one whose result is no JSON, cannot succeed by another try', async () => {
    const context = { conversation: 'c', attempt: 1, stopping: new AbortController().signal };
    expect(await perform(CALL, undefined, context)).toMatchObject({
      ok: false,
      error: 'unavailable',
      retryable: false,
    });
    expect(await ends(async () => 1n as unknown as number)).toMatchObject({
      error: 'invalid_result',
      retryable: false,
    });
  });

  test('fails as its action says, whoever’s copy of the class that is', async () => {
    const declared = new ActionError('out_of_stock', 'None left.');
    const foreign = Object.assign(new Error('None left.'), {
      name: 'ActionError',
      error: 'sold_out',
      retryable: false,
    });
    const named = Object.assign(new Error('no error of ours'), { name: 'ActionError' });
    const fail = (error: unknown) =>
      ends(async () => {
        throw error;
      });
    expect(await fail(declared)).toMatchObject({ error: 'out_of_stock', message: 'None left.' });
    expect(await fail(foreign)).toMatchObject({ error: 'sold_out', retryable: false });
    expect(await fail(named)).toMatchObject({ error: 'unavailable', retryable: true });
    expect(await fail('just words')).toMatchObject({ error: 'unavailable', message: 'just words' });
  });

  test('that is not answered in time is a timeout, also where the action fails because it was cut off', async () => {
    const call = { ...CALL, timeout: 1 };
    const late = { ok: false, error: 'timeout', retryable: true };
    expect(await ends(() => new Promise(() => undefined), { call })).toMatchObject(late);
    let cut: AbortSignal | undefined;
    const heeds: Action['run'] = (_, { signal }) => {
      cut = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    };
    expect(await ends(heeds, { call })).toMatchObject(late);
    expect(cut?.aborted).toBe(true);
  });

  test('is cut off when the engine ends, before and while it runs', async () => {
    const cutOff: Action['run'] = (_, { signal }) =>
      signal.aborted
        ? Promise.resolve('before')
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve('while')));
    expect(await ends(cutOff, { stopping: AbortSignal.abort() })).toMatchObject({ value: 'before' });
    const engine = new AbortController();
    const running = ends(cutOff, { stopping: engine.signal });
    engine.abort();
    expect(await running).toMatchObject({ value: 'while' });
  });
});
