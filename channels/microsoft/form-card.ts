import { z } from 'zod';
import type { Answers, Field, Form } from '#channel';

/**
 * The fields of a form as inputs of an Adaptive Card, which Teams and Direct Line's clients show, and what comes back from them: one
 * object with the value of every input, all of them texts, beside what the button itself carries (https://adaptivecards.io/explorer).
 */
export type Input = { readonly type: string; readonly [key: string]: unknown };

/** Begins the `id` of every input: nothing that a flow's author calls a slot collides with what else is in the object. */
const PREFIX = 'field.';

const WORDS = {
  en: { optional: ' (optional)', missing: 'Please answer this.', choose: 'Choose…' },
  zh: { optional: '（选填）', missing: '请填写此项。', choose: '请选择' },
};

/** What stands above the fields, in our markdown. A name with marks of its own is not bold: they would not nest. */
export function headOf({ title, text }: Form): string {
  const plain = title.replaceAll(/[\\*`[\]]/g, (mark) => `\\${mark}`);
  return [plain === title ? `**${title}**` : plain, ...(text === undefined ? [] : [text])].join('\n');
}

/** Each field, what was wrong with it below. @param written a text that is no markup, as the app's cards write it */
export function inputsOf(
  fields: readonly Field[],
  locale: string,
  written: (text: string) => string,
): readonly Input[] {
  const words = locale.startsWith('zh') ? WORDS.zh : WORDS.en;
  return fields.flatMap((field) => [
    inputOf(field, words),
    ...(field.error === undefined
      ? []
      : [{ type: 'TextBlock', text: written(field.error), color: 'Attention', wrap: true, spacing: 'None' }]),
  ]);
}

function inputOf(field: Field, words: (typeof WORDS)['en']): Input {
  const { name, label, kind, options = [], optional, value, long, secret } = field;
  const own = {
    id: `${PREFIX}${name}`,
    label: optional ? `${label}${words.optional}` : label,
    ...(optional ? {} : { isRequired: true, errorMessage: words.missing }),
    ...(value === undefined ? {} : { value }),
  };
  switch (kind) {
    case 'choice':
    case 'choices': {
      const choices = options.map((option) => ({ title: option.label, value: option.value }));
      const style =
        kind === 'choices'
          ? { style: 'expanded', isMultiSelect: true }
          : { style: 'compact', placeholder: words.choose };
      return { type: 'Input.ChoiceSet', ...own, ...style, wrap: true, choices };
    }
    case 'date':
      return { type: 'Input.Date', ...own };
    case 'number':
      return numberOf(own, Number(value ?? Number.NaN));
    case 'email':
      return { type: 'Input.Text', ...own, style: 'Email' };
    case 'phone':
      return { type: 'Input.Text', ...own, style: 'Tel' };
    case 'text':
      return { type: 'Input.Text', ...own, ...(long && { isMultiline: true }), ...(secret && { style: 'Password' }) };
  }
}

/** A card that has words in such an input is not shown at all. */
function numberOf({ value: _written, ...own }: object & { readonly value?: string }, value: number): Input {
  return { type: 'Input.Number', ...own, ...(Number.isFinite(value) ? { value } : {}) };
}

const Sent = z.record(z.string(), z.unknown());

/** What was filled in; numbers and ticks are written as texts. */
export function answersIn(data: unknown, names: readonly string[]): Answers {
  const sent = Sent.safeParse(data).data ?? {};
  return Object.fromEntries(names.map((name) => [name, textOf(sent[`${PREFIX}${name}`])]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
