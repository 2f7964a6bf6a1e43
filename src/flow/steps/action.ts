import { z } from 'zod';
import type { ActionSignature } from '../../action.ts';
import type { Outcome } from '../../event.ts';
import { type Json, type JsonObject, optional, type Type } from '../../type.ts';
import { compileCheck } from '../compiling/check-read.ts';
import type { Compiler, Label } from '../compiling/compiler.ts';
import { consent } from '../compiling/facts.ts';
import { compileSpoken, Spoken, type SpokenSource } from '../compiling/spoken.ts';
import type { Compiled } from '../compiling/values.ts';
import { LEFT, WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, common, Duration, Name, Values } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { defineStep } from '../step.ts';
import { parseDuration } from '../value/duration.ts';
import { conform } from '../value/value.ts';

const Retry = z.strictObject({ times: z.int().min(1).max(100), every: Duration });
const Trouble = z.strictObject({
  say: Spoken.optional(),
  retry: Retry.optional(),
  then: Block.optional(),
  cases: z.record(Name, Block).optional().meta({ description: "What to do about each of the action's own errors." }),
});

const schema = z.strictObject({
  action: z.string().regex(/^[a-z][\w]*\.[a-z][\w]*$/i, 'a connector and its action, such as orders.find'),
  with: Values.optional(),
  as: Name.optional(),
  timeout: Duration.optional(),
  retry: Retry.optional(),
  on_error: z.union([z.literal('continue'), Trouble, Block]).optional(),
  confirmed_by: Name.optional(),
  consent: z.literal('implied').optional(),
  check: z
    .string()
    .optional()
    .meta({ description: 'A read that tells whether this write was done, should its answer get lost.' }),
  ...common,
});
type Step = z.infer<typeof schema>;

/**
 * Calls a typed action of a connector. A write needs a confirm whose consent covers its arguments, or `consent: implied`; it is recorded
 * before it is sent, under a key that makes it happen once.
 */
export const action = defineStep({
  word: 'action',
  schema,
  idOf: (step) => step.action,
  compile(step, c) {
    const signature = signatureOf(c, step.action);
    const args = argumentsOf(c, step, signature);
    const confirm = signature?.effect === 'write' ? consentFor(c, step, args) : undefined;
    const check = compileCheck(c, step.check, signature);
    const trouble = troubleOf(step.on_error);
    const troubleAt = isTrouble(step.on_error) ? ['on_error'] : [];
    const saying = trouble.say === undefined ? undefined : compileSpoken(c, [...troubleAt, 'say'], trouble.say);
    const retry = trouble.retry ?? step.retry;
    const every = retry ? (parseDuration(retry.every) ?? 0) : 0;
    const timeout =
      (step.timeout === undefined ? undefined : parseDuration(step.timeout)) ?? signature?.timeout ?? 10_000;
    const id = c.steps[c.step]?.id ?? step.action;
    const out = signature?.out ?? { kind: 'any' as const };
    const next: Label = { pc: 0 };
    const failed: Label = { pc: -1 };
    const cases = new Map<string, Label>();

    const secrets = new Set(
      [...args.values()].flatMap(({ reads }) => reads).filter((name) => c.slots[name]?.sensitive === 'secret'),
    );
    if (retry && secrets.size > 0) {
      c.error(
        'action.secret_retry',
        `\`${[...secrets][0]}\` is forgotten after one use: nothing is left to try again with.`,
        trouble.retry ? ['on_error', 'retry'] : ['retry'],
        'Leave `retry` out, and ask for it again under `on_error`.',
      );
    }
    const evaluate = (run: Run): JsonObject =>
      Object.fromEntries([...args].map(([name, value]) => [name, value.evaluate(run)]));
    const ask = (run: Run, attempt: number, key?: string, delay?: number): number => {
      run.call({
        action: step.action,
        effect: signature?.effect ?? 'read',
        args: evaluate(run),
        timeout,
        step: id,
        attempt,
        ...(key && { key }),
        ...(check !== undefined && { check }),
        ...(delay && { delay }),
      });
      return WAIT;
    };
    /** A secret lives until the call that needs it: a code is never stored after its use. */
    const forget = (run: Run) => {
      for (const name of secrets) delete run.slots[name];
    };
    const succeed = (run: Run, value: JsonObject): number => {
      const proof = signature?.authenticates;
      const customer = proof && value[proof.customer];
      if (
        proof &&
        typeof customer === 'string' &&
        customer !== '' &&
        (proof.when === undefined || value[proof.when] === true)
      )
        run.authenticate(customer);
      return next.pc;
    };

    const own = c.ops.length;
    c.emit({
      reads: [...new Set([...args.values()].flatMap((value) => [...value.reads]))],
      writes: step.as === undefined ? [] : [step.as],
      effect: signature?.effect === 'write',
      ...(signature?.effect === 'write' && confirm === undefined && { unasked: true }),
      next,
      // The consent is for the values it was given with: if one has changed since by another way, the customer is asked anew.
      enter: (run) => (confirm && run.frame.confirms?.[confirm.name] !== confirm.hash(run) ? confirm.pc : ask(run, 1)),
      result(run, outcome) {
        const pending = run.frame.pending;
        delete run.frame.pending;
        const end = settle(outcome, out);
        if (end.ok) {
          forget(run);
          if (signature?.effect === 'write') run.frame.writes = [...(run.frame.writes ?? []), own];
          if (step.as !== undefined) run.slots[step.as] = end.value;
          return succeed(run, (typeof end.value === 'object' && end.value !== null ? end.value : {}) as JsonObject);
        }
        const attempt = pending?.attempt ?? 1;
        const own_error = cases.get(end.error);
        if (own_error) {
          forget(run);
          return own_error.pc;
        }
        if (end.retryable && retry && attempt <= retry.times) {
          if (attempt === 1 && saying) {
            const { message, offers } = saying.render(run);
            run.say(message, offers);
          }
          return ask(run, attempt + 1, pending?.key, every);
        }
        forget(run);
        run.record('action.failed', { action: step.action, error: end.error });
        if (!retry && saying) {
          const { message, offers } = saying.render(run);
          run.say(message, offers);
        }
        if (failed.pc >= 0) return failed.pc;
        run.repair('error', { reason: end.error });
        return LEFT;
      },
    });
    for (const [error, block] of Object.entries(trouble.cases ?? {})) {
      if (signature && !signature.errors.includes(error)) {
        const guess = nearest(error, signature.errors);
        c.errorAtKey(
          'action.unknown_error',
          `\`${step.action}\` has no error \`${error}\`.`,
          error,
          guess ? `Did you mean \`${guess}\`?` : undefined,
          [...c.at, 'on_error', 'cases'],
        );
      }
      cases.set(error, c.aside(['on_error', 'cases', error], block, { outcome: 'escalated' }));
    }
    const goesOn = step.on_error === 'continue';
    if (goesOn) failed.pc = c.aside([], [], { after: next }).pc;
    else if (trouble.then !== undefined)
      failed.pc = c.aside([...(troubleAt.length > 0 ? ['on_error', 'then'] : ['on_error'])], trouble.then, {
        outcome: 'escalated',
      }).pc;
    c.place(next);
    if (step.as !== undefined) c.result('as', step.as, goesOn ? optional(out) : out);
  },
});

function signatureOf(c: Compiler, name: string): ActionSignature | undefined {
  const signature = c.library.actions.get(name);
  if (signature) return signature;
  const guess = nearest(name, c.library.actions.keys());
  c.error(
    'action.unknown',
    `No connector has the action \`${name}\`.`,
    'action',
    guess ? `Did you mean \`${guess}\`?` : 'Declare it in connectors.yaml.',
  );
  return undefined;
}

function argumentsOf(c: Compiler, step: Step, signature: ActionSignature | undefined): Map<string, Compiled> {
  const args = new Map<string, Compiled>();
  for (const [name, source] of Object.entries(step.with ?? {})) {
    if (signature && !(name in signature.in)) {
      const guess = nearest(name, Object.keys(signature.in));
      c.errorAtKey(
        'action.unknown_argument',
        `\`${step.action}\` takes no \`${name}\`.`,
        name,
        guess ? `Did you mean \`${guess}\`?` : `It takes ${Object.keys(signature.in).join(', ') || 'nothing'}.`,
        [...c.at, 'with'],
      );
    }
    args.set(name, c.value(['with', name], source, signature?.in[name]));
  }
  for (const [name, type] of Object.entries(signature?.in ?? {})) {
    if (type.kind !== 'optional' && !args.has(name))
      c.error(
        'action.missing_argument',
        `\`${step.action}\` needs \`${name}\`.`,
        'action',
        `Add \`with: {${name}: …}\`.`,
      );
  }
  return args;
}

/** A write must be agreed to, with the values it will be done with. Gives the confirm that asks for it, if one does. */
function consentFor(c: Compiler, step: Step, args: ReadonlyMap<string, Compiled>): Consent | undefined {
  if (step.confirmed_by === undefined) {
    if (step.consent === undefined) {
      c.error(
        'action.needs_consent',
        `\`${step.action}\` changes something, and nobody has agreed to it.`,
        'action',
        'Add `confirmed_by:` with the confirm that asks for it, or `consent: implied`.',
      );
    }
    return undefined;
  }
  const confirm = c.confirms.get(step.confirmed_by);
  if (!confirm) {
    const guess = nearest(step.confirmed_by, c.confirms.keys());
    if (c.poisoned && !guess) return undefined;
    c.error(
      'action.unknown_confirm',
      `No confirm before this step is called \`${step.confirmed_by}\`.`,
      'confirmed_by',
      guess ? `Did you mean \`${guess}\`?` : 'A confirm must come before what it allows.',
    );
    return undefined;
  }
  if (c.facts && !c.poisoned && !c.facts.has(consent(step.confirmed_by))) {
    c.error(
      'action.unconfirmed',
      `This can be reached without a yes to \`${step.confirmed_by}\`.`,
      'confirmed_by',
      "End the flow in the confirm's `no:`, or move this step into its `yes:`; and change no bound value in between.",
    );
  }
  for (const [name, value] of args) {
    const uncovered = value.paths.filter(
      (path) => needsConsent(c, path) && !confirm.binds.some((bind) => path === bind || path.startsWith(`${bind}.`)),
    );
    if (uncovered.length > 0) {
      c.error(
        'action.unbound',
        `\`${name}\` depends on ${uncovered.map((path) => `\`${path}\``).join(', ')}, which \`${step.confirmed_by}\` does not bind.`,
        ['with', name],
        `Add it to \`binds:\` of \`${step.confirmed_by}\`, and show it in its question.`,
      );
    }
  }
  const pc = c.asks.get(step.confirmed_by);
  return pc === undefined ? undefined : { name: step.confirmed_by, hash: confirm.hash, pc };
}

interface Consent {
  readonly name: string;
  readonly hash: (run: Run) => string;
  /** Where it is asked for. */
  readonly pc: number;
}

/** Who the customer is, and the business's own constants, are not for the customer to agree to. */
function needsConsent(c: Compiler, path: string): boolean {
  const origin = c.names.get(path.split('.')[0] ?? '')?.origin;
  return origin === 'slot' || origin === 'input' || origin === 'result';
}

type Trouble = z.infer<typeof Trouble>;

function isTrouble(source: unknown): source is Trouble {
  return (
    typeof source === 'object' &&
    source !== null &&
    !Array.isArray(source) &&
    ('then' in source || 'retry' in source || 'cases' in source)
  );
}

function troubleOf(source: Step['on_error']): {
  say?: SpokenSource | undefined;
  retry?: Trouble['retry'];
  then?: unknown;
  cases?: Trouble['cases'];
} {
  if (source === undefined || source === 'continue') return {};
  return isTrouble(source) ? source : { then: source };
}

type End = { ok: true; value: Json } | { ok: false; error: string; retryable: boolean };

/** The result, checked against the shape the connector promised. */
function settle(outcome: Outcome, out: Type): End {
  if (!outcome.ok) return outcome;
  const result = conform(outcome.value, out);
  return result.ok ? { ok: true, value: result.value } : { ok: false, error: 'invalid_result', retryable: false };
}
