import { expect } from '@jest/globals';
import type { StoreTest } from './opened.ts';

/** Vectors of texts, which cost money to make. */
export function theVectors(test: StoreTest): void {
  const vector = (maker: string, text: string, ...bytes: number[]) => ({ maker, text, bytes: Uint8Array.from(bytes) });

  test('keeps vectors, each maker’s once for a text, by rising key', async ({ store }) => {
    await store.keepVectors([vector('m', 'a', 1, 255), vector('m', 'b', 2), vector('other', 'a', 3)]);
    await store.keepVectors([vector('m', 'a', 4, 0)]);
    const [first, ...rest] = await store.vectors('m', 0, 9);
    expect([first, ...rest].map((one) => [one?.maker, one?.text, [...(one?.bytes ?? [])]])).toEqual([
      ['m', 'b', [2]],
      ['m', 'a', [4, 0]],
    ]);
    expect((await store.vectors('m', first?.key ?? 0, 1)).map(({ text }) => text)).toEqual(['a']);
    expect(await store.vectors('nobody', 0, 9)).toEqual([]);
  });

  test('drops the vectors of other makers and of texts that are gone', async ({ store }) => {
    await store.keepVectors([vector('m', 'a', 1), vector('m', 'b', 2), vector('old', 'a', 3)]);
    expect(await store.dropVectors('m', new Set(['a']))).toBe(2);
    expect(await store.dropVectors('m', new Set(['a']))).toBe(0);
    expect((await store.vectors('m', 0, 9)).map(({ text }) => text)).toEqual(['a']);
    expect(await store.vectors('old', 0, 9)).toEqual([]);
  });
}
