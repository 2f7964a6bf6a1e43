import { isNumeric } from '../value/assignable.ts';
import { arithmetic } from './arithmetic.ts';
import type { Compiler } from './compile.ts';
import { describe } from './describe.ts';
import { asNumber, type Piece, piece, type Run } from './piece.ts';
import type { Of, Place } from './place.ts';

export function compileArithmetic(c: Compiler, node: Of<'binary'>, place: Place): Piece {
  const left = c.settled(c.visit(node.left, place));
  const right = c.settled(c.visit(node.right, place));
  if (left.poisoned || right.poisoned || !isArithmetic(node.operator)) return c.poison(node);
  const built = arithmetic(node.operator, left, right);
  if (built !== undefined) return piece(node, built);
  const money = left.type.kind === 'money' || right.type.kind === 'money';
  const hint = money ? 'Money goes with money of the same currency; ".amount" is its number.' : undefined;
  const message = `Cannot calculate ${describe(left.type)} ${node.operator} ${describe(right.type)}.`;
  return c.wrong(node, message, 'expression.type', hint);
}

export function compileNegative(c: Compiler, node: Of<'unary'>, place: Place): Piece {
  const operand = c.settled(c.visit(node.operand, place));
  if (operand.poisoned) return c.poison(node);
  const { type, constant } = operand;
  if (typeof constant === 'number') return piece(node, { type, constant: -constant + 0, run: () => -constant + 0 });
  if (!isNumeric(type) && type.kind !== 'duration' && type.kind !== 'any')
    return c.wrong(node, `Cannot take the negative of ${describe(type)}.`);
  const number = asNumber(operand);
  const run: Run = (env, locals) => {
    const value = number(env, locals);
    return Number.isNaN(value) ? null : -value + 0;
  };
  return piece(node, { type, run });
}

function isArithmetic(operator: string): operator is '+' | '-' | '*' | '/' | '%' {
  return operator.length === 1 && '+-*/%'.includes(operator);
}
