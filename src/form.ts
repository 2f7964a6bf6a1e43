/**
 * Several questions that may be answered at once. A message that asks the first of them carries the form beside its own words, as an
 * extra: an app that has forms shows it *in place of* the message's text and choices, and any other leaves it out and asks as ever.
 */
export interface Form {
  /** Opaque, ≤ 22 characters: comes back with the answers. The same form, shown again, keeps it. */
  readonly token: string;
  readonly title: string;
  /** Stands above the fields, where something is to be said, such as that some answers need another look. */
  readonly text?: string;
  /** What the button says that sends it. */
  readonly submit: string;
  /** At least two. */
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly label: string;
  /** What kind of input helps. Every value comes back as text; the flow reads and judges it as it does a typed answer. */
  readonly kind: 'text' | 'number' | 'email' | 'phone' | 'date' | 'choice' | 'choices';
  /** Of `choice` and `choices`: what comes back is a `value`, several joined by commas. */
  readonly options?: readonly FieldOption[];
  /** May be left blank. */
  readonly optional?: true;
  /** Of `text`: room for several lines. */
  readonly long?: true;
  /** A code or a card number: hidden while it is typed, and shown nowhere afterwards. */
  readonly secret?: true;
  /** What she had filled in, where it needs another look; as it came. */
  readonly value?: string;
  /** Why it needs another look. */
  readonly error?: string;
}

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}

/** What a customer filled in, by the names of the fields. A field that is missing, or empty, was left blank. */
export type Answers = Readonly<Record<string, string>>;

const HIDDEN = '••••••';

/** A filled-in form as lines of a conversation: `label: value`, in the form's order. Blank fields are left out, secrets are dots. */
export function answersInWords({ fields }: Pick<Form, 'fields'>, answers: Answers): string {
  return fields
    .flatMap((field) => {
      const value = Object.hasOwn(answers, field.name) ? (answers[field.name] ?? '').trim() : '';
      return value === '' ? [] : [`${headed(field.label)}${field.secret ? HIDDEN : worded(field, value)}`];
    })
    .join('\n');
}

/** A label that is a whole question needs no colon after its own mark. */
function headed(label: string): string {
  if (/[?!.:]$/.test(label)) return `${label} `;
  return /[？！。：…]$/.test(label) ? label : `${label}${/\p{sc=Han}$/u.test(label) ? '：' : ': '}`;
}

function worded({ options }: Field, value: string): string {
  if (options === undefined) return value;
  const labels = value.split(',').map((each) => options.find((option) => option.value === each)?.label ?? each);
  return labels.join(', ');
}
