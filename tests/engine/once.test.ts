import { describe, expect, test } from '@jest/globals';
import { type Action, ActionError, defineAction } from '../../src/action.ts';
import type { Call } from '../../src/effect.ts';
import { performAgain } from '../../src/engine/once.ts';
import type { Json, JsonObject } from '../../src/type.ts';

const call: Call = {
  kind: 'call',
  id: '1.pay.1.2',
  action: 'bank.pay',
  args: { amount: 5, to: 'ann' },
  effect: 'write',
  key: 'k1',
  timeout: 1_000,
  check: 'bank.paid',
  again: true,
};
const context = { conversation: 'c', attempt: 2, stopping: new AbortController().signal };

function bank(paid: () => Json): { actions: ReadonlyMap<string, Action>; payments: string[]; asked: JsonObject[] } {
  const payments: string[] = [];
  const asked: JsonObject[] = [];
  const text = { kind: 'string' } as const;
  const out = { kind: 'any' } as const;
  const pay = defineAction({
    name: 'bank.pay',
    effect: 'write',
    in: { amount: { kind: 'number' }, to: text },
    out,
    run: async (_, { key }) => {
      payments.push(key);
      return { receipt: 'new' };
    },
  });
  const check = defineAction({
    name: 'bank.paid',
    effect: 'read',
    in: { to: text, key: text },
    out,
    run: async (args) => {
      asked.push(args);
      return paid();
    },
  });
  return { actions: new Map([pay, check].map((action) => [action.name, action])), payments, asked };
}

describe('a write that an earlier try may have done', () => {
  test('is not done again where its check finds it, and the finding is its result', async () => {
    const { actions, payments, asked } = bank(() => ({ receipt: 'r1' }));
    expect(await performAgain(call, actions, context)).toEqual({ ok: true, value: { receipt: 'r1' } });
    expect(payments).toEqual([]);
    expect(asked).toEqual([{ to: 'ann', key: 'k1' }]);
  });

  test('is done under its key where the check finds nothing', async () => {
    const { actions, payments } = bank(() => null);
    expect(await performAgain(call, actions, context)).toEqual({ ok: true, value: { receipt: 'new' } });
    expect(payments).toEqual(['k1']);
  });

  test('is left alone, with an unknown outcome, while the check cannot answer', async () => {
    const { actions, payments } = bank(() => {
      throw new ActionError('unavailable', 'down', { retryable: true });
    });
    expect(await performAgain(call, actions, context)).toMatchObject({
      ok: false,
      error: 'unknown_outcome',
      retryable: true,
    });
    expect(payments).toEqual([]);
  });

  test('is asked for again under the same key where it has no check', async () => {
    const { actions, payments } = bank(() => ({ receipt: 'r1' }));
    const { check: _check, ...unchecked } = call;
    expect(await performAgain(unchecked, actions, context)).toEqual({ ok: true, value: { receipt: 'new' } });
    expect(payments).toEqual(['k1']);
  });
});
