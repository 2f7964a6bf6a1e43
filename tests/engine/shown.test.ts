import { describe, expect, test } from '@jest/globals';
import { shownOf } from '../../src/engine/shown.ts';
import type { Answers, Form } from '../../src/form.ts';

const OFFERED = [
  { token: 'o1.0', label: 'Mug' },
  { token: 'o1.1', label: 'Lamp' },
];
const text = (token: string, label?: string) =>
  shownOf('k1', { kind: 'choice', token, ...(label === undefined ? {} : { label }) }, { choices: OFFERED })?.message
    .text;

test('a tap is shown as the label of what was tapped', () => expect(text('o1.1')).toBe('Lamp'));

test('several picked at once are shown by all their labels', () => expect(text('o1.0,o1.1')).toBe('Mug, Lamp'));

test('what is not offered is shown as it came', () => expect(text('o0.7,o1.0')).toBe('o0.7, Mug'));

test('a label that came along is shown', () => expect(text('o1.0', 'A mug')).toBe('A mug'));

test('a message is shown with the files that came in it, or else with it', () => {
  const file = (id: string) => ({ id, name: id, type: 'image/png', size: 1, url: `/files/${id}` });
  const shown = (own: ReturnType<typeof file>[] | undefined, along: ReturnType<typeof file>[] | undefined) =>
    shownOf('k1', { kind: 'message', text: 'see', ...(own && { attachments: own }) }, {}, along);
  expect(shown([file('a')], [file('b')])?.attachments).toEqual([file('a')]);
  expect(shown(undefined, [file('b')])?.attachments).toEqual([file('b')]);
  for (const none of [undefined, []]) expect(shown(none, none)).not.toHaveProperty('attachments');
});

describe('a form', () => {
  const form: Form = {
    token: 'form1',
    title: 'Delivery',
    submit: 'Send',
    fields: [
      { name: 'name', label: 'Your name', kind: 'text' },
      {
        name: 'why',
        label: 'Why?',
        kind: 'choices',
        options: [
          { value: '0', label: 'Late' },
          { value: '1', label: 'Lost' },
        ],
      },
      { name: 'code', label: 'Code', kind: 'text', secret: true },
      { name: 'note', label: '补充', kind: 'text', optional: true },
    ],
  };
  const lines = (token: string, values: Answers) =>
    shownOf('k1', { kind: 'form', token, values }, { form })?.message.text;

  test('is shown as lines, a label and a value each, without what is blank', () => {
    expect(lines('form1', { note: '放门口', why: '1,0', name: ' Ann ' })).toBe(
      'Your name: Ann\nWhy? Lost, Late\n补充：放门口',
    );
  });

  test('never shows a secret', () =>
    expect(lines('form1', { name: 'Ann', code: '123456' })).toBe('Your name: Ann\nCode: ••••••'));

  test('that is not open any more shows nothing: it may hold one', () =>
    expect(lines('form0', { code: '123456' })).toBe('••••••'));

  test('that was only opened is no line', () =>
    expect(shownOf('k1', { kind: 'form', token: 'form1' }, { form })).toBeUndefined());
});
