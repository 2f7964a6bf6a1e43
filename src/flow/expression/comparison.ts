import type { Json, Type } from '../../type.ts';
import { required } from '../../type.ts';
import { isNumeric, isText } from '../value/assignable.ts';
import { isMoney, sameCurrency } from '../value/money.ts';
import { asNumber, type Piece, type Run, type RunNumber, wrongValue } from './piece.ts';
import type { Comparison } from './syntax.ts';
import { asInstant } from './time.ts';

/** How two values meet: the narrowest reading that both allow. */
type Meeting = 'number' | 'text' | 'boolean' | 'money' | 'moment' | 'structure' | 'null' | 'dynamic';

/** The comparison of two pieces, or nothing where their types have nothing in common. */
export function comparison(operator: Comparison, left: Piece, right: Piece): Run | undefined {
  const meeting = meet(required(left.type), required(right.type));
  if (meeting === undefined) return undefined;
  if (operator === '==' || operator === '!=') return equality(meeting, left, right, operator === '==');
  return ordering(meeting, left, right, operator);
}

export function comparable(a: Type, b: Type): boolean {
  return meet(required(a), required(b)) !== undefined;
}

function meet(a: Type, b: Type): Meeting | undefined {
  if (a.kind === 'null' || b.kind === 'null') return 'null';
  if (a.kind === 'any') return b.kind === 'any' ? 'dynamic' : family(b);
  if (b.kind === 'any') return family(a);
  // A duration is a number of milliseconds inside; nobody who writes `age < 15` means that.
  if ((a.kind === 'duration') !== (b.kind === 'duration')) return undefined;
  const common = family(a);
  if (common !== family(b)) return undefined;
  if (common !== 'structure') return common;
  if (a.kind === 'list' && b.kind === 'list') return comparable(a.of, b.of) ? common : undefined;
  return a.kind === b.kind ? common : undefined;
}

function family(type: Type): Meeting {
  if (isText(type)) return 'text';
  if (isNumeric(type) || type.kind === 'duration') return 'number';
  if (type.kind === 'date' || type.kind === 'datetime') return 'moment';
  return type.kind === 'boolean' || type.kind === 'money' ? type.kind : 'structure';
}

function equality(meeting: Meeting, left: Piece, right: Piece, wanted: boolean): Run {
  if (meeting === 'moment' && !(left.type.kind === 'date' && right.type.kind === 'date')) {
    return sameMoment(left, right, wanted);
  }
  const [a, b] = [left.run, right.run];
  const { constant } = right;
  if (constant !== undefined && (typeof constant !== 'object' || constant === null))
    return (env, locals) => (a(env, locals) === constant) === wanted;
  if (meeting === 'structure' || meeting === 'dynamic' || meeting === 'money')
    return (env, locals) => same(a(env, locals), b(env, locals)) === wanted;
  return (env, locals) => (a(env, locals) === b(env, locals)) === wanted;
}

/** Two unset moments are equal, as two nulls are: NaN stands for unset and equals nothing, hence `Object.is`. */
function sameMoment(left: Piece, right: Piece, wanted: boolean): Run {
  const [a, b] = [asInstant(left), asInstant(right)];
  return (env, locals) => Object.is(a(env, locals), b(env, locals)) === wanted;
}

/** Equal as JSON. The depth is that of a stored value, which `conform` bounds. */
export function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item, b[index]!))
    );
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a, b] as { readonly [key: string]: Json }[];
  return keys.every((key) => Object.hasOwn(b, key) && same(left![key]!, right![key]!));
}

type Order = '<' | '<=' | '>' | '>=';

function ordering(meeting: Meeting, left: Piece, right: Piece, operator: Order): Run | undefined {
  switch (meeting) {
    case 'number':
      return byNumber(operator, asNumber(left), asNumber(right));
    case 'moment':
      return byNumber(operator, asInstant(left), asInstant(right));
    case 'text':
    case 'money':
    case 'dynamic':
      return byNumber(operator, difference(left.run, right.run, COMPARE[meeting]), () => 0);
    default:
      return undefined;
  }
}

/** With NaN, which stands for unset, on either side every one of these is false. */
function byNumber(operator: Order, a: RunNumber, b: RunNumber): Run {
  switch (operator) {
    case '<':
      return (env, locals) => a(env, locals) < b(env, locals);
    case '<=':
      return (env, locals) => a(env, locals) <= b(env, locals);
    case '>':
      return (env, locals) => a(env, locals) > b(env, locals);
    case '>=':
      return (env, locals) => a(env, locals) >= b(env, locals);
  }
}

function difference(a: Run, b: Run, compare: (a: Json, b: Json) => number): RunNumber {
  return (env, locals) => {
    const left = a(env, locals);
    const right = b(env, locals);
    return left === null || right === null ? Number.NaN : compare(left, right);
  };
}

const COMPARE = { text: compareText, money: compareMoney, dynamic: compareAny };

/** By code point, as CEL does and as a database would; not by a language's alphabet. */
function compareText(a: Json, b: Json): number {
  if (typeof a !== 'string') throw wrongValue('a text', a);
  if (typeof b !== 'string') throw wrongValue('a text', b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareMoney(a: Json, b: Json): number {
  if (!isMoney(a)) throw wrongValue('money', a);
  if (!isMoney(b)) throw wrongValue('money', b);
  sameCurrency(a, b);
  return a.amount - b.amount;
}

/** The order of two values that are set, read by what they are at run time. */
export function compareAny(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string') return compareText(a, b);
  return compareMoney(a, b);
}
