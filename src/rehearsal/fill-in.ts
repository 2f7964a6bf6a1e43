import type { Event } from '../event.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Field, Form } from '../form.ts';

/** What a test fills in, by the names of the fields: texts, and of choices their labels. */
type Filled = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The customer sends the form that was offered last. Throws, for the author of the test, when it has no such field or no such option. */
export function fillIn(form: Form | undefined, filled: Filled): Event {
  if (form === undefined) throw new Error('No form is on offer.');
  const values = Object.entries(filled).map(([name, given]): [string, string] => {
    const field = form.fields.find((each) => each.name === name);
    if (field === undefined) {
      const names = form.fields.map((each) => each.name);
      throw new Error(
        `The form has no field \`${name}\`. ${didYouMean(name, names) ?? ''} Its fields: ${names.join(', ')}.`,
      );
    }
    return [
      name,
      [given]
        .flat()
        .map((each) => optionOf(field, String(each)))
        .join(','),
    ];
  });
  return { kind: 'form', token: form.token, values: Object.fromEntries(values) };
}

function optionOf({ options }: Field, label: string): string {
  if (options === undefined) return label;
  const option = options.find((each) => each.label === label);
  if (option === undefined)
    throw new Error(`“${label}” is not on offer. Offered: ${options.map((each) => `“${each.label}”`).join(', ')}.`);
  return option.value;
}
