import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type Json, type JsonObject, optional, required, show, type Type } from '../type.ts';
import { nearest } from './did-you-mean.ts';
import { assignable, compileExpression, type Expression, type Scope, type Variable } from './expression/expression.ts';
import { consent, type Facts, intersect } from './facts.ts';
import type { Library } from './library.ts';
import { compileText } from './message-format.ts';
import type { Problem } from './problem.ts';
import { type Header, LEFT, type Op, RESUME, type SlotSpec, type StepInfo, WAIT } from './program.ts';
import type { Run } from './run.ts';
import type { StepKind } from './step.ts';
import { conform } from './value.ts';
import type { Path, YamlFile } from './yaml.ts';
import { parseZod } from './zod-problems.ts';

/** A name in scope. `known` variables are set from the start; the others once a step has set them. */
export interface Name extends Variable<Run> {
  readonly origin: 'slot' | 'input' | 'result' | 'policy' | 'builtin' | 'item' | 'identity';
}

/** A compiled value: a literal or an expression. */
export interface Compiled {
  readonly type: Type;
  readonly reads: readonly string[];
  readonly paths: readonly string[];
  readonly literal: boolean;
  evaluate(run: Run): Json;
}

export interface Localized {
  readonly reads: readonly string[];
  render(run: Run): string;
  /** In every language, for understanding an answer given in another one. */
  renderAll(run: Run): readonly string[];
}

/** A place in the program, known once the compiler gets there. */
export interface Label {
  pc: number;
}

/** What follows the last step of a block beside the main line: the flow ends, goes on, or waits again for what it was waiting for. */
export type Ends =
  | { readonly outcome: string }
  | { readonly after: Label }
  | { readonly resume: 'silently' | 'asking' };

/**
 * Walks a flow's steps once, in order, checking and emitting as it goes. It carries what is known to be set at each point, so that a
 * value that may be missing is an error where it is used. Jumps back make it walk again until what is known at their targets settles.
 */
export class Compiler {
  readonly ops: Op[] = [];
  readonly steps: StepInfo[] = [];
  readonly problems: Problem[] = [];
  readonly names = new Map<string, Name>();
  readonly used = new Set<string>();
  readonly slots: Record<string, SlotSpec> = {};
  readonly asks = new Map<string, number>();
  readonly confirms = new Map<string, { binds: readonly string[]; hash: (run: Run) => string }>();
  readonly targets = new Map<string, { label: Label; pc: number }>();
  readonly library: Library;
  /** `undefined`: the steps that follow can never run. */
  facts: Set<string> | undefined = new Set();
  /** Where the running step stands in the file. */
  at: Path = [];
  /** Index of the running step. */
  step = -1;
  /** What earlier walks learnt about the places that `next` jumps to. */
  readonly incoming: ReadonlyMap<string, Facts>;
  /** What this walk learns. */
  readonly outgoing = new Map<string, Set<string>>();
  readonly header: Header;
  /** Outcomes that `end` may name. */
  readonly outcomes: ReadonlySet<string>;
  private readonly yaml: YamlFile;
  private readonly kinds: ReadonlyMap<string, StepKind>;
  private readonly ids = new Map<string, number>();
  private readonly jumps: { id: string; label: Label; at: Path }[] = [];

  constructor(
    flow: { yaml: YamlFile; header: Header; outcomes: ReadonlySet<string> },
    library: Library,
    kinds: ReadonlyMap<string, StepKind>,
    incoming: ReadonlyMap<string, Facts>,
  ) {
    this.yaml = flow.yaml;
    this.header = flow.header;
    this.outcomes = flow.outcomes;
    this.library = library;
    this.kinds = kinds;
    this.incoming = incoming;
  }

  // — Steps ————————————————————————————————————————————————————————————————————————————————————————————————

  /** Compiles steps in place. */
  block(key: string | Path, source: unknown): void {
    const at = this.path(key);
    if (Array.isArray(source)) for (const [index, item] of source.entries()) this.compileStep(item, [...at, index]);
    else this.compileStep(source, at);
  }

  /**
   * Compiles steps that run only when something jumps there, after which the flow ends with `outcome`, or goes on at `after`.
   * Returns where they begin.
   */
  aside(key: string | Path, source: unknown, ends: Ends, facts?: Facts): Label {
    const start: Label = { pc: this.ops.length };
    const kept = this.facts;
    this.facts = new Set(facts ?? kept ?? []);
    this.block(key, source);
    if (this.facts) {
      if ('outcome' in ends) this.finish(ends.outcome);
      else if ('after' in ends) this.jump(ends.after);
      else this.resume(ends.resume);
    }
    this.facts = kept;
    return start;
  }

  private compileStep(source: unknown, at: Path): void {
    const outer = { at: this.at, step: this.step };
    this.at = at;
    if (!this.facts) {
      this.warn(
        'flow.unreachable_step',
        'This step can never run: the steps before it always end or jump.',
        [],
        'Remove it, or move it before them.',
      );
      this.facts = new Set(this.names.keys());
    }
    const kind = this.kindOf(source);
    if (kind) {
      const parsed = this.parse(kind.schema, source, at) as { id?: string; was?: string } | undefined;
      if (parsed) {
        this.step = this.openStep(kind.word, kind.idOf(parsed as never), parsed, source);
        kind.compile(parsed as never, this);
      }
    }
    this.at = outer.at;
    this.step = outer.step;
  }

  private kindOf(source: unknown) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      const written = typeof source === 'string' ? `\`${source}\`` : 'this';
      this.error('flow.not_a_step', `${written} is not a step.`, [], 'A step is a map such as `say: Hello`.');
      return undefined;
    }
    const keys = Object.keys(source);
    const words = keys.filter((key) => this.kinds.has(key));
    if (words.length === 0) {
      const guess = keys.map((key) => nearest(key, this.kinds.keys())).find((word) => word !== undefined);
      const known = [...this.kinds.keys()].join(' ');
      this.errorAtKey(
        'flow.unknown_step',
        `No step is called \`${keys.find((key) => key !== 'id') ?? ''}\`.`,
        keys.find((key) => key !== 'id') ?? '',
        guess ? `Did you mean \`${guess}\`?` : `The steps are: ${known}.`,
      );
      return undefined;
    }
    const first = words[0];
    const others = words.slice(1);
    const kind = first === undefined ? undefined : this.kinds.get(first);
    const stranger = others.find((word) => kind && !kind.keys.has(word));
    if (stranger !== undefined) {
      this.errorAtKey(
        'flow.two_steps',
        `\`${first}\` and \`${stranger}\` are two steps in one.`,
        stranger,
        `Begin \`${stranger}\` with a dash of its own.`,
      );
      return undefined;
    }
    return kind;
  }

  private openStep(
    kind: string,
    natural: string | undefined,
    parsed: { id?: string; was?: string },
    source: unknown,
  ): number {
    const base = parsed.id ?? natural ?? kind;
    const count = (this.ids.get(base) ?? 0) + 1;
    this.ids.set(base, count);
    const id = count === 1 ? base : `${base}#${count}`;
    if (parsed.id !== undefined && count > 1) {
      this.errorAtKey(
        'flow.duplicate_id',
        `Another step is already called \`${id.split('#')[0]}\`.`,
        'id',
        'Give each step an id of its own.',
      );
    }
    const index = this.steps.length;
    const pc = this.ops.length;
    let hash: string | undefined;
    this.steps.push({
      id,
      was: parsed.was,
      kind,
      pc,
      line: this.yaml.locate(this.at).line,
      get hash() {
        hash ??= createHash('sha256').update(JSON.stringify(source)).digest('base64url').slice(0, 8);
        return hash;
      },
    });
    this.targets.set(id, { label: { pc }, pc });
    const incoming = this.incoming.get(id);
    if (incoming && this.facts) this.facts = intersect(this.facts, incoming);
    return index;
  }

  // — Operations ———————————————————————————————————————————————————————————————————————————————————————————

  emit(op: Omit<Op, 'step' | 'reads' | 'writes'> & Partial<Pick<Op, 'reads' | 'writes'>>): number {
    this.ops.push({ reads: [], writes: [], ...op, step: this.step });
    return this.ops.length - 1;
  }

  /** An operation that goes to a label. */
  jump(to: Label): void {
    this.emit({ enter: () => to.pc });
  }

  /** An operation that ends the flow. */
  finish(outcome: string): void {
    this.emit({
      enter: (run) => {
        run.finish(outcome);
        return LEFT;
      },
    });
    this.facts = undefined;
  }

  /** An operation that goes back to what was waiting when a block beside the main line ran. */
  private resume(how: 'silently' | 'asking'): void {
    this.emit({
      enter: (run) => {
        const pc = run.frame.back?.pop();
        if (pc === undefined) throw new Error('A block beside the main line ended, but nothing was waiting.');
        run.frame.pc = pc;
        return how === 'asking' ? RESUME : WAIT;
      },
    });
    this.facts = undefined;
  }

  /** Sets the label to here. */
  place(label: Label): void {
    label.pc = this.ops.length;
  }

  /** A label for a step that `next` names; it is found when the whole flow is read. */
  target(id: string, key: string): Label {
    const label: Label = { pc: -1 };
    this.jumps.push({ id, label, at: [...this.at, key] });
    if (this.facts) {
      const known = this.outgoing.get(id);
      this.outgoing.set(id, known ? intersect(known, this.facts) : new Set(this.facts));
    }
    return label;
  }

  /** After the last step: every `next` finds its target, or is told that there is none. */
  resolveJumps(): void {
    for (const { id, label, at } of this.jumps) {
      const target = this.targets.get(id);
      if (target) label.pc = target.pc;
      else {
        const guess = nearest(id, this.targets.keys());
        this.report(
          'error',
          'flow.unknown_target',
          `No step is called \`${id}\`.`,
          at,
          0,
          guess ? `Did you mean \`${guess}\`?` : 'Give the step an `id`.',
        );
      }
    }
  }

  // — What is known ————————————————————————————————————————————————————————————————————————————————————————

  /** Runs `walk` from the present facts plus `more`, and returns the facts at its end, restoring the present ones. */
  branch(more: Iterable<string>, walk: () => void): Set<string> | undefined {
    const kept = this.facts;
    this.facts = kept && new Set([...kept, ...more]);
    walk();
    const end = this.facts;
    this.facts = kept;
    return end;
  }

  /** What holds whichever way the flow came. */
  join(...ends: (Set<string> | undefined)[]): void {
    const live = ends.filter((end) => end !== undefined);
    this.facts = live.length === 0 ? undefined : live.reduce((a, b) => intersect(a, b));
  }

  /** A variable got a new value: what was known of it, and every consent that covers it, is gone. */
  assign(name: string, isSet: boolean): void {
    if (!this.facts) return;
    for (const fact of this.facts) if (fact === name || fact.startsWith(`${name}.`)) this.facts.delete(fact);
    for (const [confirm, { binds }] of this.confirms) {
      if (binds.some((path) => path === name || path.startsWith(`${name}.`))) this.facts.delete(consent(confirm));
    }
    if (isSet) this.facts.add(name);
  }

  /** Declares what an action, a call or a model writes into `as`. */
  result(key: string, name: string, type: Type, origin: Name['origin'] = 'result'): void {
    const existing = this.names.get(name);
    if (existing && existing.origin !== origin) this.clash(key, name, existing.origin);
    this.names.set(name, { type: optional(type), origin, read: (run) => run.slots[name] ?? null });
    this.assign(name, type.kind !== 'optional' && type.kind !== 'null');
  }

  clash(key: string, name: string, origin: string): void {
    this.errorAtKey('flow.name_clash', `\`${name}\` is already the name of a ${origin}.`, key, 'Choose another name.');
  }

  // — Values ———————————————————————————————————————————————————————————————————————————————————————————————

  /** A condition; poisoned (always true, of any type) when it is wrong, so that one mistake is told once. */
  condition(key: string | Path, source: string | boolean): Expression<Run> {
    return this.expression(key, String(source), 0, { kind: 'boolean' });
  }

  expression(
    key: string | Path,
    source: string,
    skip: number,
    expected?: Type,
    extra?: ReadonlyMap<string, Name>,
  ): Expression<Run> {
    const { expression, problems } = compileExpression<Run>(source, this.scope(extra), expected);
    for (const { code, message, from, hint, severity } of problems)
      this.report(severity, code, message, this.path(key), skip + from, hint);
    for (const name of expression?.reads ?? []) this.used.add(name);
    return expression ?? poisoned(source);
  }

  /** A literal, `=expression`, or a list or map of them. */
  value(key: string | Path, source: unknown, expected?: Type): Compiled {
    const at = this.path(key);
    if (typeof source === 'string' && source.startsWith('=')) {
      const skip = source.length - source.slice(1).trimStart().length;
      const expression = this.expression(at, source.slice(skip), skip);
      if (expected && !this.fits(expression.type, expected)) {
        this.report(
          'error',
          'flow.type',
          `This is ${aType(expression.type)}, but ${aType(expected)} is needed.`,
          at,
          skip,
          unsetHint(expression.type, expected),
        );
      }
      return {
        type: expression.type,
        reads: [...expression.reads],
        paths: [...expression.paths],
        literal: false,
        evaluate: (run) => expression.evaluate(run),
      };
    }
    if (holdsExpression(source)) return this.composite(at, source, expected);
    return this.literal(at, source, expected);
  }

  private fits(from: Type, to: Type): boolean {
    return assignable(from, to);
  }

  private literal(at: Path, source: unknown, expected: Type | undefined): Compiled {
    const raw = (source ?? null) as Json;
    if (!expected) return { type: typeOfLiteral(raw), reads: [], paths: [], literal: true, evaluate: () => raw };
    const result = conform(raw, expected);
    if (!result.ok) {
      const target = required(expected);
      const guess = target.kind === 'enum' && typeof raw === 'string' ? nearest(raw, target.values) : undefined;
      this.report(
        'error',
        target.kind === 'enum' ? 'expression.enum' : 'flow.type',
        `${JSON.stringify(raw)} is not ${aType(expected)}.`,
        at,
        0,
        guess ? `Did you mean \`${guess}\`?` : undefined,
      );
    }
    const value = result.ok ? result.value : raw;
    return { type: value === null ? expected : required(expected), reads: [], paths: [], literal: true, evaluate: () => value };
  }

  private composite(at: Path, source: unknown, expected: Type | undefined): Compiled {
    const target = expected && required(expected);
    const parts = Object.entries(source as object).map(([key, part]) => {
      const type = target?.kind === 'list' ? target.of : target?.kind === 'object' ? target.fields[key] : undefined;
      return [key, this.value([...at, Array.isArray(source) ? Number(key) : key], part, type)] as const;
    });
    const union = (pick: (value: Compiled) => readonly string[]) => [
      ...new Set(parts.flatMap(([, value]) => pick(value))),
    ];
    return {
      type: expected ?? { kind: 'any' },
      reads: union((value) => value.reads),
      paths: union((value) => value.paths),
      literal: false,
      evaluate: Array.isArray(source)
        ? (run) => parts.map(([, value]) => value.evaluate(run))
        : (run) => Object.fromEntries(parts.map(([key, value]) => [key, value.evaluate(run)])),
    };
  }

  /** A text in every language of the deployment. */
  text(key: string | Path, source: unknown, extra?: ReadonlyMap<string, Name>): Localized {
    const at = this.path(key);
    const byLocale: Record<string, { render(run: Run): string }> = {};
    const reads = new Set<string>();
    const sources = typeof source === 'string' ? { '*': source } : (source as Record<string, string>);
    for (const [locale, text] of Object.entries(sources)) {
      const { text: compiled, problems } = compileText<Run>(
        text,
        locale === '*' ? (this.library.locales[0] ?? 'en') : locale,
        this.scope(extra),
      );
      const place = locale === '*' ? at : [...at, locale];
      for (const { code, message, from, hint, severity } of problems)
        this.report(severity, code, message, place, from, hint);
      for (const name of compiled?.reads ?? []) {
        reads.add(name);
        this.used.add(name);
      }
      byLocale[locale] = compiled ?? { render: () => text };
    }
    if (!('*' in byLocale)) this.checkLocales(at, byLocale);
    else if (this.library.locales.length > 1) {
      for (const locale of this.library.locales.slice(1)) {
        const compiled = compileText<Run>(sources['*'] ?? '', locale, this.scope(extra)).text;
        if (compiled) byLocale[locale] = compiled;
      }
    }
    const fallback = byLocale[this.library.locales[0] ?? 'en'] ??
      byLocale['*'] ??
      Object.values(byLocale)[0] ?? { render: () => '' };
    const all = [...new Set(Object.values(byLocale))];
    return {
      reads: [...reads],
      render: (run) => (byLocale[run.locale] ?? fallback).render(run),
      renderAll: (run) => [...new Set(all.map((text) => text.render(run)))],
    };
  }

  private checkLocales(at: Path, byLocale: Record<string, unknown>): void {
    for (const locale of this.library.locales) {
      if (locale in byLocale) continue;
      this.report(
        'error',
        'message.missing_locale',
        `This text has no \`${locale}\` version.`,
        at,
        0,
        `Add \`${locale}:\`, since parley.yaml lists that language.`,
      );
    }
    for (const locale of Object.keys(byLocale)) {
      if (this.library.locales.includes(locale)) continue;
      const guess = nearest(locale, this.library.locales);
      const place = this.yaml.locateKey(at, locale);
      if (/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(locale)) continue;
      this.problems.push({
        file: this.yaml.file,
        ...place,
        code: 'flow.unknown_key',
        message: `\`${locale}\` is neither a language nor a key of this step.`,
        ...(guess ? { hint: `Did you mean \`${guess}\`?` } : {}),
        severity: 'error',
      });
    }
  }

  /** A label must fit the buttons of every channel that is switched on. */
  checkLabel(key: Path, source: unknown): void {
    const labels = typeof source === 'string' ? [source] : Object.values((source ?? {}) as Record<string, string>);
    for (const { name, can } of this.library.channels) {
      const limit = can.choices?.label;
      const long = labels.find((label) => limit !== undefined && !label.includes('{') && [...label].length > limit);
      if (long !== undefined)
        this.error(
          'message.label_too_long',
          `“${long}” has ${[...long].length} characters; \`${name}\` shows ${limit}.`,
          key,
          'Shorten it.',
        );
    }
  }

  scope(extra?: ReadonlyMap<string, Name>): Scope<Run> {
    const names = this.names;
    const facts = this.facts;
    return {
      variable: (name) => extra?.get(name) ?? names.get(name),
      names: () => (extra ? [...extra.keys(), ...names.keys()] : names.keys()),
      isSet: (path) => facts === undefined || facts.has(path),
    };
  }

  // — Problems —————————————————————————————————————————————————————————————————————————————————————————————

  parse<S extends z.ZodType>(schema: S, source: unknown, at: Path): z.infer<S> | undefined {
    return parseZod(schema, source, at, this.yaml, this.problems);
  }

  error(code: string, message: string, key: string | Path = [], hint?: string): void {
    this.report('error', code, message, this.path(key), 0, hint);
  }

  warn(code: string, message: string, key: string | Path = [], hint?: string): void {
    this.report('warning', code, message, this.path(key), 0, hint);
  }

  errorAtKey(code: string, message: string, key: string, hint?: string, at: Path = this.at): void {
    this.problems.push({
      file: this.yaml.file,
      ...this.yaml.locateKey(at, key),
      code,
      message,
      severity: 'error',
      ...(hint ? { hint } : {}),
    });
  }

  report(severity: Problem['severity'], code: string, message: string, at: Path, offset: number, hint?: string): void {
    this.problems.push({
      file: this.yaml.file,
      ...this.yaml.locate(at, offset),
      code,
      message,
      severity,
      ...(hint ? { hint } : {}),
    });
  }

  private path(key: string | Path): Path {
    return typeof key === 'string'
      ? [...this.at, key]
      : key.length > 0 && startsWith(key, this.at)
        ? key
        : [...this.at, ...key];
  }
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length > 0 && path.length >= prefix.length && prefix.every((part, index) => path[index] === part);
}

function poisoned(source: string): Expression<Run> {
  const none: ReadonlySet<string> = new Set();
  return {
    source,
    type: { kind: 'any' },
    reads: none,
    paths: none,
    whenTrue: none,
    whenFalse: none,
    evaluate: () => null,
  };
}

function holdsExpression(source: unknown): boolean {
  if (typeof source === 'string') return source.startsWith('=');
  return typeof source === 'object' && source !== null && Object.values(source).some(holdsExpression);
}

function typeOfLiteral(raw: Json): Type {
  if (raw === null) return { kind: 'null' };
  if (typeof raw === 'string') return { kind: 'string' };
  if (typeof raw === 'boolean') return { kind: 'boolean' };
  if (typeof raw === 'number') return { kind: Number.isInteger(raw) ? 'integer' : 'number' };
  if (Array.isArray(raw)) return { kind: 'list', of: raw.length > 0 ? typeOfLiteral(raw[0] as Json) : { kind: 'any' } };
  return objectType(raw as JsonObject);
}

function objectType(raw: JsonObject): Type {
  const keys = Object.keys(raw);
  if (keys.length === 2 && 'amount' in raw && 'currency' in raw) return { kind: 'money' };
  return {
    kind: 'object',
    name: 'object',
    fields: Object.fromEntries(keys.map((key) => [key, typeOfLiteral(raw[key] ?? null)])),
  };
}

export function aType(type: Type): string {
  const written = show(type);
  return `${/^[aeiou]/.test(written) ? 'an' : 'a'} \`${written}\``;
}

function unsetHint(from: Type, to: Type): string | undefined {
  return from.kind === 'optional' && assignable(from.of, to)
    ? 'It may be unset here: test it with `if: … != null` first.'
    : undefined;
}
