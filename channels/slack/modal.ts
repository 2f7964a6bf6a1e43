import type { Field, Part } from '#channel';
import type { Block } from './block.ts';
import type { PackedForm } from './form.ts';
import { plainText } from './mrkdwn.ts';

/** `callback_id` of our modals, and `action_id` of each of their inputs, whose `block_id` is the name of the field. */
export const FORM = 'parley.form';
export const VALUE = 'value';

/** Characters of a modal's title and of its button: https://docs.slack.dev/reference/views/modal-views */
const LONGEST_TITLE = 24;
/** Characters of a header: https://docs.slack.dev/reference/block-kit/blocks/header-block */
const LONGEST_HEADER = 150;
/** Boxes to tick; more of them are a list. */
const MOST_BOXES = 10;
/** Of a field for words, and of what stands in it. */
const LONGEST_TEXT = 3_000;

const WORDS = {
  en: { open: 'Fill in', send: 'Send', one: 'Choose…' },
  zh: { open: '填写', send: '提交', one: '请选择…' },
};

export function wordsIn(locale: string): (typeof WORDS)['en'] {
  return locale.startsWith('zh') ? WORDS.zh : WORDS.en;
}

/** What `views.open` opens. A name that is too long for the modal's head stands below it. */
export function modalOf(form: PackedForm, metadata: string): Part {
  const words = wordsIn(form.locale);
  const isShort = form.title.length <= LONGEST_TITLE;
  const submit = form.submit.length <= LONGEST_TITLE ? form.submit : words.send;
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: metadata,
    title: plainText(isShort ? form.title : words.open),
    submit: plainText(submit),
    blocks: [
      ...(isShort ? [] : [headed(form.title)]),
      ...(form.text === undefined ? [] : [{ type: 'section', text: plainText(form.text.slice(0, LONGEST_TEXT)) }]),
      ...form.fields.map((field) => inputOf(field, words)),
    ],
  };
}

function headed(title: string): Block {
  const text = plainText(title.slice(0, LONGEST_TEXT));
  return title.length <= LONGEST_HEADER ? { type: 'header', text } : { type: 'section', text };
}

/** What was wrong stands under its field: Slack shows errors of its own only while the modal is open. */
function inputOf(field: Field, words: (typeof WORDS)['en']): Block {
  const { name, label, optional = false, error } = field;
  return {
    type: 'input',
    block_id: name,
    label: plainText(label),
    optional,
    ...(error === undefined ? {} : { hint: plainText(`⚠️ ${error}`.slice(0, LONGEST_TEXT - 1_000)) }),
    element: elementOf(field, words),
  };
}

/** https://docs.slack.dev/reference/block-kit/block-elements */
function elementOf(field: Field, words: (typeof WORDS)['en']): object {
  const { kind, value, options = [], long } = field;
  const own = { action_id: VALUE };
  const offered = options.map((option) => ({ text: plainText(option.label), value: option.value }));
  switch (kind) {
    case 'choice': {
      const initial = offered.find((option) => option.value === value);
      const list = { type: 'static_select', ...own, placeholder: plainText(words.one), options: offered };
      return initial === undefined ? list : { ...list, initial_option: initial };
    }
    case 'choices': {
      const ticked = offered.filter((option) => value?.split(',').includes(option.value));
      const list = { ...own, options: offered, ...(ticked.length === 0 ? {} : { initial_options: ticked }) };
      return offered.length <= MOST_BOXES
        ? { type: 'checkboxes', ...list }
        : { type: 'multi_static_select', placeholder: plainText(words.one), ...list };
    }
    case 'date':
      return { type: 'datepicker', ...own, ...(isDay(value) ? { initial_date: value } : {}) };
    case 'number':
      return {
        type: 'number_input',
        ...own,
        is_decimal_allowed: true,
        ...(isNumber(value) ? { initial_value: value } : {}),
      };
    case 'email':
      return { type: 'email_text_input', ...own, ...written(value) };
    default:
      return { type: 'plain_text_input', ...own, ...(long ? { multiline: true } : {}), ...written(value) };
  }
}

function written(value: Field['value']): object {
  return value === undefined ? {} : { initial_value: value.slice(0, LONGEST_TEXT) };
}

/** Slack refuses a modal that has anything else in such a field. */
function isDay(value: string | undefined): value is string {
  return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

function isNumber(value: string | undefined): value is string {
  return value !== undefined && /^-?\d+(\.\d+)?$/.test(value);
}
