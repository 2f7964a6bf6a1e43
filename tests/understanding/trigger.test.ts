import { describe, expect, test } from '@jest/globals';
import type { Example } from '../../src/understanding/classify/school.ts';
import { createUnderstanding } from '../../src/understanding/embedded.ts';
import { Said } from '../../src/understanding/said.ts';
import { createTriggers } from '../../src/understanding/trigger.ts';
import { idle } from './shop.ts';

function examples(flows: Readonly<Record<string, readonly string[]>>): Example[] {
  return Object.entries(flows).flatMap(([flow, texts]) => texts.map((text) => ({ flow, text, weight: 1 })));
}

const triggers = createTriggers(
  examples({
    track: ['where is my order', 'track my parcel', '查物流'],
    refund: ['refund my order', 'i want my money back', '退款'],
    opening: ['when do you open', 'opening hours', '营业时间'],
  }),
);

describe('which flow is meant', () => {
  test('an example said as written is certain', () => {
    expect(triggers.rank(new Said('Track my parcel!'))).toMatchObject([{ flow: 'track', confidence: 1 }]);
  });

  test('a number in an example stands for any', () => {
    const orders = createTriggers(examples({ track: ['where is AB123456', 'AB123456 到哪了'], refund: ['退款'] }));
    for (const text of ['Where is CN200001?', 'CN200001 到哪了'])
      expect(orders.rank(new Said(text))).toMatchObject([{ flow: 'track', confidence: 1 }]);
  });

  test.each([
    ['can you track the parcel i sent', 'track'],
    ['can i have my money back', 'refund'],
    ['what are the opening hours today', 'opening'],
    ['opning hours', 'opening'],
    ['我想查一下物流', 'track'],
  ])('%s → %s', (said, flow) => {
    expect(triggers.rank(new Said(said))[0]?.flow).toBe(flow);
  });

  test('confidence falls with every word that no example knows', () => {
    const near = triggers.rank(new Said('where is order'))[0]?.confidence ?? 0;
    const far =
      triggers.rank(new Said('where is the nearest volcano that erupted during order week'))[0]?.confidence ?? 0;
    expect(near).toBeGreaterThan(far);
    expect(triggers.rank(new Said('zzz qqq'))).toEqual([]);
  });

  test('asks which when two flows are equally close', () => {
    const understanding = createUnderstanding({
      locales: ['en'],
      flows: [
        { name: 'change_day', description: '', examples: { en: ['change my delivery day'] } },
        { name: 'change_box', description: '', examples: { en: ['change my delivery box'] } },
        { name: 'other', description: '', examples: { en: ['why was i charged'] } },
      ],
    });
    expect(understanding.understand('change my delivery', idle)).toEqual([
      { do: 'clarify', flows: expect.arrayContaining(['change_day', 'change_box']) },
    ]);
  });

  test('the same example in two flows is asked about, not guessed', () => {
    const understanding = createUnderstanding({
      locales: ['en'],
      flows: ['a', 'b'].map((name) => ({ name, description: '', examples: { en: ['help with my order'] } })),
    });
    expect(understanding.understand('help with my order', idle)).toEqual([{ do: 'clarify', flows: ['a', 'b'] }]);
  });

  test('one flow among a thousand is found', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [
        `flow_${i}`,
        [`please open my folder w${'abcdefghij'[i % 10]}${(i * 7919).toString(26).replaceAll(/\d/g, 'x')} now`],
      ]),
    );
    const crowded = createTriggers(examples({ ...many, volcano: ['tell me about the volcano'] }));
    expect(crowded.rank(new Said('can you tell me about that volcano please'))[0]?.flow).toBe('volcano');
  });

  test('a bot without flows starts nothing', () => {
    const understanding = createUnderstanding({ locales: ['en'], flows: [] });
    expect(understanding.understand('track my parcel', idle)).toEqual([]);
  });
});
