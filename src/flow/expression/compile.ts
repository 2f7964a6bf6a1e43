import { ParleyError } from '../../errors.ts';
import { type Json, required, show, type Type } from '../../type.ts';
import { assignable, isNumeric, isText, join } from '../assignable.ts';
import { didYouMean } from '../did-you-mean.ts';
import { arithmetic } from './arithmetic.ts';
import { comparison, same } from './comparison.ts';
import { fieldsOf } from './field.ts';
import { FUNCTIONS } from './functions.ts';
import { both, either, NOTHING, prefixes } from './narrowing.ts';
import { asList, asNumber, type Built, ownField, type Piece, type Run, spend, wrongValue } from './piece.ts';
import type { Env, Problem, Scope } from './scope.ts';
import type { At, Comparison, Node } from './syntax.ts';

/** What is known where a part of the expression stands: paths that are set, and the macros' variables. */
interface Place {
  readonly known: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, Local>;
}

interface Local {
  readonly type: Type;
  readonly depth: number;
}

type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

const BOOLEAN: Type = { kind: 'boolean' };
const ANY: Type = { kind: 'any' };
const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/**
 * Checks the tree and turns it into closures in one walk, since the type of a part decides which closure it becomes.
 * A part that is wrong is reported once and becomes `any`, so that what is built on it raises no second complaint.
 */
export class Compiler {
  readonly problems: Problem[] = [];
  /** Root variables and dotted paths of the scope that are read. */
  readonly reads = new Set<string>();
  readonly paths = new Set<string>();
  readonly #scope: Scope<Env>;

  constructor(scope: Scope<Env>) {
    this.#scope = scope;
  }

  /** The whole expression; `expected` is what the place where it stands wants. */
  whole(node: Node, expected: Type | undefined): Piece {
    const piece = this.#visit(node, { known: NOTHING, locals: new Map() });
    if (expected === undefined || piece.poisoned || assignable(piece.type, expected)) return piece;
    return this.#unfit(piece, expected);
  }

  #unfit(piece: Piece, expected: Type): Piece {
    const wanted = required(expected);
    const inner = required(piece.type);
    if (piece.type.kind === 'optional' && assignable(inner, expected)) {
      // A condition that is unset does not hold, which is safe; anything else would go on with nothing in its hands.
      if (expected.kind === 'boolean') return this.#settled(piece);
      return this.#unset(piece, 'error');
    }
    if (wanted.kind === 'enum' && inner.kind === 'enum') return this.#misspelled(piece, inner.values, wanted.values);
    return this.#wrong(piece.node, `Expected ${show(expected)}, found ${describe(piece.type)}.`);
  }

  #visit(node: Node, place: Place): Piece {
    switch (node.kind) {
      case 'literal':
        return literal(node);
      case 'name':
        return this.#name(node, place);
      case 'member':
        return this.#member(node, place);
      case 'index':
        return this.#index(node, place);
      case 'call':
        return this.#call(node, place);
      case 'unary':
        return node.operator === '!' ? this.#not(node, place) : this.#negative(node, place);
      case 'binary':
        return this.#binary(node, place);
      case 'choice':
        return this.#choice(node, place);
      case 'list':
        return this.#list(node, place);
      case 'map':
        return this.#map(node, place);
    }
  }

  // Reading: names, fields, items.

  #name(node: Of<'name'>, place: Place, path: string = node.name): Piece {
    const local = place.locals.get(node.name);
    if (local !== undefined) {
      const { depth } = local;
      // "#" cannot begin a name: a macro's variable never passes for one of the scope.
      const own = `#${depth}`;
      return piece(
        node,
        { type: this.#narrowed(local.type, own, place), run: (_, locals) => locals[depth]! },
        { path: own },
      );
    }
    const variable = this.#scope.variable(node.name);
    if (variable === undefined) {
      const hint = didYouMean(node.name, [...place.locals.keys(), ...this.#scope.names()]);
      return this.#wrong(node, `There is no "${node.name}" here.`, 'expression.unknown_name', hint);
    }
    this.reads.add(node.name);
    if (path === node.name) this.paths.add(path);
    const type = this.#narrowed(variable.type, node.name, place);
    return piece(node, { type, run: (env) => variable.read(env) ?? null }, { path: node.name });
  }

  #member(node: Of<'member'>, place: Place, outer = true): Piece {
    const target = this.#target(node.target, place);
    if (target.poisoned) return this.#poison(node);
    const path = target.path === undefined ? undefined : `${target.path}.${node.field}`;
    if (outer && path !== undefined && !path.startsWith('#')) this.paths.add(path);
    const holder = this.#settled(target);
    const { field } = node;
    const run: Run = (env, locals) => ownField(holder.run(env, locals), field);
    if (holder.type.kind === 'any') return piece(node, { type: ANY, run }, { path });
    const fields = fieldsOf(holder.type);
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (type === undefined) return this.#unknownField(node, holder.type, Object.keys(fields));
    return piece(node, { type: this.#narrowed(type, path, place), run }, { path });
  }

  /** What a field, item or method is taken of: only the longest path of a chain is what the expression reads. */
  #target(node: Node, place: Place): Piece {
    if (node.kind === 'name') return this.#name(node, place, '');
    return node.kind === 'member' ? this.#member(node, place, false) : this.#visit(node, place);
  }

  #unknownField(node: Of<'member'>, type: Type, fields: readonly string[]): Piece {
    const at = { from: node.fieldFrom, to: node.to };
    const method = FUNCTIONS.has(node.field) ? `Write ${node.field}().` : undefined;
    const hint = method ?? didYouMean(node.field, fields);
    this.#report(at, 'expression.unknown_field', `${capital(describe(type))} has no field "${node.field}".`, hint);
    return this.#poison(node);
  }

  #index(node: Of<'index'>, place: Place): Piece {
    const target = this.#visit(node.target, place);
    const index = this.#visit(node.index, place);
    if (target.poisoned || index.poisoned) return this.#poison(node);
    const list = this.#settled(target);
    const known = list.type.kind === 'list' ? list.type.of : ANY;
    if (list.type.kind !== 'list' && list.type.kind !== 'any')
      return this.#wrong(node, `${capital(describe(list.type))} has no items.`);
    if (!isNumeric(index.type) && index.type.kind !== 'any' && !(list.type.kind === 'any' && isText(index.type)))
      return this.#wrong(node.index, `An item is taken by its number, not by ${describe(index.type)}.`);
    return piece(node, { type: known, run: (env, locals) => item(list.run(env, locals), index.run(env, locals)) });
  }

  // Logic. An unset condition does not hold.

  #binary(node: Of<'binary'>, place: Place): Piece {
    switch (node.operator) {
      case '&&':
      case '||':
        return this.#logic(node, place, node.operator === '&&');
      case 'in':
        return this.#in(node, place);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.#arithmetic(node, place);
      default:
        return this.#compare(node, node.operator, place);
    }
  }

  #logic(node: Of<'binary'>, place: Place, and: boolean): Piece {
    const left = this.#condition(node.left, place);
    const right = this.#condition(node.right, knowing(place, and ? left.whenTrue : left.whenFalse));
    const [a, b] = [left.run, right.run];
    const run: Run = and
      ? (env, locals) => a(env, locals) === true && b(env, locals) === true
      : (env, locals) => a(env, locals) === true || b(env, locals) === true;
    const whenTrue = and ? both(left.whenTrue, right.whenTrue) : either(left.whenTrue, right.whenTrue);
    const whenFalse = and ? either(left.whenFalse, right.whenFalse) : both(left.whenFalse, right.whenFalse);
    return piece(node, { type: BOOLEAN, run }, { whenTrue, whenFalse });
  }

  #not(node: Of<'unary'>, place: Place): Piece {
    const operand = this.#condition(node.operand, place);
    const { run, whenTrue, whenFalse } = operand;
    return piece(
      node,
      { type: BOOLEAN, run: (env, locals) => run(env, locals) !== true },
      { whenTrue: whenFalse, whenFalse: whenTrue },
    );
  }

  #condition(node: Node, place: Place): Piece {
    const found = this.#settled(this.#visit(node, place));
    if (found.poisoned || assignable(found.type, BOOLEAN)) return found;
    return this.#wrong(node, `Expected true or false, found ${describe(found.type)}.`);
  }

  #choice(node: Of<'choice'>, place: Place): Piece {
    const test = this.#condition(node.test, place);
    const yes = this.#visit(node.yes, knowing(place, test.whenTrue));
    const no = this.#visit(node.no, knowing(place, test.whenFalse));
    if (test.poisoned || yes.poisoned || no.poisoned) return this.#poison(node);
    const type = join(yes.type, no.type);
    if (type === undefined)
      return this.#wrong(node, `One answer is ${describe(yes.type)}, the other ${describe(no.type)}.`);
    const [holds, a, b] = [test.run, yes.run, no.run];
    return piece(node, { type, run: (env, at) => (holds(env, at) === true ? a(env, at) : b(env, at)) });
  }

  // Comparing and calculating.

  #compare(node: Of<'binary'>, operator: Comparison, place: Place): Piece {
    const equality = operator === '==' || operator === '!=';
    const visit = (side: Node) => (equality ? this.#visit(side, place) : this.#settled(this.#visit(side, place)));
    const left = visit(node.left);
    const right = visit(node.right);
    if (left.poisoned || right.poisoned) return this.#poison(node);
    if (this.#misspeltChoice(left, right)) return this.#poison(node);
    const swapped = left.constant !== undefined && right.constant === undefined && equality;
    const run = swapped ? comparison(operator, right, left) : comparison(operator, left, right);
    if (run === undefined) return this.#incomparable(node, left, right);
    return piece(node, { type: BOOLEAN, run }, equality ? this.#equalityNarrows(operator === '==', left, right) : {});
  }

  #incomparable(node: Of<'binary'>, left: Piece, right: Piece): Piece {
    const kinds = [required(left.type).kind, required(right.type).kind];
    const hint = kinds.includes('money')
      ? 'Compare money with money, or its ".amount" with a number.'
      : kinds.includes('duration')
        ? 'Write the duration as days(30) or minutes(15).'
        : undefined;
    const message = `Cannot compare ${describe(left.type)} with ${describe(right.type)} by ${node.operator}.`;
    return this.#wrong(node, message, 'expression.type', hint);
  }

  /** `x != null` tells when true that x is set; `x == "a"` does too; `x == null` tells it when false. */
  #equalityNarrows(equal: boolean, left: Piece, right: Piece): Partial<Piece> {
    const [side, other] = right.constant !== undefined ? [left, right] : [right, left];
    if (other.constant === undefined || side.path === undefined) return {};
    const set = prefixes(side.path);
    return equal === (other.constant !== null)
      ? { whenTrue: set }
      : { whenFalse: other.constant === null ? set : NOTHING };
  }

  #misspeltChoice(left: Piece, right: Piece): boolean {
    const [a, b] = [required(left.type), required(right.type)];
    if (a.kind !== 'enum' || b.kind !== 'enum' || a.values.some((value) => b.values.includes(value))) return false;
    const literalLeft = left.constant !== undefined;
    if (literalLeft && right.constant !== undefined) return false;
    if (literalLeft) this.#misspelled(left, a.values, b.values);
    else this.#misspelled(right, b.values, a.values);
    return true;
  }

  #misspelled(piece: Piece, values: readonly string[], allowed: readonly string[]): Piece {
    const odd = values.find((value) => !allowed.includes(value)) ?? '';
    const near = didYouMean(odd, allowed);
    const hint = near ?? `It may be ${allowed.join(', ')}.`;
    return this.#wrong(piece.node, `"${odd}" is none of its values.`, 'expression.enum', hint);
  }

  #in(node: Of<'binary'>, place: Place): Piece {
    const left = this.#visit(node.left, place);
    const right = this.#settled(this.#visit(node.right, place));
    if (left.poisoned || right.poisoned) return this.#poison(node);
    const { type } = right;
    if (type.kind !== 'list' && type.kind !== 'any')
      return this.#wrong(node.right, `Expected a list after "in", found ${describe(type)}.`);
    if (type.kind === 'list' && this.#oddItem(left, right, type.of)) return this.#poison(node);
    const [a, b] = [left.run, right.run];
    const run: Run = (env, locals) => holds(env, b(env, locals), a(env, locals));
    return piece(
      node,
      { type: BOOLEAN, run },
      left.path === undefined ? {} : { whenTrue: this.#inNarrows(left, right) },
    );
  }

  #inNarrows(left: Piece, right: Piece): ReadonlySet<string> {
    const whole =
      right.node.kind === 'list' && right.node.items.every((item) => item.kind === 'literal' && item.value !== null);
    return whole && left.path !== undefined ? prefixes(left.path) : NOTHING;
  }

  #oddItem(left: Piece, right: Piece, of: Type): boolean {
    const enumeration = required(left.type);
    if (
      enumeration.kind === 'enum' &&
      of.kind === 'enum' &&
      right.node.kind === 'list' &&
      left.constant === undefined
    ) {
      if (of.values.every((value) => enumeration.values.includes(value))) return false;
      this.#misspelled(right, of.values, enumeration.values);
      return true;
    }
    const constants = left.constant !== undefined && right.node.kind === 'list';
    if (!constants && this.#misspeltChoice(left, { ...right, type: of })) return true;
    if (comparison('==', left, { ...right, type: of }) !== undefined) return false;
    this.#wrong(left.node, `A list of ${show(of)} cannot hold ${describe(left.type)}.`);
    return true;
  }

  #arithmetic(node: Of<'binary'>, place: Place): Piece {
    const left = this.#settled(this.#visit(node.left, place));
    const right = this.#settled(this.#visit(node.right, place));
    if (left.poisoned || right.poisoned || !isArithmetic(node.operator)) return this.#poison(node);
    const built = arithmetic(node.operator, left, right);
    if (built !== undefined) return piece(node, built);
    const money = left.type.kind === 'money' || right.type.kind === 'money';
    const hint = money ? 'Money goes with money of the same currency; ".amount" is its number.' : undefined;
    const message = `Cannot calculate ${describe(left.type)} ${node.operator} ${describe(right.type)}.`;
    return this.#wrong(node, message, 'expression.type', hint);
  }

  #negative(node: Of<'unary'>, place: Place): Piece {
    const operand = this.#settled(this.#visit(node.operand, place));
    if (operand.poisoned) return this.#poison(node);
    const { type, constant } = operand;
    if (typeof constant === 'number') return piece(node, { type, constant: -constant + 0, run: () => -constant + 0 });
    if (!isNumeric(type) && type.kind !== 'duration' && type.kind !== 'any')
      return this.#wrong(node, `Cannot take the negative of ${describe(type)}.`);
    const number = asNumber(operand);
    const run: Run = (env, locals) => {
      const value = number(env, locals);
      return Number.isNaN(value) ? null : -value + 0;
    };
    return piece(node, { type, run });
  }

  // Lists, maps, calls.

  #list(node: Of<'list'>, place: Place): Piece {
    const items = node.items.map((item) => this.#visit(item, place));
    if (items.some((item) => item.poisoned)) return this.#poison(node);
    const of = items.reduce<Type | undefined>((type, item) => type && join(type, item.type), items[0]?.type ?? ANY);
    if (of === undefined) return this.#wrong(node, 'The items of this list are of different types.');
    const runs = items.map((item) => item.run);
    const run: Run = (env, locals) => runs.map((item) => item(env, locals));
    return piece(node, { type: { kind: 'list', of }, run });
  }

  #map(node: Of<'map'>, place: Place): Piece {
    const entries = node.entries.map(({ key, value }) => [key, this.#visit(value, place)] as const);
    for (const { key, from, to } of node.entries)
      if (key === '__proto__') return this.#wrong({ ...node, from, to }, '"__proto__" cannot be a key.');
    if (entries.some(([, value]) => value.poisoned)) return this.#poison(node);
    const fields = Object.fromEntries(entries.map(([key, value]) => [key, value.type]));
    const run: Run = (env, locals) => Object.fromEntries(entries.map(([key, value]) => [key, value.run(env, locals)]));
    return piece(node, { type: { kind: 'object', name: 'map', fields }, run });
  }

  #call(node: Of<'call'>, place: Place): Piece {
    if (node.target === undefined && node.name === 'has') return this.#has(node, place);
    if (node.target !== undefined && MACROS.has(node.name)) return this.#macro(node, node.target, place);
    const written = node.target === undefined ? [] : [this.#visit(node.target, place)];
    const args = [...written, ...node.args.map((arg) => this.#visit(arg, place))].map((arg) => this.#settled(arg));
    const builtin = FUNCTIONS.get(node.name);
    if (builtin === undefined) {
      const at = { from: node.nameFrom, to: node.nameFrom + node.name.length };
      const hint = didYouMean(node.name, [...FUNCTIONS.keys(), ...MACROS, 'has']);
      this.#report(at, 'expression.unknown_name', `There is no function "${node.name}".`, hint);
      return this.#poison(node);
    }
    if (args.some((arg) => arg.poisoned)) return this.#poison(node);
    const fits = args.length >= builtin.least && args.length <= builtin.most;
    const built = fits ? builtin.build(args) : undefined;
    if (built === undefined)
      return this.#wrong(node, `Cannot call ${node.name} so.`, 'expression.type', `Write ${builtin.usage}.`);
    return 'problem' in built ? this.#wrong(node, built.problem, built.code, built.hint) : piece(node, built);
  }

  #has(node: Of<'call'>, place: Place): Piece {
    const [arg] = node.args;
    if (arg?.kind !== 'member' || node.args.length !== 1)
      return this.#wrong(node, 'has() asks for a field.', 'expression.type', 'Write has(order.eta), or order != null.');
    const field = this.#visit(arg, place);
    if (field.poisoned) return this.#poison(node);
    const { run, path } = field;
    const built: Built = { type: BOOLEAN, run: (env, locals) => run(env, locals) !== null };
    return piece(node, built, path === undefined ? {} : { whenTrue: prefixes(path) });
  }

  #macro(node: Of<'call'>, target: Node, place: Place): Piece {
    const list = this.#settled(this.#visit(target, place));
    const [variable, body] = node.args;
    if (variable?.kind !== 'name' || body === undefined || node.args.length !== 2)
      return this.#wrong(
        node,
        `${node.name}() asks for a name and what to do with it.`,
        'expression.syntax',
        `Write list.${node.name}(x, …).`,
      );
    if (list.poisoned) return this.#poison(node);
    if (list.type.kind !== 'list' && list.type.kind !== 'any')
      return this.#wrong(target, `${node.name}() goes through a list, not ${describe(list.type)}.`);
    const depth = place.locals.size;
    const local = { type: list.type.kind === 'list' ? list.type.of : ANY, depth };
    const inside: Place = { ...place, locals: withLocal(place.locals, variable.name, local) };
    const result = node.name === 'map' ? this.#visit(body, inside) : this.#condition(body, inside);
    if (result.poisoned) return this.#poison(node);
    const type: Type =
      node.name === 'map' ? { kind: 'list', of: result.type } : node.name === 'filter' ? list.type : BOOLEAN;
    return piece(node, { type, run: walk(node.name, list.run, result.run, depth) });
  }

  // Unset values and complaints.

  #narrowed(type: Type, path: string | undefined, place: Place): Type {
    if (type.kind !== 'optional' || path === undefined) return type;
    return place.known.has(path) || (!path.startsWith('#') && this.#scope.isSet(path)) ? type.of : type;
  }

  /**
   * The piece where a value is needed. A variable that may be unset is a mistake of the flow; a field that may be unset
   * is often a record of a business system that simply has it, so it is a warning, and unset stays unset at run time.
   */
  #settled(piece: Piece): Piece {
    if (piece.poisoned) return piece;
    if (piece.type.kind === 'null') return this.#wrong(piece.node, 'null can only be compared with == and !=.');
    if (piece.type.kind !== 'optional') return piece;
    const isField = piece.path?.includes('.') === true || piece.node.kind === 'binary' || piece.node.kind === 'call';
    return this.#unset(piece, isField ? 'warning' : 'error');
  }

  #unset(piece: Piece, severity: Problem['severity']): Piece {
    const { node, path } = piece;
    const named = path === undefined || path.startsWith('#') ? 'This value' : `"${path}"`;
    const hint =
      path === undefined || path.startsWith('#') ? 'Compare it with null first.' : `Test ${path} != null first.`;
    this.#report(node, 'expression.maybe_unset', `${named} may be unset here.`, hint, severity);
    return severity === 'error' ? this.#poison(node) : { ...piece, type: required(piece.type) };
  }

  #wrong(node: Node, message: string, code = 'expression.type', hint?: string): Piece {
    this.#report(node, code, message, hint);
    return this.#poison(node);
  }

  #report(
    { from, to }: At,
    code: string,
    message: string,
    hint?: string,
    severity: Problem['severity'] = 'error',
  ): void {
    this.problems.push({ code, message, from, to, severity, ...(hint === undefined ? {} : { hint }) });
  }

  #poison(node: Node): Piece {
    return { ...piece(node, { type: ANY, run: () => null }), poisoned: true };
  }
}

type Knowledge = { readonly path?: string | undefined } & Partial<Pick<Piece, 'whenTrue' | 'whenFalse'>>;

function piece(node: Node, built: Built, { path, whenTrue, whenFalse }: Knowledge = {}): Piece {
  // A flag that is true is also set.
  const own = path !== undefined && !path.startsWith('#') ? prefixes(path) : NOTHING;
  return {
    ...built,
    node,
    ...(path === undefined ? {} : { path }),
    whenTrue: whenTrue ?? own,
    whenFalse: whenFalse ?? NOTHING,
  };
}

function literal(node: Of<'literal'>): Piece {
  const { value } = node;
  return piece(node, { type: literalType(node), constant: value, run: () => value });
}

/** A text is known as the enumeration of itself, so that where an enum is wanted its spelling can be checked. */
function literalType({ value, integer }: Of<'literal'>): Type {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: 'enum', values: [value] };
  if (typeof value === 'boolean') return BOOLEAN;
  return { kind: integer === true ? 'integer' : 'number' };
}

function knowing(place: Place, paths: ReadonlySet<string>): Place {
  return paths.size === 0 ? place : { ...place, known: both(place.known, paths) };
}

/** A new variable hides one of its name, and what was known of it. */
function withLocal(locals: ReadonlyMap<string, Local>, name: string, local: Local): ReadonlyMap<string, Local> {
  return new Map(locals).set(name, local);
}

function item(holder: Json, index: Json): Json {
  if (holder === null || index === null) return null;
  if (typeof index === 'string') return ownField(holder, index);
  const list = asList(holder);
  if (typeof index !== 'number') throw wrongValue('the number of an item', index);
  if (list !== null && Number.isInteger(index) && index >= 0 && index < list.length) return list[index]!;
  throw new ParleyError('expression.index', `There is no item ${index} in a list of ${list?.length ?? 0}.`, {
    hint: 'Test size() first; the first item is [0].',
  });
}

function holds(env: Env, holder: Json, value: Json): boolean {
  if (Array.isArray(holder)) {
    spend(env, holder.length);
    return holder.some((candidate) => same(candidate, value));
  }
  if (holder === null) return false;
  if (typeof holder === 'object' && typeof value === 'string') return Object.hasOwn(holder, value);
  throw wrongValue('a list', holder);
}

/** The macro as a loop over the list, each round paid from the budget. Through an unset list nothing can be said: null. */
function walk(macro: string, list: Run, body: Run, depth: number): Run {
  const rounds = (visit: (items: readonly Json[], holds: (item: Json) => Json) => Json): Run => {
    return (env, locals) => {
      const items = asList(list(env, locals));
      if (items === null) return null;
      return visit(items, (item) => {
        spend(env, 1);
        locals[depth] = item;
        return body(env, locals);
      });
    };
  };
  switch (macro) {
    case 'all':
      return rounds((items, test) => items.every((item) => test(item) === true));
    case 'exists':
      return rounds((items, test) => items.some((item) => test(item) === true));
    case 'exists_one':
      return rounds((items, test) => items.filter((item) => test(item) === true).length === 1);
    case 'filter':
      return rounds((items, test) => items.filter((item) => test(item) === true));
    default:
      return rounds((items, change) => items.map(change));
  }
}

function isArithmetic(operator: string): operator is '+' | '-' | '*' | '/' | '%' {
  return operator.length === 1 && '+-*/%'.includes(operator);
}

function describe(type: Type): string {
  return type.kind === 'enum' && type.values.length === 1 ? `the text "${type.values[0]}"` : show(type);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
