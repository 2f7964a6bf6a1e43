import { afterEach, describe, expect, test } from '@jest/globals';
import type { EngineParts } from '../../src/engine/parts.ts';
import { openMemory } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine } of open.splice(0)) await engine.stop(500);
});
async function start(over: Partial<EngineParts> = {}, own: Parameters<typeof world>[1] = {}): Promise<World> {
  const made = world({ poisonBackoff: { base: 1, cap: 1 }, ...over }, own);
  open.push(made);
  await made.engine.start();
  return made;
}

/** A store that refuses as many of an operation's calls as a test says. */
function refusing() {
  const store = openMemory();
  const left = new Map<keyof Store, { times: number; code: string }>();
  const refusingOnce = <Name extends 'load' | 'accept' | 'commit' | 'claim' | 'due' | 'settle' | 'take'>(
    name: Name,
  ) => ({
    [name]: (...given: never[]) => {
      const due = left.get(name);
      if (due !== undefined && due.times > 0) {
        due.times -= 1;
        return Promise.reject(Object.assign(new Error(name), { code: due.code }));
      }
      return (store[name] as (...given: never[]) => unknown)(...given);
    },
  });
  const names = ['load', 'accept', 'commit', 'claim', 'due', 'settle', 'take'] as const;
  return {
    store: { ...store, ...Object.assign({}, ...names.map(refusingOnce)) } as Store,
    refuse: (name: (typeof names)[number], times = 1, code = 'store.full') => void left.set(name, { times, code }),
  };
}

describe('a store that refuses', () => {
  test.each(['load', 'commit'] as const)('to %s refuses the event, and takes the next one', async (name) => {
    const { store, refuse } = refusing();
    const w = await start({ store });
    refuse(name);
    await expect(w.write('lost')).rejects.toMatchObject({ code: 'store.full' });
    await w.write('kept');
    expect(await w.said()).toEqual(['customer: kept', 'bot: 1: kept']);
  });

  test('to accept refuses what needs the inbox, and takes the next one', async () => {
    const { store, refuse } = refusing();
    const w = await start({ store });
    refuse('accept');
    await expect(w.happen({ kind: 'identified', customer: 'C-1' }, 'id1')).rejects.toMatchObject({
      code: 'store.full',
    });
    await w.write('hello');
    expect(await w.said()).toEqual(['customer: hello', 'bot: 1: hello']);
  });

  test('what the engine itself writes is waited for until there is room, and nothing is done twice', async () => {
    const { store, refuse } = refusing();
    const w = await start({ store });
    refuse('settle', 2);
    await w.write('say a', { account: 'sms' });
    await w.until(
      async () => (await w.engine.transcript((await w.engine.find('sms', 'ann'))!, 1, 1))[0]?.status === 'sent',
    );
    expect(w.platform.map(({ text }) => text)).toEqual(['a']);
  });

  test('to give what is due is asked again', async () => {
    const { store, refuse } = refusing();
    const w = await start({ store, outbox: 1 });
    refuse('claim');
    refuse('due');
    await w.write('timer a 1000000');
    for (const text of ['a', 'b', 'c']) await w.write(`say ${text}`, { account: 'sms' });
    // The clock goes on.
    await w.until(() => {
      w.now += 10;
      return w.platform.length === 3;
    });
    await w.until(async () => {
      w.now += 10;
      return (await w.said()).length === 2;
    });
    expect(w.logged.toSorted()).toEqual(['engine.claim_failed', 'engine.timer_failed']);
  });

  test('for good stops the conversation, loudly, and what is open is on disk', async () => {
    const { store, refuse } = refusing();
    const w = await start({ store });
    refuse('take', 1, 'store.unavailable');
    await w.happen({ kind: 'identified', customer: 'C-1' }, 'id1');
    await w.until(() => w.logged.includes('engine.lane_stopped'));
    await w.write('hello');
    await w.until(async () => (await w.said()).at(-1) === 'bot: 2: hello');
  });
});

describe('after a kill', () => {
  const killed = (): Store => ({ ...openMemory(), interrupted: true });
  async function waiting(store: Store, text: string, tries: number, address = 'ann'): Promise<void> {
    const to = { key: 0, id: `c-${address}`, account: 'web', address, locale: '' };
    await store.accept({ to, origin: { kind: 'door', key: text }, event: { kind: 'message', text }, at: 1 });
    const { key } = (await store.load('web', address))!;
    const [event] = await store.take(key, 1);
    for (let each = 0; each < tries; each += 1) await store.fail(event!.id, { code: '', at: 1, quarantine: false });
  }

  test('what has ended five processes is set aside without another try, and others are turned', async () => {
    const store = killed();
    await waiting(store, 'deadly', 5);
    await waiting(store, 'innocent', 1, 'bob');
    let deadly = 0;
    const w = await start({
      store,
      turn: (state, event, scene) => {
        if (event.kind === 'message' && event.text === 'deadly') deadly += 1;
        return scripted(state, event, scene);
      },
    });
    await w.until(async () => (await w.said('bob')).length === 1);
    expect([await w.engine.quarantined(), deadly]).toMatchObject([[{ code: 'turn.killed' }], 0]);
  });

  test('a try is counted on disk before the turn is taken, for a while', async () => {
    const store = killed();
    const counted: number[] = [];
    const w = await start({
      store: {
        ...store,
        fail: (event, failure) => {
          counted.push(event);
          return store.fail(event, failure);
        },
      },
      turn: (state, event, scene) => {
        counted.push(0);
        return scripted(state, event, scene);
      },
    });
    await w.write('hello');
    await w.until(async () => (await w.said()).length === 2);
    expect(counted.map((each) => each > 0)).toEqual([true, false]);
    const later = await start({ store: killed(), careful: 0 });
    await later.write('hello');
    expect(await later.said()).toHaveLength(2);
  });
});

describe('an engine that ends', () => {
  test('leaves what it was doing to the next one, which does it under the same key', async () => {
    const store = openMemory();
    const first = await start({ store });
    await first.write('do hang');
    await first.write('read slow', { address: 'bob' });
    await first.until(() => first.calls.length === 2);
    await first.engine.stop(0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await store.nextEffect()).toBeUndefined();
    const held = await store.claim({ now: first.now + 700_000, until: first.now + 800_000, limit: 9 });
    expect(held.map(({ work }) => work.kind)).toEqual(['call', 'call']);
  });
});
