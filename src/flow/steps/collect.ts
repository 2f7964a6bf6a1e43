import { z } from 'zod';
import { type Json, optional, required, type Type } from '../../type.ts';
import type { Question } from '../../understanding/understanding.ts';
import { type Choices, compileChoices } from '../compiling/choices.ts';
import type { Compiler, Label } from '../compiling/compiler.ts';
import {
  beginForm,
  complaintsOf,
  fieldOf,
  fillBlank,
  formFrom,
  isBlank,
  isSecret,
  questionnaireOf,
} from '../compiling/form.ts';
import { compileInactivity, type IdleSource, Inactivity } from '../compiling/inactivity.ts';
import { compileSpoken, Spoken } from '../compiling/spoken.ts';
import { below, note, tellNoted, unnote } from '../noted.ts';
import { LEFT, type SlotSpec, WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, Condition, common, Name, Text, Value } from '../reading/schema.ts';
import type { Offer, Run } from '../run.ts';
import { read, store } from '../slot.ts';
import { defineStep } from '../step.ts';
import { conform } from '../value/value.ts';

const schema = z.strictObject({
  collect: Name,
  ask: Spoken,
  invalid: Text.optional(),
  retries: z.int().min(0).max(20).optional(),
  on_fail: Block.optional(),
  choices: z.union([z.record(z.string(), Text), z.array(z.union([z.string(), z.number()]))]).optional(),
  synonyms: z
    .record(z.string(), z.array(z.string().min(1)))
    .optional()
    .meta({ description: 'Other ways to say a choice, in any language: {damaged: [broken, 坏了]}.' }),
  choices_from: z.string().optional(),
  choice_label: Text.optional(),
  open: z
    .boolean()
    .optional()
    .meta({ description: 'The choices are suggestions: another valid answer is taken as well.' }),
  validate: z.array(z.strictObject({ if: Condition, else: Text })).optional(),
  when: Condition.optional(),
  default: Value.optional(),
  optional: z.boolean().optional(),
  inactivity: Inactivity.optional(),
  form: z
    .union([Text, z.literal(false)])
    .optional()
    .meta({
      description:
        'Titles a form of this question and the collect steps right after it, for apps that have forms; false stays out of one.',
    }),
  label: Text.optional().meta({ description: 'What the question is called in a form; default: its ask.' }),
  ...common,
});

const DEFAULT_RETRIES = 2;

/**
 * Asks for one slot until it holds a valid value. A value that is there already (said in passing, handed in, chosen earlier) passes the
 * same validation and is not asked for again. Only failed answers count against `retries`; a digression costs nothing.
 */
export const collect = defineStep({
  word: 'collect',
  schema,
  idOf: (step) => step.collect,
  compile(step, c) {
    const slot = slotOf(c, step.collect);
    c.needsWayOut(step.on_fail);
    const ask = compileSpoken(c, 'ask', step.ask);
    const invalid = step.invalid === undefined ? undefined : c.text('invalid', step.invalid);
    const choices = compileChoices(c, slot, step);
    const when = step.when === undefined ? undefined : c.condition('when', step.when);
    const fallback = step.default === undefined ? undefined : c.value('default', step.default, optional(slot.type));
    const hidden = isSecret(slot);
    const label = step.label === undefined ? undefined : c.text('label', step.label);
    const form = questionnaireOf(c, {
      slot,
      form: step.form === undefined || step.form === false ? step.form : c.text('form', step.form),
      reads: [ask, label, choices, when].flatMap((each) => [...(each?.reads ?? [])]),
    });
    const retries = step.retries ?? DEFAULT_RETRIES;
    const next: Label = { pc: 0 };
    const failed: Label = { pc: -1 };

    const before = c.facts;
    const rules = c.branch([], () => c.assign(slot.name, true));
    c.facts = rules;
    const validate = (step.validate ?? []).map((rule, index) => ({
      holds: c.condition(['validate', index, 'if'], rule.if),
      otherwise: c.text(['validate', index, 'else'], rule.else),
    }));
    c.facts = before;

    /** The value as it may be stored, or the words that tell why not. */
    const accept = (run: Run, given: Json): { value: Json } | { refused: string | undefined } => {
      const offered = choices
        ? (pick(choices, run, given, required(slot.type)) ?? (step.open ? given : undefined))
        : given;
      if (offered === undefined) return { refused: undefined };
      const result = conform(offered, slot.type, slot);
      if (!result.ok) return { refused: undefined };
      if (validate.length > 0) {
        const kept = read(run, slot);
        store(run, slot, result.value);
        const broken = validate.find(({ holds }) => holds.evaluate(run) !== true);
        if (broken) {
          const words = broken.otherwise.render(run);
          store(run, slot, kept);
          return { refused: words };
        }
      }
      return { value: result.value };
    };

    // Where the app has no calendar, a day is written: how, is told to who needs it.
    const unheard = required(slot.type).kind === 'date' ? 'invalid_date' : 'invalid';
    const complaint = (run: Run): string => invalid?.render(run) ?? run.phrase(unheard);

    const prompt = (run: Run, before?: string): number => {
      const { message, offers } = ask.render(run);
      const told = tellNoted(run);
      const text = below(told, below(before, message.text));
      const multiple = choices?.multiple === true;
      const answers = [...offers, ...answersOf(run, choices, step.optional === true)];
      const together = form && formFrom(run, form, pc);
      delete run.frame.wrong;
      // Where the app has forms, the form stands in the place of the text.
      const shown =
        together && told !== undefined ? { ...together, text: below(told, together.text ?? '').trim() } : together;
      run.say({ ...message, text, ...(multiple && { multiple }), ...inputHint(slot, choices) }, answers, shown);
      idle.start(run);
      return WAIT;
    };

    const settle = (run: Run, value: Json): number => {
      delete run.frame.tries;
      run.clearTimers();
      store(run, slot, value);
      if (run.frame.defaulted && slot.name in run.frame.defaulted) {
        const { [slot.name]: _answered, ...others } = run.frame.defaulted;
        run.frame.defaulted = others;
      }
      return next.pc;
    };

    /** It was there before it was asked for: where she has said it herself, she is told what was understood. */
    const settleSaid = (run: Run, value: Json): number => {
      if (run.frame.noted) note(run, slot, value, choices && labelOf(choices, run, value));
      return settle(run, value);
    };

    const fail = (run: Run, words: string | undefined): number => {
      const tries = (run.frame.tries ?? 0) + 1;
      if (tries <= retries) {
        run.frame.tries = tries;
        return prompt(run, words ?? complaint(run));
      }
      delete run.frame.tries;
      delete run.frame.wrong;
      run.clearTimers();
      if (failed.pc >= 0) return failed.pc;
      run.repair('cannot_handle', { times: tries, busy: false, given_up: true });
      return LEFT;
    };

    const isNeeded = (run: Run): boolean => when === undefined || when.evaluate(run) === true;
    const skip = (run: Run): number => settle(run, emptyOf(slot.type));
    const enter = (run: Run): number => {
      if (form?.questions[0]?.pc === pc) beginForm(run);
      return proceed(run);
    };
    const proceed = (run: Run): number => {
      const given = takeSaid(run, slot.name) ?? (isDefaulted(run, slot) ? null : read(run, slot));
      if (!isNeeded(run)) {
        if (given === null && fallback) {
          const value = fallback.evaluate(run);
          store(run, slot, value);
          run.frame.defaulted = { ...run.frame.defaulted, [slot.name]: value };
        }
        return next.pc;
      }
      if (given === null && isBlank(run, slot.name)) return skip(run);
      const overheard =
        given === null && run.frame.words && !run.frame.wrong?.[slot.name] ? run.overhear(questionOf(run)) : undefined;
      if (overheard !== undefined) {
        const result = accept(run, overheard);
        if ('value' in result) return settleSaid(run, result.value);
        unnote(run, slot.name);
      }
      if (given !== null) {
        fillBlank(run, slot.name);
        const result = accept(run, given);
        if ('value' in result) return settleSaid(run, result.value);
        unnote(run, slot.name);
        store(run, slot, null);
        return prompt(run, result.refused ?? complaint(run));
      }
      return run.frame.wrong?.[slot.name] ? fail(run, complaintsOf(run)) : prompt(run);
    };

    const questionOf = (run: Run): Question => ({
      name: slot.name,
      type: slot.type,
      confirm: false,
      optional: step.optional === true,
      ...(slot.source !== undefined && { pattern: slot.source }),
      ...(slot.currency !== undefined && { currency: slot.currency }),
      ...(slot.description !== undefined && { description: slot.description }),
      ...(choices && { choices: choices.views(run) }),
    });

    const pc = c.ops.length;
    c.asks.set(slot.name, pc);
    form?.questions.push({
      pc,
      slot,
      optional: step.optional === true,
      judgedBy: validate.flatMap(({ holds }) => [...holds.reads]).filter((name) => name !== slot.name),
      isOpen: (run) =>
        isNeeded(run) && (read(run, slot) === null || isDefaulted(run, slot)) && !isBlank(run, slot.name),
      field: (run) =>
        fieldOf(run, slot, label?.render(run) ?? ask.render(run).message.text, {
          choices: step.open ? undefined : choices,
          optional: step.optional === true,
        }),
      accept(run, value) {
        const result = accept(run, value);
        return 'value' in result ? result : { refused: result.refused ?? complaint(run) };
      },
    });
    c.emit({
      reads: [
        ...ask.reads,
        ...(choices?.reads ?? []),
        ...(when?.reads ?? []),
        ...(fallback?.reads ?? []),
        ...validate.flatMap(({ holds }) => [...holds.reads]),
      ].filter((name) => name !== slot.name),
      writes: [slot.name],
      asks: slot.name,
      enter,
      answer(run, value) {
        if (hidden) run.redact();
        if (value === undefined) return fail(run, undefined);
        const result = accept(run, value);
        if (!('value' in result)) return fail(run, result.refused);
        if (form) run.frame.stepwise = true;
        return settle(run, result.value);
      },
      ...(form && { form, filled: proceed }),
      check(run, value) {
        const result = accept(run, value);
        return 'value' in result ? result.value : undefined;
      },
      ...(choices && { chosen: (run: Run, index: number) => choices.values(run)[index] }),
      ...(choices && { label: (run: Run, value: Json) => labelOf(choices, run, value) }),
      ...(step.optional && {
        skip(run: Run) {
          if (form) run.frame.stepwise = true;
          return skip(run);
        },
      }),
      again: (run) => prompt(run),
      question: questionOf,
      timer: (run, name) => idle.fire(run, name),
    });
    const idle = compileInactivity(c, step.inactivity as readonly IdleSource[] | undefined);
    if (step.on_fail !== undefined) failed.pc = c.aside('on_fail', step.on_fail, { outcome: 'escalated' }).pc;
    c.place(next);

    const sure = !step.optional || hasEmpty(slot.type);
    const otherwise = when === undefined || (fallback !== undefined && fallback.type.kind !== 'optional');
    c.assign(slot.name, (sure && otherwise) || before?.has(slot.name) === true);
  },
});

/** Does the slot still hold the default it was given, and nobody's answer? */
function isDefaulted(run: Run, slot: SlotSpec): boolean {
  const value = run.frame.defaulted?.[slot.name];
  return value !== undefined && JSON.stringify(value) === JSON.stringify(read(run, slot));
}

function slotOf(c: Compiler, name: string): SlotSpec {
  const slot = c.slots[name];
  if (slot) {
    c.used.add(name);
    return slot;
  }
  const guess = nearest(name, Object.keys(c.slots));
  c.error(
    'flow.unknown_slot',
    `No slot is called \`${name}\`.`,
    'collect',
    guess ? `Did you mean \`${guess}\`?` : `Declare it under \`slots:\`, such as \`${name}: string\`.`,
  );
  c.poisoned = true;
  return { name, type: { kind: 'any' }, scope: 'flow', prefill: true };
}

/** A value that was said before it was asked for, once. */
function takeSaid({ frame }: Run, name: string): Json | undefined {
  if (frame.said?.[name] === undefined) return undefined;
  const { [name]: value, ...others } = frame.said;
  if (Object.keys(others).length > 0) frame.said = others;
  else delete frame.said;
  return value;
}

/** The offered values that an answer names; for a list, each of them, once: the same one twice is no answer to trust. */
function pick(choices: Choices, run: Run, given: Json, type: Type): Json | undefined {
  if (type.kind !== 'list') return choices.match(run, given);
  const items = (Array.isArray(given) ? given : [given]).map((item: Json) => choices.match(run, item));
  const offered = new Set(items.map((item) => (item === undefined ? -1 : choices.indexOf(run, item))));
  return items.includes(undefined) || offered.size < items.length ? undefined : (items as Json[]);
}

function labelOf(choices: Choices, run: Run, value: Json): string | undefined {
  const given = Array.isArray(value) ? value : [value];
  const offered = choices.values(run).map((each) => JSON.stringify(each));
  const labels = choices.labels(run);
  const named = given.map((each) => labels[offered.indexOf(JSON.stringify(each))]);
  return named.includes(undefined) ? undefined : named.join(', ');
}

function answersOf(run: Run, choices: Choices | undefined, skippable: boolean): Offer[] {
  const offers: Offer[] = (choices?.labels(run) ?? []).map((label, value) => ({ label, does: { value } }));
  if (skippable) offers.push({ label: run.phrase('skip'), does: { skip: true } });
  return offers;
}

function inputHint(
  slot: SlotSpec,
  choices: Choices | undefined,
): { input?: 'text' | 'number' | 'email' | 'phone' | 'date' | 'code' | 'file' } {
  if (choices) return {};
  if (slot.sensitive === 'secret') return { input: 'code' };
  const type = required(slot.type);
  const element = type.kind === 'list' ? required(type.of) : type;
  switch (element.kind) {
    case 'email':
    case 'phone':
    case 'date':
    case 'file':
      return { input: element.kind };
    case 'integer':
    case 'number':
    case 'money':
      return { input: 'number' };
    default:
      return {};
  }
}

/** What an optional question holds when it is skipped: texts and lists have an empty value, everything else stays unset. */
function emptyOf(type: Type): Json {
  const kind = required(type).kind;
  return kind === 'list' ? [] : kind === 'string' || kind === 'text' ? '' : null;
}

function hasEmpty(type: Type): boolean {
  return emptyOf(type) !== null;
}
