import { describe, expect, test } from '@jest/globals';
import { feelingIn } from '../../src/understanding/feeling.ts';
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

describe('a feeling', () => {
  test.each([
    ['thanks, you were really helpful today', 'glad'],
    ['谢谢你们，处理得真快', 'glad'],
    ['the box was torn and one plate is broken', 'unhappy'],
    ['where can I find my tracking number', 'calm'],
    ['多久可以收到退款', 'calm'],
    ['you have been lying to us, shame on you', 'angry'],
  ])('is heard in “%s”: %s', (text, feeling) => {
    expect(feelingIn(text)?.feeling).toBe(feeling);
  });

  test('is not guessed from a word or two', () => {
    for (const text of ['', '??', 'no', 'the lamp', '退货', '12345678']) expect(feelingIn(text)).toBeUndefined();
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
    'why does nobody there ever answer me, this is insane',
    "I've called you six times this week and still nothing",
    'your agents hung up on me twice, unbelievable',
    'do you think I am stupid',
    '你们这样做生意的吗',
    '都第三次了，你们到底在干什么啊',
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
    'my order is three days late, can you check where it is',
    'who do I contact for a refund',
    'how many times can I change my delivery address',
    "I'm not satisfied with the chair, it wobbles",
    'the mug from AB123456 arrived broken',
    '账号被锁了，请帮忙处理',
    '怎么联系你们',
    '杯子裂了，可以换吗',
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
