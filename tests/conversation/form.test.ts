import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Field } from '../../src/form.ts';
import { botOf, Talk, type TalkSetting } from '../support/flows.ts';

const delivery = `
flow: delivery
triggers: {examples: {en: [change the delivery]}}
slots:
  day: date
  slot: {type: "enum(morning,evening)"}
  floors: {type: integer, max: 9}
  phone: phone
  note: text
  alone: boolean
steps:
  - collect: day
    form: Your delivery
    ask: Which day suits you?
    label: Day
    invalid: I need a day.
    validate: [{if: day >= today, else: That day is gone.}]
  - collect: slot
    ask: When on that day?
    choices: {morning: In the morning, evening: In the evening}
  - collect: floors
    ask: Which floor?
    invalid: A floor from 0 to 9.
    on_fail: [say: Too high.]
  - collect: phone
    ask: Your number?
    optional: true
  - collect: note
    ask: Anything else?
    optional: true
  - collect: alone
    ask: May we leave it at the door?
  - say: "{day} {slot} {floors} {alone, select, true {door} other {hand}} [{note}]"
  - confirm: go
    ask: OK?
    binds: [day, floors]
`;
const bot = botOf(delivery);
const asked = (sets = {}, setting: TalkSetting = {}) => new Talk(bot, setting).start('delivery', sets);
const names = (fields: readonly Field[] = []) => fields.map(({ name }) => name);
const FULL = { day: '2026-12-01', slot: '1', floors: '3', note: 'Ring twice', alone: '0' };

describe('a form', () => {
  test('comes with the first of its questions, which is asked as ever', () => {
    const [message] = asked().messages;
    expect(message).toMatchObject({ text: 'Which day suits you?', input: 'date' });
    expect(message?.form).toEqual({
      token: 'form1',
      title: 'Your delivery',
      submit: 'Send',
      fields: [
        { name: 'day', label: 'Day', kind: 'date' },
        {
          name: 'slot',
          label: 'When on that day?',
          kind: 'choice',
          options: [
            { value: '0', label: 'In the morning' },
            { value: '1', label: 'In the evening' },
          ],
        },
        { name: 'floors', label: 'Which floor?', kind: 'number' },
        { name: 'phone', label: 'Your number?', kind: 'phone', optional: true },
        { name: 'note', label: 'Anything else?', kind: 'text', long: true, optional: true },
        {
          name: 'alone',
          label: 'May we leave it at the door?',
          kind: 'choice',
          options: [
            { value: '0', label: 'Yes' },
            { value: '1', label: 'No' },
          ],
        },
      ],
    });
  });

  test('answers all of its questions at once', () => {
    const talk = asked().fillIn(FULL);
    expect(talk.said).toEqual(['Dec 1, 2026 evening 3 door [Ring twice]', 'OK?']);
    expect(talk.slots).toMatchObject({ day: '2026-12-01', slot: 'evening', floors: 3, alone: true });
    expect(talk.slots).not.toHaveProperty('phone');
  });

  test('is heard as typed answers are', () => {
    const talk = asked().fillIn({ ...FULL, day: 'next Friday', floors: 'three', phone: '+49 30 901820' });
    expect(talk.slots).toMatchObject({ day: '2026-11-27', floors: 3, phone: '+4930901820' });
  });

  test('holds no commands: a note may speak of agents', () => {
    const talk = asked().fillIn({ ...FULL, note: 'human' });
    expect(talk.slots.note).toBe('human');
    expect(talk.handoffs).toEqual([]);
  });

  test('is not needed: who types goes on step by step', () => {
    const talk = asked().say('2026-12-01');
    expect(talk.asks).toBe('slot');
    expect(talk.messages[0]?.form).toBeUndefined();
    talk.tap('In the evening').say('3').tap('Skip').tap('Skip');
    expect(talk.messages[0]?.form).toBeUndefined();
    expect(talk.say('yes').said[0]).toBe('Dec 1, 2026 evening 3 door []');
  });

  test('leaves out what is known already', () => {
    const talk = asked({ day: '2026-12-01', floors: 3 });
    expect(talk.asks).toBe('slot');
    expect(names(talk.form?.fields)).toEqual(['slot', 'phone', 'note', 'alone']);
  });

  test('of one question is none', () => {
    const talk = asked({ day: '2026-12-01', slot: 'evening', floors: 3, phone: '+4930901820', note: 'x' });
    expect(talk.asks).toBe('alone');
    expect(talk.form).toBeUndefined();
  });

  test('shown again as it was keeps its token, and counts once', () => {
    const talk = asked();
    const first = talk.form?.token;
    talk.say('what can you do?');
    expect(talk.form?.token).toBe(first);
    expect(talk.fillIn(FULL).asks).toBe('go');
    talk.fillIn({ ...FULL, floors: '5' }, first);
    expect(talk.said[0]).toBe('That button belongs to an earlier question.');
    expect(talk.asks).toBe('go');
    expect(talk.slots.floors).toBe(3);
  });

  test.each(['form2', 'form', '1.0', 'x'])(
    'with the token %s is not the one that is open, which is shown again',
    (token) => {
      const talk = asked().fillIn(FULL, token);
      expect(talk.said).toEqual(['That button belongs to an earlier question.', 'Which day suits you?']);
      expect(talk.messages[1]?.form?.token).toBe('form1');
    },
  );

  test('that is opened only tells that she is there', () => {
    const talk = asked().take({ kind: 'form', token: 'form1' });
    expect(talk.said).toEqual([]);
    expect(talk.fillIn(FULL).asks).toBe('go');
  });

  test('reaches nobody while a human has the conversation', () => {
    const talk = new Talk(botOf(delivery, { desk: true })).start('delivery').say('human please');
    expect(talk.fillIn(FULL).effects).toEqual([]);
  });
});

describe('a form with mistakes', () => {
  const wrong = () => asked().fillIn({ ...FULL, day: '2026-11-01', floors: '30', alone: '' });

  test('keeps what is right and tells the rest together, in a smaller form', () => {
    const talk = wrong();
    expect(talk.said).toEqual([
      'That day is gone.\nA floor from 0 to 9.\nPlease answer this as well.\nWhich day suits you?',
    ]);
    expect(talk.slots).toEqual({ slot: 'evening', note: 'Ring twice' });
    expect(talk.form).toMatchObject({
      text: 'Please have another look at these.',
      fields: [
        { name: 'day', error: 'That day is gone.', value: '2026-11-01' },
        { name: 'floors', error: 'A floor from 0 to 9.', value: '30' },
        { name: 'alone', error: 'Please answer this as well.' },
      ],
    });
    expect(talk.fillIn({ day: '2026-12-01', floors: '3', alone: '0' }).said[0]).toBe(
      'Dec 1, 2026 evening 3 door [Ring twice]',
    );
  });

  test('can be mended step by step', () => {
    const talk = wrong().say('2026-12-01');
    expect([talk.asks, talk.form?.fields.length]).toEqual(['floors', 3]);
    expect(talk.say('4').say('yes').said[0]).toBe('Dec 1, 2026 evening 4 door [Ring twice]');
  });

  test('with one mistake goes on with that question alone', () => {
    const talk = asked().fillIn({ ...FULL, floors: '30' });
    expect(talk.said).toEqual(['A floor from 0 to 9.\nWhich floor?']);
    expect(talk.messages[0]?.form).toBeUndefined();
    expect(talk.say('3').asks).toBe('go');
  });

  test('spends the tries of its first question, and then gives up', () => {
    const talk = asked();
    for (const floors of ['30', '40', '50']) talk.fillIn({ ...FULL, floors, alone: '' });
    expect(talk.said).toEqual(['Too high.']);
    expect(talk.ended).toEqual(['delivery: escalated']);
  });

  test('shows its mistakes once', () => {
    const talk = wrong().say('what can you do?');
    expect(talk.form?.fields[0]).toEqual({ name: 'day', label: 'Day', kind: 'date' });
  });

  test.each([
    ['a place that is not offered', { slot: '7' }],
    ['several where one is asked', { slot: '0,1' }],
    ['words that are no choice', { slot: 'whenever' }],
    ['__proto__', { __proto__: 'x', slot: '' }],
  ])('such as %s takes nothing it was not offered', (_, values) => {
    expect(asked().fillIn({ ...FULL, ...values }).asks).toBe('slot');
  });

  test('takes no field that was not shown', () => {
    const talk = asked({ floors: 3 }).fillIn({ ...FULL, floors: '5', go: '0', secret: 'x' });
    expect(talk.asks).toBe('go');
    expect(talk.slots).toMatchObject({ floors: 3 });
    expect(talk.slots).not.toHaveProperty('secret');
  });
});

test('whatever is filled in, a form is taken soundly: nothing throws, and nothing unknown gets in', () => {
  const name = fc.oneof(
    fc.constantFrom('day', 'slot', 'floors', 'phone', 'note', 'alone', 'go', '__proto__'),
    fc.string(),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('0', '1', '0,1', '9', '2026-12-01', 'human', 'stop', 'yes'),
  );
  fc.assert(
    fc.property(fc.array(fc.dictionary(name, value), { minLength: 1, maxLength: 4 }), (forms) => {
      const talk = asked();
      for (const values of forms) talk.fillIn(values);
      const kept = talk.conversation.frames
        .filter(({ flow }) => flow === 'delivery')
        .flatMap(({ slots }) => Object.keys(slots));
      expect(['day', 'slot', 'floors', 'phone', 'note', 'alone']).toEqual(expect.arrayContaining(kept));
      const { floors } = talk.slots;
      expect(floors === undefined || (typeof floors === 'number' && floors <= 9)).toBe(true);
      expect(talk.asks !== undefined || talk.ended.length > 0 || talk.flows.length === 0).toBe(true);
    }),
    { numRuns: 150 },
  );
});

describe('after a form', () => {
  test('each answer can be corrected by itself', () => {
    const talk = asked().fillIn(FULL).correct('floors', 5);
    expect(talk.said).toContain('Dec 1, 2026 evening 5 door [Ring twice]');
    expect(talk.asks).toBe('go');
    expect(talk.messages.some(({ form }) => form)).toBe(false);
  });

  test('an answer that is taken back is asked for alone', () => {
    const talk = asked().fillIn(FULL).correct('slot');
    expect(talk.asks).toBe('slot');
    expect(talk.messages.some(({ form }) => form)).toBe(false);
    expect(talk.tap('In the morning').said[0]).toContain('morning 3 door');
  });

  test('what was left blank, as it may be, is not asked for', () => {
    const talk = asked().fillIn({ ...FULL, note: '', floors: '30', alone: '' });
    expect(talk.fillIn({ floors: '3', alone: '1' }).said[0]).toBe('Dec 1, 2026 evening 3 hand []');
  });
});

describe('a secret in a form', () => {
  const login = botOf(`
flow: login
triggers: {examples: {en: [log in]}}
slots: {email: email, code: {type: string, pattern: "^[0-9]{6}$", sensitive: secret}}
steps:
  - collect: email
    form: Log in
    ask: Your email
  - collect: code
    ask: The code
    invalid: Six digits.
  - say: Thanks.
`);
  const shown = () => new Talk(login).start('login');

  test('is dots in the transcript', () => {
    const talk = shown().fillIn({ email: 'ann@shop.test', code: '123456' });
    expect(talk.said[0]).toBe('Thanks.');
    expect(talk.redacted).toBe('Your email: ann@shop.test\nThe code: ••••••');
  });

  test('does not come back when it was wrong', () => {
    const talk = shown().fillIn({ email: 'ann', code: '12345' });
    expect(JSON.stringify([talk.messages, talk.state])).not.toContain('12345');
    expect(talk.form?.fields).toMatchObject([
      { name: 'email', value: 'ann' },
      { name: 'code', secret: true, error: 'Six digits.' },
    ]);
  });
});

describe('questions that hang together', () => {
  const trip = botOf(`
flow: trip
triggers: {examples: {en: [trip]}}
slots: {from: date, to: date, child: integer, cot: boolean}
inputs: {family: "boolean?"}
steps:
  - collect: from
    form: Your trip
    ask: From
  - collect: to
    ask: To
    validate: [{if: to >= from, else: Back before you left.}]
  - collect: child
    ask: Children
    when: family == true
    default: 0
  - collect: cot
    form: false
    ask: A cot?
    when: child > 0
  - say: "{from} {to} {child}"
`);
  const begun = () => new Talk(trip).start('trip');

  test('are judged by each other', () => {
    const talk = begun().fillIn({ from: '2026-12-05', to: '2026-12-01' });
    expect(talk.said).toEqual(['Back before you left.\nTo']);
    expect(talk.say('2026-12-09').said[0]).toBe('Dec 5, 2026 Dec 9, 2026 0');
  });

  test('wait for an answer that they are judged by', () => {
    const talk = begun().fillIn({ from: 'soon', to: '2026-12-01' });
    expect(talk.asks).toBe('from');
    expect(talk.say('2026-12-05').said).toEqual(['Back before you left.\nTo']);
  });

  test('are in the form only when they are to be asked', () => {
    expect(names(begun().form?.fields)).toEqual(['from', 'to']);
  });
});
