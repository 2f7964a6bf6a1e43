import { optional, type Type } from '../../type.ts';
import { compileExpression, type Expression, type Scope, type Variable } from '../expression/expression.ts';
import type { Library } from '../library.ts';
import { Reporter } from '../reading/reporter.ts';
import type { Path, YamlFile } from '../reading/yaml.ts';
import type { Run } from '../run.ts';
import { consent, intersect } from './facts.ts';

/** A name in scope. `known` variables are set from the start; the others once a step has set them. */
export interface Name extends Variable<Run> {
  readonly origin: 'slot' | 'input' | 'result' | 'policy' | 'builtin' | 'item' | 'identity';
}

/**
 * What is known at a point of a flow: the names in scope, and which of them hold a value there. A value that may be missing is an
 * error where it is used.
 */
export class Knowledge extends Reporter {
  readonly names = new Map<string, Name>();
  /** Names that something reads. */
  readonly used = new Set<string>();
  readonly confirms = new Map<string, { binds: readonly string[]; hash: (run: Run) => string }>();
  readonly library: Library;
  /**
   * A step or a condition could not be read: nobody knows what would have been set, asked or agreed to from here on, and nothing is
   * said to be missing for it. One mistake is told once.
   */
  poisoned = false;
  /** `undefined`: the steps that follow can never run. */
  facts: Set<string> | undefined = new Set();

  constructor(yaml: YamlFile, library: Library) {
    super(yaml);
    this.library = library;
  }

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
    if (existing && existing.origin !== origin) return this.clash(key, name, existing.origin);
    this.names.set(name, { type: optional(type), origin, read: (run) => run.slots[name] ?? null });
    this.assign(name, type.kind !== 'optional' && type.kind !== 'null');
  }

  clash(key: string, name: string, origin: string): void {
    this.errorAtKey('flow.name_clash', `\`${name}\` is already the name of a ${origin}.`, key, 'Choose another name.');
  }

  scope(extra?: ReadonlyMap<string, Name>): Scope<Run> {
    const names = this.names;
    const facts = this.facts;
    return {
      variable: (name) => extra?.get(name) ?? names.get(name),
      names: () => (extra ? [...extra.keys(), ...names.keys()] : names.keys()),
      isSet: (path) => facts === undefined || this.poisoned || facts.has(path),
    };
  }

  /** A condition; poisoned (always true, of any type) when it is wrong, so that one mistake is told once. */
  condition(key: string | Path, source: string | boolean): Expression<Run> {
    const before = this.problems.length;
    const condition = this.expression(key, String(source), 0, { kind: 'boolean' });
    if (this.problems.slice(before).some(({ severity }) => severity === 'error')) this.poisoned = true;
    return condition;
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
