import type { Message, Run } from '#channel';
import { ASK, OPEN, PICK } from './asking.ts';
import type { Block } from './block.ts';
import { fits, isButton, type Link, linkInWords, linksOf, MOST_BUTTONS } from './button.ts';
import { packed } from './form.ts';
import { wordsIn } from './modal.ts';
import { plainText, type Text } from './mrkdwn.ts';

type Choices = NonNullable<Message['choices']>;

/** What is offered with a message: as blocks where Slack has them, in words where it has not. */
export interface Offer {
  readonly blocks: readonly Block[];
  readonly words: readonly Run[];
}

/** https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element, …/select-menu-element */
const MOST_BOXES = 10;
const MOST_OPTIONS = 100;
const OPTION_LABEL = 75;
/** Longer ones are numbered in the text, which has room for them. */
export const LONGEST_LABEL = 200;

/** Words of our own, in every language we speak. */
const WORDS = {
  en: {
    one: 'Choose…',
    several: 'Choose one or more:',
    submit: 'Done',
    date: 'Choose a date',
    number: 'Reply with a number.',
    numbers: 'Reply with one or more numbers, such as 1, 3.',
  },
  zh: {
    one: '请选择…',
    several: '可多选：',
    submit: '选好了',
    date: '选择日期',
    number: '请回复编号。',
    numbers: '可多选，请回复编号，如 1、3。',
  },
};

/** Links stand above choices: what she is to answer is last. */
export function offerOf(message: Message, links: readonly Link[], locale: string): Offer {
  const words = locale.startsWith('zh') ? WORDS.zh : WORDS.en;
  const buttons = links.filter(isButton);
  const inText = links.filter((link) => !isButton(link)).flatMap(linkInWords);
  const asked = formOf(message.form, locale) ?? questionOf(message, words);
  return { blocks: [...linksOf(buttons, 'links'), ...asked.blocks], words: [...inText, ...asked.words] };
}

type Words = (typeof WORDS)['en'];

/** The button that opens a form: Slack's forms are modals, which open on a tap only. */
function formOf(form: Message['form'], locale: string): Offer | undefined {
  const carried = form && packed(form, locale);
  if (carried === undefined) return undefined;
  const open = { type: 'button', action_id: ASK.form, text: plainText(wordsIn(locale).open), style: 'primary' };
  return { blocks: [ask([{ ...open, value: carried }])], words: [] };
}

/** A calendar stands above what may be answered instead of a day, such as to skip the question. */
function questionOf(message: Message, words: Words): Offer {
  const days = message.input === 'date' ? [calendar(words)] : [];
  const offered = choicesOf(message, words);
  return { ...offered, blocks: [...days, ...offered.blocks] };
}

function choicesOf({ choices = [], multiple }: Message, words: Words): Offer {
  if (choices.length === 0) return NOTHING;
  if (choices.length > MOST_OPTIONS) return inNumbers(choices, multiple ? words.numbers : words.number);
  if (multiple) return severalOf(choices, words);
  if (choices.length > MOST_BUTTONS) return listOf(choices, words);
  if (choices.every(({ label }) => fits(label)))
    return { blocks: [ask(choices.map(({ token, label }, index) => button(label, token, index)))], words: [] };
  // Too long for buttons: the words stand in the text, and the buttons carry their numbers.
  const numbers = choices.map(({ token }, index) => button(String(index + 1), token, index));
  return { blocks: [ask(numbers)], words: numbered(choices) };
}

function button(label: string, token: string, index: number) {
  return { type: 'button', action_id: `${PICK}${index}`, text: plainText(label), value: token };
}

function ask(elements: readonly object[], id = OPEN): Block {
  return { type: 'actions', block_id: id, elements };
}

function listOf(choices: Choices, words: Words): Offer {
  const list = {
    type: 'static_select',
    action_id: ASK.one,
    placeholder: plainText(words.one),
    options: optionsOf(choices),
  };
  return { blocks: [ask([list])], words: isLong(choices) ? numbered(choices) : [] };
}

/** Boxes to tick, or a list where they are many; both are sent by a button of their own. */
function severalOf(choices: Choices, words: Words): Offer {
  const options = optionsOf(choices);
  const submit = {
    type: 'button',
    action_id: ASK.submit,
    text: plainText(words.submit),
    style: 'primary',
    value: ASK.submit,
  };
  const long = isLong(choices) ? numbered(choices) : [];
  if (choices.length <= MOST_BOXES)
    return {
      blocks: [ask([{ type: 'checkboxes', action_id: ASK.several, options }]), ask([submit], `${OPEN}.submit`)],
      words: long,
    };
  const list = { type: 'multi_static_select', action_id: ASK.several, placeholder: plainText(words.one), options };
  // Slack has no such list among buttons: it stands beside a text.
  const beside: Block = { type: 'section', block_id: OPEN, text: plainText(words.several), accessory: list };
  return { blocks: [beside, ask([submit], `${OPEN}.submit`)], words: long };
}

interface Option {
  readonly text: Text;
  readonly value: string;
}

function optionsOf(choices: Choices): readonly Option[] {
  const long = isLong(choices);
  return choices.map(({ token, label }, index) => ({
    text: plainText(long ? beginning(`${index + 1}. ${label}`) : label),
    value: token,
  }));
}

function isLong(choices: Choices): boolean {
  return choices.some(({ label }) => label.length > OPTION_LABEL);
}

/** The whole of it stands in the text under its number. */
function beginning(label: string): string {
  if (label.length <= OPTION_LABEL) return label;
  const characters = [...new Intl.Segmenter().segment(label)].filter(
    ({ index, segment }) => index + segment.length < OPTION_LABEL,
  );
  return `${characters.map(({ segment }) => segment).join('')}…`;
}

const NOTHING: Offer = { blocks: [], words: [] };

function calendar(words: Words): Block {
  return ask([{ type: 'datepicker', action_id: ASK.date, placeholder: plainText(words.date) }], `${OPEN}.date`);
}

function inNumbers(choices: Choices, hint: string): Offer {
  return { blocks: [], words: [...numbered(choices), { text: `\n${hint}` }] };
}

function numbered(choices: Choices): Run[] {
  return [{ text: choices.map(({ label }, index) => `\n${index + 1}. ${label}`).join('') }];
}
