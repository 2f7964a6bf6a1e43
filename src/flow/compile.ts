import { createHash } from 'node:crypto';
import { dateAt } from '../time-zone.ts';
import { type Json, optional, type Type } from '../type.ts';
import { Compiler, type Ends } from './compiling/compiler.ts';
import { type Facts, sameFacts } from './compiling/facts.ts';
import { checkForms } from './compiling/form.ts';
import type { Name } from './compiling/knowledge.ts';
import { checkStarting } from './compiling/starting.ts';
import type { Compiled } from './compiling/values.ts';
import { type Library, PATTERNS } from './library.ts';
import { LEFT, type Program, type SlotSpec } from './program.ts';
import { nearest } from './reading/did-you-mean.ts';
import { type FlowFile, slotSpecs } from './reading/flow-file.ts';
import type { Problem } from './reading/problem.ts';
import { stepKinds } from './steps.ts';

/** Walks at most this often until what is known at the targets of jumps settles: each walk can only know less. */
const MAX_WALKS = 8;

/** Checks a flow and compiles it. The program is there even when there are problems, so that every one of them can be told. */
export function compileFlow(file: FlowFile, library: Library): { program: Program; problems: readonly Problem[] } {
  let incoming: ReadonlyMap<string, Facts> = new Map();
  for (let walk = 1; ; walk++) {
    const c = new Compiler(file, library, stepKinds, incoming);
    const on = compileBody(c, file);
    const settled = [...c.outgoing].every(([id, facts]) => sameFacts(incoming.get(id), facts));
    if (settled || walk === MAX_WALKS)
      return { program: toProgram(c, file, on), problems: [...file.problems, ...c.problems] };
    incoming = c.outgoing;
  }
}

function compileBody(c: Compiler, file: FlowFile): ReadonlyMap<string, number> {
  checkStarting(c, file);
  declare(c, file);
  c.block('steps', file.source.steps);
  if (c.facts) finishQuietly(c, file);
  const on = new Map(
    Object.entries(file.source.on ?? {}).flatMap(([pattern, block]) => compileHandler(c, file, pattern, block)),
  );
  c.resolveJumps();
  checkForms(c);
  warnOfUnused(c, file);
  return on;
}

/** Puts slots, inputs, constants and what is built in into scope. */
function declare(c: Compiler, file: FlowFile): void {
  const known = new Set<string>();
  for (const name of builtins(file)) c.names.set(...name);
  c.at = ['slots'];
  for (const [name, spec] of Object.entries(slotSpecs(c, file))) {
    if (c.names.has(name)) c.clash(name, name, 'built-in value');
    c.slots[name] = spec;
    c.names.set(name, { type: optional(spec.type), origin: 'slot', read: reader(spec) });
  }
  c.at = ['inputs'];
  for (const [name, type] of Object.entries(file.header.inputs)) {
    if (c.names.get(name)?.origin === 'builtin') c.clash(name, name, 'built-in value');
    if (!c.slots[name])
      c.names.set(name, { type: optional(type), origin: 'input', read: (run) => run.slots[name] ?? null });
    if (type.kind !== 'optional' && !c.slots[name]) known.add(name);
  }
  c.at = [];
  for (const [name, source] of Object.entries(file.source.policy ?? {})) {
    if (c.names.has(name))
      c.errorAtKey('flow.name_clash', `\`${name}\` is also a slot or an input.`, name, 'Choose another name.', [
        'policy',
      ]);
    const value = c.value(['policy', name], source, isDuration(source) ? { kind: 'duration' } : undefined);
    if (!value.literal) c.error('flow.policy', 'A constant is a plain value, not an expression.', ['policy', name]);
    const constant = value.literal ? value.evaluate({} as never) : null;
    c.names.set(name, { type: value.type, origin: 'policy', read: () => constant });
  }
  c.facts = known;
}

function reader(spec: SlotSpec): Name['read'] {
  const { name, scope } = spec;
  if (scope === 'flow') return (run) => run.slots[name] ?? null;
  return scope === 'conversation' ? (run) => run.shared[name] ?? null : (run) => run.customer[name] ?? null;
}

const SESSION: Readonly<Record<string, Type>> = {
  customer_id: { kind: 'optional', of: { kind: 'string' } },
  /** Time since the customer last proved who she is; very long when she never did. */
  auth_age: { kind: 'duration' },
  verified: { kind: 'boolean' },
  blocked: { kind: 'optional', of: { kind: 'boolean' } },
  /** What the link carried by which the customer came last: `t.me/my_shop_bot?start=spring` has `spring`. */
  payload: { kind: 'optional', of: { kind: 'string' } },
};

/** One thing that was done for her before. `title` is what customers call that flow; `about` what its `remember:` says. */
const PAST: Type = {
  kind: 'object',
  name: 'past',
  fields: {
    flow: { kind: 'string' },
    title: { kind: 'string' },
    outcome: { kind: 'string' },
    at: { kind: 'datetime' },
    about: { kind: 'optional', of: { kind: 'string' } },
  },
};
const REMEMBERED: Readonly<Record<string, Type>> = {
  last: { kind: 'optional', of: PAST },
  /** The newest first. */
  recent: { kind: 'list', of: PAST },
};

function builtins(file: FlowFile): [string, Name][] {
  const object = (name: string, fields: Readonly<Record<string, Type>>): Type => ({ kind: 'object', name, fields });
  const text: Type = { kind: 'string' };
  const names: [string, Name][] = [
    ['session', { type: object('session', SESSION), origin: 'builtin', read: (run) => run.session }],
    ['memory', { type: object('memory', REMEMBERED), origin: 'builtin', read: (run) => run.memory }],
    ['customer', { type: { kind: 'any' }, origin: 'builtin', read: (run) => run.customer }],
    ['channel', { type: object('channel', { name: text, kind: text }), origin: 'builtin', read: (run) => run.channel }],
    [
      'conversation',
      { type: object('conversation', { id: text, locale: text }), origin: 'builtin', read: (run) => run.conversation },
    ],
    ['now', { type: { kind: 'datetime' }, origin: 'builtin', read: (run) => new Date(run.now).toISOString() }],
    ['today', { type: { kind: 'date' }, origin: 'builtin', read: (run) => dateAt(run.now, run.timezone) }],
  ];
  for (const [name, type] of Object.entries(file.pattern === undefined ? {} : (PATTERNS[file.pattern] ?? {}))) {
    names.push([name, { type, origin: 'builtin', read: (run) => run.slots[name] ?? null }]);
  }
  return names;
}

const DURATION = /^(\d+(ms|[smhdw]))+$/;
const isDuration = (source: unknown): source is string => typeof source === 'string' && DURATION.test(source);

/** A flow that runs off its end has done what it was for. */
function finishQuietly(c: Compiler, file: FlowFile): void {
  const missing = Object.entries(file.header.outputs).filter(([, type]) => type.kind !== 'optional');
  if (missing.length > 0 && !c.poisoned) {
    c.at = [];
    c.error(
      'flow.missing_return',
      `The flow can end without returning ${missing.map(([name]) => `\`${name}\``).join(', ')}.`,
      'steps',
      'Let every way end in `return:` or `end:`.',
    );
  }
  c.emit({
    enter(run) {
      run.finish('resolved', {});
      return LEFT;
    },
  });
  c.facts = undefined;
}

/** A pattern's block runs in the flow's own frame, wherever it stands: nothing is known to be set there. */
function compileHandler(c: Compiler, file: FlowFile, pattern: string, block: unknown): [string, number][] {
  const inputs = PATTERNS[pattern];
  c.at = ['on'];
  if (!inputs) {
    const guess = nearest(pattern, Object.keys(PATTERNS));
    c.errorAtKey(
      'flow.unknown_pattern',
      `\`${pattern}\` is not a repair pattern.`,
      pattern,
      guess ? `Did you mean \`${guess}\`?` : `They are: ${Object.keys(PATTERNS).join(' ')}.`,
    );
    return [];
  }
  const added: string[] = [];
  for (const [name, type] of Object.entries(inputs)) {
    if (c.names.has(name)) continue;
    c.names.set(name, { type, origin: 'builtin', read: (run) => run.slots[name] ?? null });
    added.push(name);
  }
  const known = Object.entries(file.header.inputs).flatMap(([name, type]) => (type.kind === 'optional' ? [] : [name]));
  const start = c.aside(['on', pattern], block, endOf(pattern), new Set(known));
  for (const name of added) c.names.delete(name);
  return [[pattern, start.pc]];
}

function endOf(pattern: string): Ends {
  if (pattern === 'cancel') return { outcome: 'abandoned' };
  if (pattern === 'error') return { outcome: 'escalated' };
  if (pattern === 'completed') return { ending: true };
  return { resume: 'asking' };
}

function warnOfUnused(c: Compiler, file: FlowFile): void {
  if (file.pattern !== undefined || c.poisoned) return;
  c.at = ['slots'];
  for (const name of Object.keys(c.slots)) {
    if (!c.used.has(name))
      c.report(
        'warning',
        'flow.unused_slot',
        `The slot \`${name}\` is never used.`,
        ['slots', name],
        0,
        'Remove it, or ask for it with `collect`.',
      );
  }
  for (const name of Object.keys(file.source.policy ?? {})) {
    if (!c.used.has(name))
      c.report('warning', 'flow.unused_policy', `The constant \`${name}\` is never used.`, ['policy', name], 0);
  }
}

/** What the flow was about, when it ends. It is kept for long: never what is sensitive. */
function rememberedBy(c: Compiler, file: FlowFile): Compiled | undefined {
  const { remember } = file.source;
  if (remember === undefined) return undefined;
  if (remember === true) return c.value('remember', null);
  const value = c.value('remember', `=${remember}`, optional({ kind: 'string' }));
  const hidden = value.reads.find((name) => c.slots[name]?.sensitive !== undefined);
  if (hidden !== undefined)
    c.error(
      'flow.remember',
      `\`${hidden}\` is sensitive, and is not to be remembered.`,
      'remember',
      'Remember a number that it can be looked up by.',
    );
  return value;
}

function toProgram(c: Compiler, file: FlowFile, on: ReadonlyMap<string, number>): Program {
  c.at = [];
  // It is asked before the flow runs: nothing of it is set.
  c.facts = new Set();
  const remember = rememberedBy(c, file);
  const guard = file.source.guard === undefined ? undefined : c.condition('guard', file.source.guard);
  return {
    flow: file.header.flow,
    version: createHash('sha256')
      .update(JSON.stringify(file.source satisfies object as unknown as Json))
      .digest('base64url')
      .slice(0, 12),
    header: file.header,
    ops: c.ops,
    steps: c.steps,
    slots: c.slots,
    asks: c.asks,
    on,
    guard: guard && ((run) => guard.evaluate(run) === true),
    remember: remember && ((run) => remember.evaluate(run)),
    templates: c.templates,
    confirms: new Map([...c.confirms].map(([name, { hash }]) => [name, hash])),
  };
}
