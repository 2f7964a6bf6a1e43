import type { Field, Form } from '../../form.ts';
import { type Json, required } from '../../type.ts';
import type { SlotSpec } from '../program.ts';
import type { Path } from '../reading/yaml.ts';
import type { Run } from '../run.ts';
import { read, store } from '../slot.ts';
import type { Choices } from './choices.ts';
import type { Compiler } from './compiler.ts';
import type { Localized } from './localized.ts';

/**
 * Questions that follow each other directly and may be answered at once, where the customer's app has forms. Each of them stays a
 * step of its own: a form that comes in puts its values where they belong, and then the flow runs through the steps as it does when
 * everything has been said beforehand. What is missing or wrong stops it, and is asked for.
 */
export interface Questionnaire {
  readonly title: Localized;
  /** In the order of the steps; there are more to come while its flow is compiled. */
  readonly questions: FormQuestion[];
}

/** One question of a form. */
export interface FormQuestion {
  readonly pc: number;
  readonly slot: SlotSpec;
  readonly optional: boolean;
  /** What its rules read, beside its own value. */
  readonly judgedBy: readonly string[];
  /** Is it to be asked? */
  isOpen(run: Run): boolean;
  field(run: Run): Field;
  accept(run: Run, value: Json): { readonly value: Json } | { readonly refused: string };
}

/** What was wrong with a field: the words on it, and what stood there. */
export interface Wrong {
  readonly words: string;
  readonly said: string;
}

/** What came in for a field: the value that was heard in it, and what stood there. */
export interface Filled {
  readonly value: Json;
  readonly said: string;
}

/** More are a wall, and Slack's modals take no more than 100 blocks. */
const MOST_QUESTIONS = 25;

// — Which questions are one form ——————————————————————————————————————————————————————————————————————————————

interface Asked {
  readonly slot: SlotSpec;
  /** `form:` of the step: a title begins a form, `false` stays out of the one that is open. */
  readonly form: Localized | false | undefined;
  /** Of its words, its choices and its `when`: all that must be known before the form is shown. */
  readonly reads: readonly string[];
}

/** A form whose steps are being compiled. */
export interface OpenForm {
  readonly questionnaire: Questionnaire;
  readonly slots: Set<string>;
  /** Where its first question stands, and its last. */
  readonly first: Path;
  last: Path;
}

/** The form that a question belongs to: one that it begins, or one that the step right before it belongs to. */
export function questionnaireOf(c: Compiler, { slot, form, reads }: Asked): Questionnaire | undefined {
  const open = c.forms.find(({ last }) => follows(c.at, last));
  if (form) return begin(c, form, slot);
  if (open === undefined || form === false || isFile(slot)) return undefined;
  const needed = reads.find((name) => open.slots.has(name));
  if (needed !== undefined)
    c.error(
      'flow.form_depends',
      `\`${slot.name}\` depends on \`${needed}\`, which is asked for in the same form.`,
      'collect',
      'Add `form: false` to ask for it afterwards.',
    );
  open.slots.add(slot.name);
  open.last = c.at;
  return open.questionnaire;
}

function begin(c: Compiler, title: Localized, slot: SlotSpec): Questionnaire | undefined {
  if (isFile(slot)) {
    c.error('flow.form_file', 'A file cannot be sent in a form.', 'form', 'Begin the form at the next question.');
    return undefined;
  }
  const questionnaire: Questionnaire = { title, questions: [] };
  c.forms.push({ questionnaire, slots: new Set([slot.name]), first: c.at, last: c.at });
  return questionnaire;
}

/** Once all steps are read: how many questions has each form? */
export function checkForms(c: Compiler): void {
  for (const { slots, first } of c.forms) {
    c.at = first;
    if (slots.size === 1)
      c.warn(
        'flow.form_alone',
        'This form has one question only.',
        'form',
        'A form is the question with `form:` and the `collect` steps right after it, up to one for a file.',
      );
    if (slots.size > MOST_QUESTIONS)
      c.error(
        'flow.form_too_long',
        `A form has at most ${MOST_QUESTIONS} questions, and this one has ${slots.size}.`,
        'form',
        'Begin another form in the middle.',
      );
  }
}

/** Is it the next step of the same block? */
function follows(at: Path, last: Path): boolean {
  const [place, before] = [at.at(-1), last.at(-1)];
  if (typeof place !== 'number' || typeof before !== 'number' || place !== before + 1) return false;
  return at.length === last.length && at.slice(0, -1).every((key, index) => key === last[index]);
}

function isFile({ type }: SlotSpec): boolean {
  const own = required(type);
  return own.kind === 'file' || (own.kind === 'list' && required(own.of).kind === 'file');
}

// — Asking —————————————————————————————————————————————————————————————————————————————————————————————————

/** The form of what is still to be asked from here on; `undefined` where that is one question, or she has begun to answer one by one. */
export function formFrom(run: Run, { title, questions }: Questionnaire, pc: number): Omit<Form, 'token'> | undefined {
  if (run.frame.stepwise) return undefined;
  const open = questions.filter((question) => question.pc >= pc && question.isOpen(run));
  if (open.length < 2) return undefined;
  const { wrong = {} } = run.frame;
  const fields = open.map((question) => marked(question.field(run), wrong[question.slot.name]));
  const isAgain = fields.some(({ error }) => error !== undefined);
  return {
    title: title.render(run),
    ...(isAgain && { text: run.phrase('form_again') }),
    submit: run.phrase('form_send'),
    fields,
  };
}

function marked(field: Field, wrong: Wrong | undefined): Field {
  if (wrong === undefined) return field;
  const { words: error, said } = wrong;
  return { ...field, error, ...(said !== '' && { value: said }) };
}

/** How a question looks as a field. Choices are told by their place, so that any value fits: a record, a number, a yes. */
export function fieldOf(
  run: Run,
  slot: SlotSpec,
  label: string,
  { choices, optional }: { choices: Choices | undefined; optional: boolean },
): Field {
  const kind = choices ? (choices.multiple ? 'choices' : 'choice') : kindOf(slot);
  return {
    name: slot.name,
    label,
    kind,
    ...(choices && { options: choices.labels(run).map((each, index) => ({ value: String(index), label: each })) }),
    ...(optional && { optional }),
    ...(!choices && required(slot.type).kind === 'text' && { long: true }),
    ...(isSecret(slot) && { secret: true }),
  };
}

function kindOf(slot: SlotSpec): Field['kind'] {
  const { kind } = required(slot.type);
  switch (kind) {
    case 'email':
    case 'phone':
    case 'date':
      return kind;
    case 'integer':
    case 'number':
      return 'number';
    default:
      return 'text';
  }
}

export function isSecret({ sensitive }: SlotSpec): boolean {
  return sensitive === 'secret' || sensitive === 'payment';
}

// — Answering ————————————————————————————————————————————————————————————————————————————————————————————————

/**
 * Takes what she filled in, question by question: what is right is kept, what is wrong or missing is noted for the step that asks for
 * it, what may stay blank is noted as answered. Only the fields that she was shown count (`shown`).
 */
export function fillIn(
  run: Run,
  { questions }: Questionnaire,
  shown: ReadonlySet<string>,
  filled: ReadonlyMap<string, Filled>,
): void {
  const { frame } = run;
  const wrong: Record<string, Wrong> = {};
  const undecided = new Set<string>();
  for (const { slot, optional, judgedBy, accept } of questions) {
    if (!shown.has(slot.name)) continue;
    unsay(run, slot.name);
    const given = filled.get(slot.name);
    if (given === undefined && optional) frame.blank = [...(frame.blank ?? []), slot.name];
    else if (given === undefined) wrong[slot.name] = { words: run.phrase('form_missing'), said: '' };
    // Its rules need an answer that is not there yet: its own step will judge it.
    else if (judgedBy.some((name) => undecided.has(name))) frame.said = { ...frame.said, [slot.name]: given.value };
    else {
      const result = accept(run, given.value);
      if ('value' in result) store(run, slot, result.value);
      // A secret is not shown again, not even to her.
      else wrong[slot.name] = { words: result.refused, said: isSecret(slot) ? '' : given.said };
    }
    if (read(run, slot) === null) undecided.add(slot.name);
  }
  if (Object.keys(wrong).length > 0) frame.wrong = wrong;
}

/** An answer counts for more than what was said in passing. */
function unsay({ frame }: Run, name: string): void {
  if (frame.said?.[name] === undefined) return;
  const { [name]: _said, ...others } = frame.said;
  frame.said = others;
}

/** Its first question is come to anew: nothing of an earlier time counts. */
export function beginForm({ frame }: Run): void {
  delete frame.stepwise;
  delete frame.blank;
  delete frame.wrong;
}

/** Was it left blank in a form? It stays so until it has a value. */
export function isBlank({ frame }: Run, name: string): boolean {
  return frame.blank?.includes(name) === true;
}

export function fillBlank({ frame }: Run, name: string): void {
  const others = frame.blank?.filter((each) => each !== name) ?? [];
  if (others.length > 0) frame.blank = others;
  else delete frame.blank;
}

/** What was wrong with a form, all of it, for the first question that has to be asked again. */
export function complaintsOf({ frame }: Run): string | undefined {
  const words = Object.values(frame.wrong ?? {}).map((each) => each.words);
  return words.length === 0 ? undefined : [...new Set(words)].join('\n');
}
