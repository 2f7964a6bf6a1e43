import { absolute, type Form, type Message, type Part } from '#channel';
import { inputsOf } from '../microsoft/form-card.ts';
import { toMarkdown } from './markdown.ts';

type Card = NonNullable<Message['card']>;
type Choices = NonNullable<Message['choices']>;

/** A hero card: every client of Direct Line draws these, while Adaptive Cards are not in all of them. */
export function cardOf({ title, text, image, fields = [], links = [] }: Card, base: string | undefined): Part {
  const address = image === undefined ? undefined : absolute(image.url, base);
  const rows = fields.map(({ name, value }) => `**${plain(name)}:** ${plain(value)}`);
  const unseen = image !== undefined && address === undefined ? [`[${plain(image.alt)}]`] : [];
  const targets = links.map(({ title: label, url }) => ({ title: label, url, target: absolute(url, base) }));
  const buttons = targets.flatMap(({ title: label, target }) =>
    target === undefined ? [] : [{ title: label, url: target }],
  );
  // An address that a browser cannot open, such as that of a mailbox, is said in words.
  const spoken = targets.flatMap((link) => (link.target === undefined ? [plain(`${link.title}: ${link.url}`)] : []));
  const words = [text ?? '', ...rows, ...unseen, ...spoken].filter((line) => line !== '').join('\n');
  return hero({
    title,
    ...(words === '' ? {} : { text: toMarkdown(words) }),
    ...(image === undefined || address === undefined ? {} : { images: [{ url: address, alt: image.alt }] }),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map(openUrl) }),
  });
}

/** Links stay where they are when the conversation goes on; among the suggested actions they would vanish. */
export function linksCard(links: readonly { readonly title: string; readonly url: string }[]): readonly Part[] {
  return links.length === 0 ? [] : [hero({ buttons: links.map(openUrl) })];
}

/**
 * One or several of a list. Only an Adaptive Card can ask that; its form comes back as the object `{choice}`, several tokens joined by
 * commas (https://adaptivecards.io/explorer/Input.ChoiceSet.html). Other clients show the words it falls back to.
 */
export function pickCard(choices: Choices, multiple: boolean, locale: string): Part {
  const words = wordsIn(locale);
  const numbered = choices.map(({ label }, index) => `${index + 1}. ${label}`);
  const input = {
    type: 'Input.ChoiceSet',
    id: 'choice',
    style: multiple ? 'expanded' : 'compact',
    isMultiSelect: multiple,
    isRequired: true,
    wrap: true,
    ...(multiple ? {} : { placeholder: words.placeholder }),
    errorMessage: words.required,
    choices: choices.map(({ token, label }) => ({ title: label, value: token })),
  };
  return picker(input, [...numbered, multiple ? words.several : words.one].join('\n'), words);
}

/** A calendar. Its form comes back as the object `{answer}`, a date as ISO 8601 writes it; she may as well write one. */
export function dateCard(locale: string): Part {
  const words = wordsIn(locale);
  return picker(
    { type: 'Input.Date', id: 'answer', isRequired: true, errorMessage: words.required },
    words.date,
    words,
  );
}

function wordsIn(locale: string): typeof EN {
  return locale.startsWith('zh') ? ZH : EN;
}

const EN = {
  submit: 'Choose',
  placeholder: 'Pick one',
  required: 'Please pick something first.',
  one: 'Reply with a number.',
  date: 'Reply with a date, such as 2026-11-21.',
  several: 'Reply with one or more numbers, such as 1, 3.',
};
const ZH: typeof EN = {
  submit: '确定',
  placeholder: '请选择',
  required: '请先选择。',
  one: '请回复编号。',
  date: '请回复日期，如 2026-11-21。',
  several: '可多选，请回复编号，如 1、3。',
};

/**
 * A form. What is filled in comes back as one object, with the form's token under `form` and each field's value under its input's id.
 * Other clients show the words it falls back to, and the questions are answered one by one.
 */
export function formCard(form: Form, asked: string, locale: string): Part {
  const body = inputsOf(form.fields, locale, plain);
  return adaptive(body, { title: form.submit, data: { form: form.token } }, asked);
}

function picker(input: Part, fallbackText: string, { submit }: typeof EN): Part {
  return adaptive([input], { title: submit }, fallbackText);
}

function adaptive(body: readonly Part[], button: Part, fallbackText: string): Part {
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.3',
      fallbackText,
      body,
      actions: [{ type: 'Action.Submit', ...button }],
    },
  };
}

function hero(content: Part): Part {
  return { contentType: 'application/vnd.microsoft.card.hero', content };
}

function openUrl({ title, url }: { readonly title: string; readonly url: string }) {
  return { type: 'openUrl', title, value: url };
}

/** A field is words, and not markup: escaped once here, so that our own markdown leaves it as it is. */
function plain(text: string): string {
  return text.replaceAll(/[\\*`[\]]/g, (mark) => `\\${mark}`);
}
