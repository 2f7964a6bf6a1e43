import { describe, expect, test } from '@jest/globals';
import { angerIn, dangerIn, hearingMoods } from '../../src/understanding/mood.ts';
import type { Command, Context } from '../../src/understanding/understanding.ts';

const context: Context = { locale: 'en', now: 0, timezone: 'UTC', known: [], busy: false };
const understood: readonly Command[] = [{ do: 'repeat' }];
const { understand } = hearingMoods({ understand: () => understood });

describe('danger', () => {
  test.each([
    ['I want to kill myself', 'self_harm'],
    ['Honestly there is no reason to live any more.', 'self_harm'],
    ["I don't want to live", 'self_harm'],
    ['我不想活了', 'self_harm'],
    ['我想自殺', 'self_harm'],
    ['I will come over and shoot you', 'threat'],
    ['信不信我砍死你', 'threat'],
    ['The charger caught fire!', 'emergency'],
    ['my son is NOT BREATHING', 'emergency'],
    ['充电器着火了', 'emergency'],
  ])('“%s” is told', (text, danger) => {
    expect(understand(text, context)).toEqual([{ do: 'unsafe', danger }]);
  });

  test.each([
    'This is killing me, where is my parcel?',
    'the battery dies after an hour',
    'I cut my finger opening the box',
    'Suicideboys poster',
    'a fire pit, order AB123456',
    'can you shoot me an email',
    '想死你们家的蛋糕了',
    '加热器不热',
    'Hilfe',
  ])('“%s” is none', (text) => {
    expect(dangerIn(text)).toBeUndefined();
  });
});

describe('anger', () => {
  test.each([
    'WHERE IS MY DAMN ORDER',
    'This is ridiculous!!!',
    'What the fuck',
    'terrible, absolutely useless',
    'I am sick and tired of this',
    '太差了，垃圾公司',
    '你们太过分了',
    '我要投诉！！！',
  ])('“%s” is told before what else was understood', (text) => {
    expect(understand(text, context)).toEqual([{ do: 'upset' }, ...understood]);
  });

  test.each([
    'WHERE IS MY ORDER',
    'where is my order???',
    'This is ridiculous',
    'It arrived in terrible condition',
    'AB123456 DE',
    'OK!!!',
    'hello, I am in Hell, Norway',
    '质量太差，我要退货',
    '我要投诉',
    '妈妈的订单',
  ])('“%s” alone is not called anger', (text) => {
    expect(understand(text, context)).toEqual(understood);
  });

  test('is told only where it is beyond doubt, in a note that was asked for', () => {
    const note = {
      ...context,
      question: { name: 'note', type: { kind: 'text' }, confirm: false, optional: false },
    } as const;
    expect(understand('the lamp is crap and useless', note)).toEqual(understood);
    expect(understand('fuck you all, this is bullshit', note)[0]).toEqual({ do: 'upset' });
  });

  test('counts signs, and a furious word for two', () => {
    expect([angerIn('fine'), angerIn('awful'), angerIn('furious'), angerIn('AWFUL AWFUL THING!!!')]).toEqual([
      0, 1, 2, 4,
    ]);
  });
});
