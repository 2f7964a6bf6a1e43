import { z } from 'zod';
import type { Outcome } from '../../event.ts';
import { type Json, type JsonObject, optional, type Type } from '../../type.ts';
import type { Compiler, Label } from '../compiling/compiler.ts';
import type { Compiled } from '../compiling/values.ts';
import { isShort, nameable } from '../personal.ts';
import { type SlotSpec, WAIT } from '../program.ts';
import { Block, common, Duration, Name, Values } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { defineStep } from '../step.ts';
import { parseDuration } from '../value/duration.ts';
import { isSpan, keepsFacts } from '../value/grounded.ts';
import { parseType } from '../value/type-syntax.ts';
import { conform } from '../value/value.ts';

const schema = z.strictObject({
  llm: z.strictObject({
    task: z.enum(['extract', 'classify', 'summarize', 'summarise', 'rephrase']),
    instruction: z.string().max(2_000).optional().meta({
      description: 'What exactly is wanted, in plain words. Never a rule that must hold: the flow holds those.',
    }),
    input: z.array(z.string()),
    out: z.record(Name, z.string()),
    limits: z
      .strictObject({
        timeout: Duration.optional().meta({ description: 'Then `on_fail`; default 8s, at most 20s.' }),
        max_tokens: z.int().min(1).max(4_000).optional(),
      })
      .optional(),
    on_fail: z.union([Values, Block]),
  }),
  as: Name.optional(),
  ...common,
});
type Step = z.infer<typeof schema>;

/**
 * Lets a model extract, classify, summarise or rephrase into a declared type. It has no tools and decides nothing. What it gives passes
 * the same validation as anything a customer types; whenever it is slow, absent, over its budget, wrong or in doubt, `on_fail` stands
 * in: values of the same type, or steps. While it thinks, the conversation goes on.
 */
export const llm = defineStep({
  word: 'llm',
  schema,
  idOf: (step) => step.as,
  compile(step, c) {
    const { as } = step;
    const { task, instruction, limits, on_fail: onFail } = step.llm;
    const inputs = step.llm.input.map((path, index) => ({
      path,
      value: c.expression(['llm', 'input', index], path, 0),
    }));
    checkInputs(c, inputs);
    const type = outOf(c, step);
    const timeout = Math.min(LONGEST, (limits?.timeout && parseDuration(limits.timeout)) || DEFAULT);
    const id = c.steps[c.step]?.id ?? 'llm';
    const next: Label = { pc: 0 };
    const failed: Label = { pc: 0 };
    const reads = inputs.flatMap(({ value }) => [...value.reads]);
    let values: Compiled | undefined;
    if (isValues(onFail, type.fields)) values = c.value(['llm', 'on_fail'], onFail, type);

    const take = (run: Run, value: Json): number => {
      if (as !== undefined) run.slots[as] = value;
      return next.pc;
    };
    const fail = (run: Run, code: string): number => {
      run.record('model.failed', { step: id, task, code });
      if (values !== undefined) return take(run, values.evaluate(run));
      // An earlier pass of a loop may have left something there that does not hold any more.
      if (as !== undefined) delete run.slots[as];
      return failed.pc;
    };
    const inputOf = (run: Run): JsonObject =>
      Object.fromEntries(inputs.map(({ path, value }) => [path, value.evaluate(run)]));

    c.emit({
      reads: [...reads, ...(values?.reads ?? [])],
      writes: as === undefined ? [] : [as],
      next,
      enter(run) {
        if (c.library.model !== true) return fail(run, 'none');
        const args: JsonObject = {
          ...{ task, input: inputOf(run), out: type as unknown as Json, locale: run.locale, timeout },
          ...(as !== undefined && { as }),
          ...(instruction !== undefined && { instruction }),
          ...(limits?.max_tokens !== undefined && { max_tokens: limits.max_tokens }),
          personal: personalOf(run, inputs, c.slots),
        };
        run.call({ action: ASK, effect: 'read', args, timeout, step: id, attempt: 1 });
        // Should the process be killed meanwhile, it is asked again; the customer does not wait for it twice as long.
        run.timer('llm', timeout + SLACK);
        return WAIT;
      },
      result(run, outcome) {
        delete run.frame.pending;
        run.clearTimers();
        const given = givenBy(outcome);
        if (given.usage !== undefined) run.record('model.used', { step: id, task, ...given.usage });
        if (given.values === undefined) return fail(run, given.code);
        const value = validated(given.values, type, c.slots);
        if (value === undefined) return fail(run, 'invalid_result');
        if (!isGrounded(task, value, type, wordsOf(inputOf(run)).join('\n'))) return fail(run, 'not_grounded');
        return take(run, value);
      },
      timer(run, name) {
        if (name !== 'llm') return WAIT;
        delete run.frame.pending;
        run.clearTimers();
        return fail(run, 'timeout');
      },
    });
    if (values === undefined) failed.pc = c.aside(['llm', 'on_fail'], onFail, { after: next }).pc;
    c.place(next);
    if (as !== undefined) c.result('as', as, values === undefined ? optional(type) : type);
  },
});

/** The built-in read of a deployment that has a model. */
const ASK = 'model.ask';
const DEFAULT = 8_000;
/** Milliseconds that a customer may be kept waiting for a model. */
const LONGEST = 20_000;
/** Milliseconds that the outcome itself may take to come back. */
const SLACK = 500;

type ObjectType = Extract<Type, { kind: 'object' }>;

interface Input {
  readonly path: string;
  readonly value: { readonly reads: Iterable<string>; readonly type: Type; evaluate(run: Run): Json };
}

/** A secret is forgotten after one use and a card number is nobody's business: neither is told to a model. */
function checkInputs(c: Compiler, inputs: readonly Input[]): void {
  for (const [index, { value }] of inputs.entries()) {
    const secret = [...value.reads].find((name) => ['secret', 'payment'].includes(c.slots[name]?.sensitive ?? ''));
    if (secret !== undefined)
      c.error(
        'llm.secret',
        `\`${secret}\` is ${c.slots[secret]?.sensitive === 'secret' ? 'secret' : 'a means of payment'}: no model is told it.`,
        ['llm', 'input', index],
        'Leave it out of `input`.',
      );
  }
}

function outOf(c: Compiler, { as, llm: { out } }: Step): ObjectType {
  const fields: Record<string, Type> = {};
  for (const [name, written] of Object.entries(out)) {
    const parsed = parseType(written, c.library.types);
    if (!('type' in parsed)) c.error('flow.type', parsed.problem, ['llm', 'out', name], parsed.hint);
    else {
      fields[name] = parsed.type;
      if (holds(parsed.type, 'file'))
        c.error('llm.type', 'A model gives no file.', ['llm', 'out', name], 'It gives words, numbers and choices.');
    }
  }
  return { kind: 'object', name: as ?? 'llm', fields };
}

function holds(type: Type, kind: Type['kind']): boolean {
  if (type.kind === 'object') return Object.values(type.fields).some((field) => holds(field, kind));
  return type.kind === 'list' || type.kind === 'optional' ? holds(type.of, kind) : type.kind === kind;
}

/** `on_fail: {summary: …, angry: false}` gives the values; anything else is steps. */
function isValues(source: unknown, fields: Readonly<Record<string, Type>>): boolean {
  return (
    typeof source === 'object' &&
    source !== null &&
    !Array.isArray(source) &&
    Object.keys(source).every((key) => key in fields)
  );
}

/** Who she is need not leave the house: her names and addresses as far as they are known, and short slots that are hers. */
function personalOf(run: Run, inputs: readonly Input[], slots: Readonly<Record<string, SlotSpec>>): Json {
  const own = inputs.flatMap(({ value }) =>
    [...value.reads].flatMap((name) => {
      const slot = slots[name];
      return slot?.sensitive === 'pii' && slot.type.kind !== 'text' ? [run.slots[name] ?? null] : [];
    }),
  );
  return [...nameable(run.customer), ...own.filter(isShort)];
}

interface Given {
  readonly values?: Json;
  readonly usage?: JsonObject;
  readonly code: string;
}

function givenBy(outcome: Outcome): Given {
  if (!outcome.ok) return { code: outcome.error };
  const { value } = outcome;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { code: 'invalid_result' };
  const { values, usage } = value as JsonObject;
  const counted = typeof usage === 'object' && usage !== null && !Array.isArray(usage);
  return {
    code: 'invalid_result',
    ...(values !== undefined && { values }),
    ...(counted && { usage: usage as JsonObject }),
  };
}

/** The declared type, the length of what people write, and, where a slot has the same name and type, what that slot asks of its value. */
function validated(values: Json, type: ObjectType, slots: Readonly<Record<string, SlotSpec>>): JsonObject | undefined {
  const read = conform(values, type);
  if (!read.ok) return undefined;
  const value = read.value as JsonObject;
  for (const [name, field] of Object.entries(type.fields)) {
    const given = value[name] ?? null;
    const plain = field.kind === 'optional' ? field.of : field;
    const slot = slots[name];
    if (given !== null && slot?.type.kind === plain.kind && !conform(given, slot.type, slot).ok) return undefined;
    if (stringsIn(given).some((text) => text.length > (holds(field, 'text') ? 4_000 : 500))) return undefined;
  }
  return value;
}

/** What is extracted stands in the input; what is said in other words brings no number and no address of its own. */
function isGrounded(task: Step['llm']['task'], value: JsonObject, type: ObjectType, source: string): boolean {
  if (task === 'classify') return true;
  return Object.entries(type.fields).every(([name, field]) => {
    if (!isWords(field)) return true;
    return stringsIn(value[name] ?? null).every((text) =>
      task === 'extract' ? isSpan(text, source) : keepsFacts(text, source),
    );
  });
}

/** Words of somebody. A choice, a date, an amount have a meaning of their own, and a type that holds them. */
function isWords(type: Type): boolean {
  return (['string', 'text', 'email', 'phone', 'url', 'any'] as const).some((kind) => holds(type, kind));
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value as JsonObject).flatMap(stringsIn) : [];
}

/** The same with its numbers. */
function wordsOf(value: Json): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value as JsonObject).flatMap(wordsOf);
  return value === null ? [] : [String(value)];
}
