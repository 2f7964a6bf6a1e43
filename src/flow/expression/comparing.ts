import { type Json, required, show, type Type } from '../../type.ts';
import { comparison, same } from './comparison.ts';
import type { Compiler } from './compile.ts';
import { describe } from './describe.ts';
import { NOTHING, prefixes } from './narrowing.ts';
import { type Piece, piece, type Run, spend, wrongValue } from './piece.ts';
import { BOOLEAN, type Of, type Place } from './place.ts';
import type { Env } from './scope.ts';
import type { Comparison, Node } from './syntax.ts';

// Comparing: by order, by equality, by being in a list.

export function compileComparison(c: Compiler, node: Of<'binary'>, operator: Comparison, place: Place): Piece {
  const equality = operator === '==' || operator === '!=';
  const visit = (side: Node) => (equality ? c.visit(side, place) : c.settled(c.visit(side, place)));
  const left = visit(node.left);
  const right = visit(node.right);
  if (left.poisoned || right.poisoned) return c.poison(node);
  if (misspeltChoice(c, left, right)) return c.poison(node);
  const swapped = left.constant !== undefined && right.constant === undefined && equality;
  const run = swapped ? comparison(operator, right, left) : comparison(operator, left, right);
  if (run === undefined) return incomparable(c, node, left, right);
  return piece(node, { type: BOOLEAN, run }, equality ? equalityNarrows(operator === '==', left, right) : {});
}

function incomparable(c: Compiler, node: Of<'binary'>, left: Piece, right: Piece): Piece {
  const kinds = [required(left.type).kind, required(right.type).kind];
  const hint = kinds.includes('money')
    ? 'Compare money with money, or its ".amount" with a number.'
    : kinds.includes('duration')
      ? 'Write the duration as days(30) or minutes(15).'
      : undefined;
  const message = `Cannot compare ${describe(left.type)} with ${describe(right.type)} by ${node.operator}.`;
  return c.wrong(node, message, 'expression.type', hint);
}

/** `x != null` tells when true that x is set; `x == "a"` does too; `x == null` tells it when false. */
function equalityNarrows(equal: boolean, left: Piece, right: Piece): Partial<Piece> {
  const [side, other] = right.constant !== undefined ? [left, right] : [right, left];
  if (other.constant === undefined || side.path === undefined) return {};
  const set = prefixes(side.path);
  return equal === (other.constant !== null)
    ? { whenTrue: set }
    : { whenFalse: other.constant === null ? set : NOTHING };
}

function misspeltChoice(c: Compiler, left: Piece, right: Piece): boolean {
  const [a, b] = [required(left.type), required(right.type)];
  if (a.kind !== 'enum' || b.kind !== 'enum' || a.values.some((value) => b.values.includes(value))) return false;
  const literalLeft = left.constant !== undefined;
  if (literalLeft && right.constant !== undefined) return false;
  if (literalLeft) c.misspelled(left, a.values, b.values);
  else c.misspelled(right, b.values, a.values);
  return true;
}

export function compileIn(c: Compiler, node: Of<'binary'>, place: Place): Piece {
  const left = c.visit(node.left, place);
  const right = c.settled(c.visit(node.right, place));
  if (left.poisoned || right.poisoned) return c.poison(node);
  const { type } = right;
  if (type.kind !== 'list' && type.kind !== 'any')
    return c.wrong(node.right, `Expected a list after "in", found ${describe(type)}.`);
  if (type.kind === 'list' && oddItem(c, left, right, type.of)) return c.poison(node);
  const [a, b] = [left.run, right.run];
  const run: Run = (env, locals) => holds(env, b(env, locals), a(env, locals));
  return piece(node, { type: BOOLEAN, run }, left.path === undefined ? {} : { whenTrue: inNarrows(left, right) });
}

function inNarrows(left: Piece, right: Piece): ReadonlySet<string> {
  const whole =
    right.node.kind === 'list' && right.node.items.every((item) => item.kind === 'literal' && item.value !== null);
  return whole && left.path !== undefined ? prefixes(left.path) : NOTHING;
}

function oddItem(c: Compiler, left: Piece, right: Piece, of: Type): boolean {
  const enumeration = required(left.type);
  if (enumeration.kind === 'enum' && of.kind === 'enum' && right.node.kind === 'list' && left.constant === undefined) {
    if (of.values.every((value) => enumeration.values.includes(value))) return false;
    c.misspelled(right, of.values, enumeration.values);
    return true;
  }
  const constants = left.constant !== undefined && right.node.kind === 'list';
  if (!constants && misspeltChoice(c, left, { ...right, type: of })) return true;
  if (comparison('==', left, { ...right, type: of }) !== undefined) return false;
  c.wrong(left.node, `A list of ${show(of)} cannot hold ${describe(left.type)}.`);
  return true;
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
