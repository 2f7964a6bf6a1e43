import { ParleyError } from '../../errors.ts';
import { type Json, required, type Type } from '../../type.ts';
import { isNumeric, isText } from '../value/assignable.ts';
import { isMoney, money, sameCurrency } from '../value/money.ts';
import { asNumber, asText, type Built, type Piece, type Run, type RunNumber, wrongValue } from './piece.ts';
import type { Arithmetic } from './syntax.ts';
import { between, shifted, shiftedWhatever } from './time.ts';

/**
 * What the operator makes of two pieces, or nothing where their types do not go together.
 * Unset is contagious: with `null` on either side the result is `null`.
 */
export function arithmetic(operator: Arithmetic, left: Piece, right: Piece): Built | undefined {
  const [a, b] = [required(left.type), required(right.type)];
  if (a.kind === 'any' && b.kind === 'any') return dynamic(operator, left.run, right.run);
  if (isNumeric(a) && (isNumeric(b) || b.kind === 'any')) return numbers(operator, left, right);
  if (isNumeric(b) && a.kind === 'any') return numbers(operator, left, right);
  if (operator === '+' && textual(a, b)) return joined(left.run, right.run);
  if (a.kind === 'money' || b.kind === 'money') return moneys(operator, left, right, a, b);
  if (a.kind === 'any' && b.kind === 'duration' && (operator === '+' || operator === '-'))
    return shiftedWhatever(left, right, operator === '+' ? 1 : -1);
  if (isMoment(a) || isMoment(b)) return moments(operator, left, right, a, b);
  if (a.kind === 'duration' || b.kind === 'duration') return durations(operator, left, right, a, b);
  return operator === '+' ? lists(left.run, right.run, a, b) : undefined;
}

function textual(a: Type, b: Type): boolean {
  return (isText(a) && (isText(b) || b.kind === 'any')) || (isText(b) && a.kind === 'any');
}

function isMoment(type: Type): boolean {
  return type.kind === 'date' || type.kind === 'datetime';
}

function numbers(operator: Arithmetic, left: Piece, right: Piece): Built {
  const whole = left.type.kind === 'integer' && right.type.kind === 'integer' && operator !== '/';
  return { type: { kind: whole ? 'integer' : 'number' }, run: calculation(operator, asNumber(left), asNumber(right)) };
}

/** `/` divides as a pocket calculator does: 7 / 2 is 3.5. */
function calculation(operator: Arithmetic, a: RunNumber, b: RunNumber): Run {
  switch (operator) {
    case '+':
      return (env, locals) => checked(a(env, locals) + b(env, locals));
    case '-':
      return (env, locals) => checked(a(env, locals) - b(env, locals));
    case '*':
      return (env, locals) => checked(a(env, locals) * b(env, locals));
    case '/':
      return (env, locals) => checked(a(env, locals) / divisor(b(env, locals)));
    case '%':
      return (env, locals) => checked(a(env, locals) % divisor(b(env, locals)));
  }
}

/** NaN can only have come from an unset operand. */
function checked(value: number): Json {
  if (Number.isFinite(value)) return value + 0;
  if (Number.isNaN(value)) return null;
  throw new ParleyError('expression.arithmetic', 'The result is too large to be a number.');
}

function divisor(value: number): number {
  if (value === 0)
    throw new ParleyError('expression.arithmetic', 'A number was divided by zero.', { hint: 'Test for zero first.' });
  return value;
}

function joined(a: Run, b: Run): Built {
  const run: Run = (env, locals) => {
    const left = asText(a(env, locals));
    const right = asText(b(env, locals));
    return left === null || right === null ? null : left + right;
  };
  return { type: { kind: 'string' }, run };
}

function moneys(operator: Arithmetic, left: Piece, right: Piece, a: Type, b: Type): Built | undefined {
  const type: Type = { kind: 'money' };
  const both = (a.kind === 'money' || a.kind === 'any') && (b.kind === 'money' || b.kind === 'any');
  if (both && (operator === '+' || operator === '-'))
    return { type, run: sum(left.run, right.run, operator === '+' ? 1 : -1) };
  if (operator === '*' && a.kind === 'money' && isNumeric(b)) return { type, run: scaled(left.run, asNumber(right)) };
  if (operator === '*' && isNumeric(a)) return { type, run: scaled(right.run, asNumber(left)) };
  if (operator !== '/' || a.kind !== 'money' || !isNumeric(b)) return undefined;
  const by = asNumber(right);
  return { type, run: scaled(left.run, (env, locals) => 1 / divisor(by(env, locals))) };
}

function sum(a: Run, b: Run, sign: 1 | -1): Run {
  return (env, locals) => added(a(env, locals), b(env, locals), sign);
}

function added(left: Json, right: Json, sign: 1 | -1): Json {
  if (left === null || right === null) return null;
  if (!isMoney(left)) throw wrongValue('money', left);
  if (!isMoney(right)) throw wrongValue('money', right);
  sameCurrency(left, right);
  return money(left.amount + sign * right.amount, left.currency);
}

function scaled(run: Run, by: RunNumber): Run {
  return (env, locals) => {
    const value = run(env, locals);
    const factor = by(env, locals);
    if (value === null || Number.isNaN(factor)) return null;
    if (!isMoney(value)) throw wrongValue('money', value);
    return money(value.amount * factor, value.currency);
  };
}

function moments(operator: Arithmetic, left: Piece, right: Piece, a: Type, b: Type): Built | undefined {
  const span = (type: Type) => type.kind === 'duration' || type.kind === 'any';
  if (operator === '+' && isMoment(a) && span(b)) return shifted(left, right, 1);
  if (operator === '+' && isMoment(b) && span(a)) return shifted(right, left, 1);
  if (operator !== '-') return undefined;
  if (isMoment(a) && b.kind === 'duration') return shifted(left, right, -1);
  const moment = (type: Type) => isMoment(type) || type.kind === 'any';
  return moment(a) && moment(b) ? between(left, right) : undefined;
}

function durations(operator: Arithmetic, left: Piece, right: Piece, a: Type, b: Type): Built | undefined {
  const [x, y] = [asNumber(left), asNumber(right)];
  const type: Type = { kind: 'duration' };
  const span = (side: Type) => side.kind === 'duration' || side.kind === 'any';
  if ((operator === '+' || operator === '-') && span(a) && span(b)) return { type, run: calculation(operator, x, y) };
  if (operator === '*' && (isNumeric(a) || isNumeric(b))) return { type, run: calculation(operator, x, y) };
  if (operator !== '/' || a.kind !== 'duration') return undefined;
  if (b.kind === 'duration') return { type: { kind: 'number' }, run: calculation(operator, x, y) };
  return isNumeric(b) ? { type, run: calculation(operator, x, y) } : undefined;
}

function lists(a: Run, b: Run, left: Type, right: Type): Built | undefined {
  if (left.kind !== 'list' || right.kind !== 'list') return undefined;
  const run: Run = (env, locals) => {
    const first = a(env, locals);
    const second = b(env, locals);
    return Array.isArray(first) && Array.isArray(second) ? [...first, ...second] : null;
  };
  const same = JSON.stringify(left.of) === JSON.stringify(right.of);
  return { type: same ? left : { kind: 'list', of: { kind: 'any' } }, run };
}

/** Nothing is known until run time: numbers calculate, texts join, money adds. */
function dynamic(operator: Arithmetic, a: Run, b: Run): Built {
  const run: Run = (env, locals) => {
    const left = a(env, locals);
    const right = b(env, locals);
    if (left === null || right === null) return null;
    if (typeof left === 'number' && typeof right === 'number')
      return calculation(
        operator,
        () => left,
        () => right,
      )(env, locals);
    if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
    if (operator === '+' || operator === '-') return added(left, right, operator === '+' ? 1 : -1);
    throw wrongValue('a number', typeof left === 'number' ? right : left);
  };
  return { type: { kind: 'any' }, run };
}
