import { describe, expect, test } from '@jest/globals';
import { ask, library, page, RETURNS, 退货 } from './library.ts';

describe('a question', () => {
  const knowledge = library();
  knowledge.put('help', page('returns.md', RETURNS));
  knowledge.put('help', page('zh/returns.md', 退货));
  knowledge.put('help', page('care.md', '# Care\n## How do I wash wool?\nWash wool by hand in cold water.'));

  test('is answered in the sentences of its passage, with title and address', () => {
    expect(knowledge.answer(ask('How long do I have to return something?'))).toEqual({
      text: 'You can return any item within 30 days of delivery.',
      title: 'Returns policy',
      url: 'https://shop.example/returns',
      set: 'help',
      document: 'returns.md',
      confidence: 1,
    });
  });

  test('is answered in the language it is asked in', () => {
    expect(knowledge.answer(ask('几天内可以退货？'))?.text).toBe('收货后 30 天内可以退货。');
    expect(knowledge.answer(ask('How long do I have to return something?', { locale: 'zh' }))).toBeUndefined();
    expect(knowledge.answer(ask('几天内可以退货？', { locale: 'en' }))?.text).toBe('收货后 30 天内可以退货。');
  });

  test.each([
    ['misspelt', 'how long do i have to retrun an item'],
    ['inflected', 'How long for returning items?'],
    ['in capitals and accents', 'HOW LÓNG TO RETURN AN ITEM'],
    ['put as its author has noted', 'what is your return period'],
  ])('is found when it is %s', (_, query) => {
    expect(knowledge.answer(ask(query))?.text).toMatch(/30 days/);
  });

  test.each([
    'What is the capital of France?',
    'Who won the match yesterday?',
    'what time is it',
    '今天天气怎么样',
    '?',
    '',
    'the of and',
  ])('that no document answers is not answered: %s', (query) => {
    expect(knowledge.answer(ask(query))).toBeUndefined();
  });

  test('about several things is answered by what tells most of them', () => {
    expect(knowledge.answer(ask('who pays the parcel of a return within the European Union'))?.text).toMatch(/free/);
  });

  test('is no longer than what answers it', () => {
    const long = `# Long\n## Delivery\n${Array.from({ length: 9 }, (_, at) => `Sentence number ${at} tells of something else entirely.`).join(' ')} Express parcels to islands take four weeks. ${'And here it goes on about ferries and weather for a while. '.repeat(3)}`;
    const own = library();
    own.put('help', page('long.md', long));
    const answer = own.answer(ask('how long do express parcels to islands take'));
    expect(answer?.text).toContain('four weeks');
    expect(answer?.text.length).toBeLessThan(300);
  });
});

describe('who may be answered', () => {
  const answers = (over: Parameters<typeof ask>[1], matter: string, set = {}) => {
    const knowledge = library({ name: 'help', ...set });
    knowledge.put('help', page('a.md', `---\n${matter}\n---\n# Wool\nWash wool by hand.`));
    return knowledge.answer(ask('How do I wash wool?', over)) !== undefined;
  };

  test('by what is valid now, on the days of the business', () => {
    expect(answers({ at: Date.parse('2026-11-30T22:59:00Z') }, 'valid_until: 2026-11-30')).toBe(true);
    expect(answers({ at: Date.parse('2026-11-30T23:01:00Z') }, 'valid_until: 2026-11-30')).toBe(false);
    expect(answers({ at: Date.parse('2026-11-30T22:59:00Z') }, 'valid_from: 2026-12-01')).toBe(false);
    expect(answers({ at: Date.parse('2026-11-30T23:01:00Z') }, 'valid_from: 2026-12-01')).toBe(true);
  });

  test('by what is for her group', () => {
    expect(answers({}, 'audience: [customers, staff]')).toBe(false);
    expect(answers({ audience: ['customers'] }, 'audience: [customers, staff]')).toBe(true);
  });

  test('by the sets of the account she writes to, and those the flow names', () => {
    expect(answers({ account: 'sms' }, 'title: Wool', { accounts: ['web'] })).toBe(false);
    expect(answers({ account: 'web' }, 'title: Wool', { accounts: ['web'] })).toBe(true);
    expect(answers({ from: ['other'] }, 'title: Wool')).toBe(false);
    expect(answers({ from: ['help', 'other'] }, 'title: Wool')).toBe(true);
  });

  test('only by what has an address, where one must be shown', () => {
    expect(answers({ mustCite: true }, 'title: Wool')).toBe(false);
    expect(answers({ mustCite: true }, 'url: https://shop.example/wool')).toBe(true);
    expect(answers({ mustCite: true }, 'url: https://evil.example/wool')).toBe(false);
  });
});

describe('a document that changes', () => {
  test('is answered from at once, and what it said before is forgotten', () => {
    const knowledge = library();
    knowledge.put('help', page('returns.md', RETURNS));
    expect(knowledge.put('help', page('returns.md', RETURNS)).changed).toBe(false);
    expect(knowledge.put('help', page('returns.md', RETURNS.replace('30 days', '14 days'))).changed).toBe(true);
    expect(knowledge.answer(ask('How long do I have to return something?'))?.text).toContain('14 days');
    expect(knowledge.remove('help', 'returns.md')).toBe(true);
    expect(knowledge.remove('help', 'returns.md')).toBe(false);
    expect(knowledge.answer(ask('How long do I have to return something?'))).toBeUndefined();
    knowledge.put('help', page('returns.md', RETURNS));
    expect(knowledge.answer(ask('How long do I have to return something?'))?.text).toContain('30 days');
  });

  test('goes with its set', () => {
    const knowledge = library();
    knowledge.put('help', page('returns.md', RETURNS));
    knowledge.define([]);
    expect(knowledge.passages()).toEqual([]);
    expect(knowledge.search(ask('return'), 5)).toEqual([]);
  });

  test('among thousands leaves the others as they were', () => {
    const knowledge = library();
    const say = (at: number) => page(`${at}`, `# Part ${at}\nThe colour of part number${at} is shade${at}.`);
    for (let at = 0; at < 3_000; at++) knowledge.put('help', say(at));
    for (let at = 0; at < 3_000; at++) if (at % 2 === 0) knowledge.remove('help', `${at}`);
    expect(knowledge.passages()).toHaveLength(1_500);
    for (const at of [1, 1_499, 2_999])
      expect(knowledge.answer(ask(`what is the colour of number${at}`))?.text).toContain(`shade${at}.`);
    expect(knowledge.answer(ask('what is the colour of number2'))?.text ?? '').not.toContain('shade2.');
  });
});
