import { describe, expect, test } from '@jest/globals';
import { backoff } from '../../../channels/web/widget/backoff.ts';
import { openOutbox } from '../../../channels/web/widget/outbox.ts';
import { browserMemory } from '../../../channels/web/widget/storage.ts';

/** A browser's storage that two tabs share. */
function shared(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => values.set(name, value),
    removeItem: (name: string) => values.delete(name),
  } as unknown as Storage;
}
const tab = (storage: Storage) => openOutbox(browserMemory('p:', () => storage));
const message = (id: string, text = id) => ({ id, text, at: 0 });

describe('the outbox', () => {
  test('keeps messages in order, across reloads and tabs', () => {
    const storage = shared();
    const [first, second] = [tab(storage), tab(storage)];
    first.add(message('a'));
    second.add(message('b'));
    first.remove('a');
    expect(tab(storage).list()).toEqual([message('b')]);
  });

  test('passes over a refused message until it is retried', () => {
    const outbox = tab(shared());
    outbox.add(message('a'));
    outbox.add(message('b'));
    outbox.refuse('a', 'Too long.');
    expect(outbox.next()?.id).toBe('b');
    outbox.refuse('a', undefined);
    expect(outbox.next()).toEqual(message('a'));
  });

  test('refuses a 51st message and what does not fit, keeping what is there', () => {
    const outbox = tab(shared());
    for (let n = 0; n < 50; n++) expect(outbox.add(message(`m${n}`))).toBe(true);
    expect(outbox.add(message('m50'))).toBe(false);
    expect(outbox.list()).toHaveLength(50);
    expect(tab(shared()).add(message('a', 'x'.repeat(200_000)))).toBe(false);
  });

  test.each(['not json', '{}', 'null', '[1, null, {"id": "a"}]'])('opens empty over %s', (text) => {
    const storage = shared();
    storage.setItem('p:outbox', text);
    expect(tab(storage).list()).toEqual([]);
  });

  test('works without storage, for as long as the page lives', () => {
    const outbox = openOutbox(
      browserMemory('p:', () => {
        throw new Error('SecurityError');
      }),
    );
    outbox.add(message('a'));
    expect(outbox.next()).toEqual(message('a'));
    outbox.remove('a');
    expect(outbox.list()).toEqual([]);
  });
});

test('backoff doubles up to half a minute, half of it at random', () => {
  expect([0, 1, 2, 20].map((attempt) => backoff(attempt, () => 1))).toEqual([500, 1000, 2000, 30_000]);
  expect(backoff(0, () => 0)).toBe(250);
});
