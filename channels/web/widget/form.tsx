import type { h as create, render as draw } from 'preact';
import { type Answers, answersInWords, type Field } from '#channel';
import style from './form.css';
import type { ChatMessage } from './protocol.ts';
import type { View } from './view/view.ts';

/**
 * A second script of the widget, fetched when a conversation first needs it: whatever is filled in before it is sent. It brings no
 * Preact of its own: the widget hands in its `h`, which the build writes in place of JSX here as there.
 */
let h: typeof create;

const styled = new WeakSet<Node>();
/** What is being filled in, by token: a form that is shown again further down goes on where she was. */
const drafts = new Map<string, Answers>();

/** Draws what `message` asks for into `place`; again after every change, which leaves what she has typed alone. */
export function ask(
  make: typeof create,
  render: typeof draw,
  place: HTMLElement,
  message: ChatMessage,
  view: View,
): void {
  h = make;
  dress(place.getRootNode() as ShadowRoot);
  const isNew = !place.firstChild;
  place.className = 'asked';
  const words = { ...(/^zh/i.test(view.locale) ? ZH : EN), ...view.words };
  render(h(Sheet, { sheet: sheetOf(message, view), words }), place);
  // It came after the words above it, which are in view already.
  if (isNew) place.scrollIntoView({ block: 'nearest' });
}

/** The widget's words file may have these, too. */
const EN = { optional: 'optional', choose: 'Choose…' };
const ZH = { optional: '选填', choose: '请选择' };
type Words = typeof EN;

function dress(root: ShadowRoot): void {
  if (styled.has(root)) return;
  styled.add(root);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

// — What is asked —————————————————————————————————————————————————————————————————————————————————————————————

interface Sheet {
  readonly token: string;
  readonly title: string;
  readonly text?: string | undefined;
  readonly fields: readonly Field[];
  readonly submit: string;
  /** Says her answers in her own bubble, and sends them. False: it could not be kept. */
  send(values: Answers): boolean;
}

function sheetOf({ form, seq, text: title, multiple, choices = [] }: ChatMessage, { chat, words }: View): Sheet {
  if (form) {
    const { token } = form;
    return {
      ...form,
      send: (values) => chat.send({ text: answersInWords(form, values) || '—', answer: { form: { token, values } } }),
    };
  }
  const own = { token: String(seq), title, submit: words.send };
  if (!multiple)
    return {
      ...own,
      fields: [{ name: 'date', label: '', kind: 'date' }],
      send: ({ date = '' }) => chat.send({ text: date }),
    };
  const options = choices.map(({ token, label }) => ({ value: token, label }));
  return {
    ...own,
    fields: [{ name: 'token', label: '', kind: 'choices', options }],
    send({ token = '' }) {
      const picked = choices.filter((choice) => token.split(',').includes(choice.token));
      return chat.send({
        text: picked.map(({ label }) => label).join(', '),
        answer: { choice: picked.map((choice) => choice.token) },
      });
    },
  };
}

// — How it looks —————————————————————————————————————————————————————————————————————————————————————————————

function Sheet({ sheet, words }: { sheet: Sheet; words: Words }) {
  const { token, title, text, fields, submit, send } = sheet;
  return (
    <form
      class="sheet"
      aria-label={title}
      onInput={({ currentTarget }) => {
        drafts.set(token, valuesOf(currentTarget));
        for (const box of boxesOf(currentTarget)) box.setCustomValidity('');
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (send(valuesOf(event.currentTarget))) drafts.delete(token);
      }}
    >
      {text && <p class="again">{text}</p>}
      {fields.map((field) => (
        <Entry key={field.name} field={field} title={title} draft={drafts.get(token)?.[field.name]} words={words} />
      ))}
      <button
        type="submit"
        class="choice primary"
        onClick={({ currentTarget: { form } }) => form && requireTicks(form, fields, words)}
      >
        {submit}
      </button>
    </form>
  );
}

interface EntryProps {
  readonly field: Field;
  /** What it is called where it has no label of its own. */
  readonly title: string;
  readonly draft: string | undefined;
  readonly words: Words;
}

/** One field with its label, and what was wrong with it. Each brings the keyboard that suits it. */
function Entry({ field, title, draft, words }: EntryProps) {
  const { name, label, kind, options = [], optional, error } = field;
  const id = `field-${name}`;
  const value = draft ?? field.value ?? '';
  const known = {
    id,
    name,
    required: !optional,
    'aria-label': label ? undefined : title,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': error ? `${id}-error` : undefined,
  } as const;
  const head = label && [label, optional && <small key="optional"> {words.optional}</small>];
  const fault = error && (
    <small class="refused" id={`${id}-error`}>
      {error}
    </small>
  );
  if (kind === 'choices') {
    const ticked = value.split(',');
    return (
      <fieldset class="choices" aria-label={known['aria-label']} aria-describedby={known['aria-describedby']}>
        {head && <legend>{head}</legend>}
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input type="checkbox" name={name} value={option.value} defaultChecked={ticked.includes(option.value)} />
            {option.label}
          </label>
        ))}
        {fault}
      </fieldset>
    );
  }
  return (
    <div class="entry">
      {head && <label for={id}>{head}</label>}
      {kind === 'choice' ? (
        <select {...known}>
          <option value="">{words.choose}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={value === option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : field.long ? (
        <textarea {...known} rows={3} maxLength={LONGEST} defaultValue={value} />
      ) : (
        <input {...known} {...INPUTS[field.secret ? 'secret' : kind]} maxLength={LONGEST} defaultValue={value} />
      )}
      {fault}
    </div>
  );
}

/** In UTF-16 units. */
const LONGEST = 2000;

const INPUTS = {
  text: { type: 'text' },
  email: { type: 'email', autocomplete: 'email' },
  phone: { type: 'tel', autocomplete: 'tel' },
  date: { type: 'date' },
  // Not `type=number`: it refuses what people write, such as a comma, before anybody can read it.
  number: { type: 'text', inputMode: 'decimal' },
  secret: { type: 'password', autocomplete: 'one-time-code' },
} as const;

// — What is filled in ————————————————————————————————————————————————————————————————————————————————————————

function valuesOf(form: HTMLFormElement): Answers {
  const data = new FormData(form);
  const names = [...new Set(data.keys())];
  return Object.fromEntries(names.map((name) => [name, data.getAll(name).join(',')]));
}

function boxesOf(form: HTMLFormElement): readonly HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
}

/** HTML has no word for "at least one of these". */
function requireTicks(form: HTMLFormElement, fields: readonly Field[], { choose }: Words): void {
  for (const { name, kind, optional } of fields) {
    if (kind !== 'choices' || optional) continue;
    const boxes = boxesOf(form).filter((box) => box.name === name);
    boxes[0]?.setCustomValidity(boxes.some(({ checked }) => checked) ? '' : choose);
  }
}
