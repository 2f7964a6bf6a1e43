import { describe, expect, test } from '@jest/globals';
import { MORE, run } from './talk.ts';

const one = (type: string, more = '') =>
  run(`  - collect: x\n    ask: X?${more}\n  - say: "[{x}]"`, { header: `slots: {x: ${type}}` });

describe('collect', () => {
  test.each([
    ['string', ' Ann Lee ', '[Ann Lee]'],
    ['{type: string, pattern: "^[A-Z]{2}$"}', 'AB', '[AB]'],
    ['integer', '7', '[7]'],
    ['email', 'ann@shop.test', '[ann@shop.test]'],
    ['date', '2026-12-24', '[December 24, 2026]'],
    ['boolean', 'yes', '[Yes]'],
    ['"enum(red,green)"', 'green', '[green]'],
  ])('takes %s: %s', (type, said, shown) => {
    if (type === 'boolean') {
      const talk = run('  - collect: x\n    ask: X?\n  - if: x\n    then: [say: "[Yes]"]', {
        header: 'slots: {x: boolean}',
      });
      expect(talk.say(said).said[0]).toBe(shown);
    } else
      expect(
        one(type)
          .say(said)
          .said[0]?.replace(/Dec 24/, 'December 24'),
      ).toBe(shown);
  });

  test.each([
    ['integer', 'many'],
    ['{type: integer, max: 5}', '6'],
    ['{type: string, pattern: "^[A-Z]{2}$"}', 'ABC'],
    ['email', 'ann at shop'],
  ])('refuses for %s: %s, and asks again', (type, said) => {
    const talk = one(type, '\n    invalid: No.').say(said);
    expect(talk.said).toEqual(['No.\nX?']);
    expect(talk.asks).toBe('x');
  });

  test.each([
    ['en', 'Sorry, I did not get that day. You can write it like 24 December, or tomorrow.\nX?'],
    ['zh', '抱歉，我没有看懂这个日期。可以写成 12月24日，或者“明天”。\nX?'],
  ])('tells who needs it how a day is written (%s), and hears it so', (locale, told) => {
    const talk = run('  - collect: x\n    ask: X?\n  - say: "[{x}]"', {
      header: 'slots: {x: date}',
      locales: ['en', 'zh'],
      locale,
    });
    expect(talk.say('soon').said).toEqual([told]);
    expect(talk.say(locale === 'zh' ? '12月24日' : '24 December').asks).toBeUndefined();
  });

  test('says which rule was broken', () => {
    const talk = one('integer', '\n    validate: [{if: x > 3, else: "{x} is too few."}]').say('2');
    expect(talk.said).toEqual(['2 is too few.\nX?']);
    expect(talk.slots).toEqual({});
  });

  test('gives up after its tries: on_fail, and the flow has escalated', () => {
    const talk = one('integer', '\n    retries: 1\n    on_fail: [say: Enough.]');
    talk.say('a lot');
    expect(talk.asks).toBe('x');
    talk.say('a lot');
    expect(talk.said).toEqual(['Enough.']);
    expect(talk.ended).toEqual(['f: escalated']);
  });

  test.each([0, 1, 3])('without on_fail, %i retries lead to a human', (retries) => {
    const talk = one('integer', `\n    retries: ${retries}`);
    for (let round = 0; round < retries; round++) expect(talk.say('a lot').asks).toBe('x');
    talk.say('a lot');
    expect(talk.handoffs).toMatchObject([{ reason: 'not_understood' }]);
    expect(talk.ended).toEqual(['f: escalated']);
  });

  test('the flow’s own cannot_handle may take another way', () => {
    const talk = run('  - collect: x\n    ask: X?\n    retries: 0\n  - say: "[{x}]"', {
      header: 'slots: {x: integer}\non: {cannot_handle: [say: Let me put it another way.]}',
    });
    expect(talk.say('a lot').said).toEqual(['Let me put it another way.', 'X?']);
    expect(talk.say('4').said).toEqual(['[4]', MORE]);
  });

  test('is not asked when its value is there, or when it does not apply', () => {
    const steps = '  - collect: x\n    ask: X?\n    when: 1 > 2\n    default: 9\n  - say: "[{x}]"';
    expect(run(steps, { header: 'slots: {x: integer}' }).said[0]).toBe('[9]');
    const talk = run('  - set: {x: 3}\n  - collect: x\n    ask: X?\n  - say: "[{x}]"', {
      header: 'slots: {x: integer}',
    });
    expect(talk.said[0]).toBe('[3]');
  });

  test('an optional one can be skipped, others cannot', () => {
    const skipped = one('string', '\n    optional: true');
    expect(skipped.labels).toEqual(['Skip']);
    expect(skipped.tap('Skip').said[0]).toBe('[]');
    const talk = one('string').command({ do: 'skip' });
    expect(talk.said).toEqual(['I need this to go on.', 'X?']);
    expect(talk.conversation.frames[0]?.tries).toBeUndefined();
  });

  test('offers fixed choices, those of a list, and the values of an enum', () => {
    expect(one('"enum(dark_red,green)"').labels).toEqual(['Dark red', 'Green']);
    expect(one('string', '\n    choices: {a: First, b: Second}').labels).toEqual(['First', 'Second']);
    const talk = run(
      '  - collect: x\n    ask: X?\n    choices_from: sizes\n    choice_label: "Size {item}"\n  - say: "[{x}]"',
      {
        header: 'slots: {x: integer}\npolicy: {sizes: [38, 40]}',
      },
    );
    expect(talk.labels).toEqual(['Size 38', 'Size 40']);
    expect(talk.tap('Size 40').said[0]).toBe('[40]');
  });

  test('takes a file for a file, and says so where none is wanted', () => {
    const file = { id: 'f1', name: 'a.png', type: 'image/png', size: 3, url: 'https://x.test/a.png' };
    const sending = { kind: 'message', text: '', attachments: [file] } as const;
    const talk = run('  - collect: x\n    ask: X?\n  - say: "{x.name}"', { header: 'slots: {x: file}' });
    expect(talk.messages[0]?.input).toBe('file');
    expect(talk.take(sending).said[0]).toBe('a.png');
    expect(one('integer').take(sending).said).toEqual([
      'I cannot make out pictures here. Please tell me in words what you need, or copy the text that it shows.',
      'X?',
    ]);
  });

  test('is asked after all when a correction makes it apply, though it held its default', () => {
    const steps =
      '  - collect: kind\n    ask: Kind?\n  - collect: way\n    ask: Which way?\n    when: kind == "new"\n    default: post\n  - confirm: go\n    ask: "By {way}?"\n    binds: [kind, way]\n    no: [end: declined]\n';
    const header = 'slots: {kind: "enum(new,old)", way: "enum(post,courier)"}';
    const talk = run(steps, { header }).set({ kind: 'old' });
    expect(talk.said).toEqual(['By post?']);
    talk.command({ do: 'correct', slot: 'kind', value: 'new', confidence: 1 });
    expect(talk.said.at(-1)).toBe('Which way?');
    expect(talk.set({ way: 'courier' }).said).toEqual(['By courier?']);
  });

  test('reminds, and gives up, when no answer comes; each question begins its time anew', () => {
    const talk = one('integer', '\n    inactivity: [{after: 10m, say: Still there?}, {after: 2h, end: abandoned}]');
    talk
      .advance(9 * 60_000)
      .say('a lot')
      .advance(9 * 60_000);
    expect(talk.said).toEqual([]);
    talk.advance(60_000);
    expect(talk.said).toEqual(['Still there?']);
    expect(talk.say('5').said[0]).toBe('[5]');
    const silent = one(
      'integer',
      '\n    inactivity: [{after: 10m, say: Still there?}, {after: 2h, end: abandoned}]',
    ).advance(2 * 3_600_000);
    expect(silent.said).toEqual(['Still there?']);
    expect(silent.ended).toEqual(['f: abandoned']);
  });
});
