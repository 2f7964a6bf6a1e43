import { describe, expect, test } from '@jest/globals';
import { classify } from '../../../src/understanding/classify/classify.ts';
import { learn } from '../../../src/understanding/classify/learn.ts';
import type { Example } from '../../../src/understanding/classify/school.ts';
import { Said } from '../../../src/understanding/said.ts';

const TAUGHT: Readonly<Record<string, readonly string[]>> = {
  track: [
    'where is my order',
    'track my parcel',
    'my delivery has not arrived',
    'has my package been shipped',
    '我的快递到哪了',
    '查物流',
    '包裹还没到',
  ],
  refund: [
    'i want my money back',
    'refund my order',
    'give me a refund',
    'return this and pay me back',
    '我要退款',
    '把钱退给我',
    '申请退货退款',
  ],
  opening: [
    'when do you open',
    'opening hours',
    'are you open on monday',
    'until when is the shop open',
    '几点开门',
    '营业时间',
    '周一营业吗',
  ],
};
const examples: readonly Example[] = Object.entries(TAUGHT).flatMap(([flow, texts]) =>
  texts.map((text) => ({ flow, text, weight: 1 })),
);
const model = learn(examples);
const closest = (text: string) => classify(new Said(text), model)[0];

describe('a classifier that has learnt', () => {
  test.each([
    ['has my parcel been sent', 'track'],
    ['i would like a refund for this order', 'refund'],
    ['what are your hours on monday', 'opening'],
    ['wehre is my delivry', 'track'],
    ['I WANT MY MONEY BACK!!! 😡', 'refund'],
    ['ｔｒａｃｋ ｍｙ ｐａｒｃｅｌ ｐｌｅａｓｅ', 'track'],
    ['我的快递怎么还没到', 'track'],
    ['我的快遞怎麼還沒到', 'track'],
    ['可以退款吗', 'refund'],
    ['星期一几点开门', 'opening'],
    ['我的 order 到哪了', 'track'],
  ])('%s → %s', (text, flow) => {
    expect(closest(text)?.flow).toBe(flow);
    expect(closest(text)?.confidence).toBeGreaterThan(0.38);
  });

  test.each(['sing a song for me', 'is this made of wood', '今天心情很好', '帮我写一首歌'])(
    '%s is about nothing it knows',
    (text) => expect(closest(text)?.confidence ?? 0).toBeLessThan(0.38),
  );

  test('is the same whenever it learns the same', () => {
    expect(learn(examples)).toEqual(model);
  });

  test('gives confidence between 0 and 1 to any text', () => {
    for (const text of ['', '?', '😀', 'x'.repeat(5_000), 'where is '.repeat(500), '\u0000\ud800']) {
      for (const { confidence, likeness, share } of classify(new Said(text), model))
        for (const value of [confidence, likeness, share]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
    }
  });

  test('takes an everyday sentence for its own where the bot is about that', () => {
    const weather = learn([
      ...examples,
      ...['will it rain on sunday', 'what is the weather like', 'is it going to snow'].map((text) => ({
        flow: 'weather',
        text,
        weight: 1,
      })),
    ]);
    const [best] = classify(new Said('will it rain on sunday afternoon'), weather);
    expect(best?.flow).toBe('weather');
    expect(best?.confidence).toBeGreaterThan(0.7);
  });

  test('does not give words of no flow in particular to the flow with most examples', () => {
    const things = ['lamp', 'chair', 'rug', 'vase', 'desk', 'bed', 'cup', 'bowl', 'towel', 'clock', 'shelf', 'stool'];
    const asks = things.flatMap((thing) =>
      ['what does the {} cost', 'how do i clean the {}', 'is the {} sold out', 'who made the {}'].map((text) => ({
        flow: 'questions',
        text: text.replace('{}', thing),
        weight: 1,
      })),
    );
    const crowded = learn([...examples.filter(({ text }) => text.charCodeAt(0) < 128), ...asks]);
    const [best, next] = classify(new Said('refund the chair'), crowded);
    expect([best?.flow, next?.flow]).toEqual(['refund', 'questions']);
    expect(next?.confidence).toBeLessThan(0.22);
  });

  test('of one flow with one example knows that one and no more', () => {
    const small = learn([{ flow: 'only', text: 'book a table for two', weight: 1 }]);
    expect(classify(new Said('please book a table for two'), small)[0]?.confidence).toBeGreaterThan(0.5);
    expect(classify(new Said('why is the sea salty'), small)[0]?.confidence ?? 0).toBeLessThan(0.38);
  });

  test('of nothing knows nothing', () => {
    expect(classify(new Said('hello there'), learn([]))).toEqual([]);
  });
});
