import { type Json, required, type Type } from '../../type.ts';
import { isNumeric, isText, join } from '../value/assignable.ts';
import { formatDatetime, isDate, parseDatetime } from '../value/calendar.ts';
import { parseDuration } from '../value/duration.ts';
import { isMoney, money } from '../value/money.ts';
import { compilePattern } from '../value/pattern.ts';
import { comparable, compareAny } from './comparison.ts';
import {
  asList,
  asNumber,
  asText,
  type Built,
  type Piece,
  type Run,
  type RunNumber,
  spend,
  wrongValue,
} from './piece.ts';
import { asInstant, dateOf, datetime } from './time.ts';

/** A refusal: what the function wanted instead. */
interface Refused {
  readonly code?: string;
  readonly problem: string;
  readonly hint?: string;
}

export interface Builtin {
  /** How it is written, shown when it is used wrongly. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
  /** `x.f(y)` and `f(x, y)` are the same call: `args` begin with `x`. */
  build(args: readonly Piece[]): Built | Refused | undefined;
}

/** What may be called by name, but for the macros, which bring a variable of their own. */
export const FUNCTIONS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    size: { usage: 'size() of a list or text', least: 1, most: 1, build: ([of]) => size(of!) },
    contains: text2('contains', (text, part) => text.includes(part)),
    startsWith: text2('startsWith', (text, part) => text.startsWith(part)),
    endsWith: text2('endsWith', (text, part) => text.endsWith(part)),
    matches: {
      usage: 'text.matches("^[A-Z]{2}$")',
      least: 2,
      most: 2,
      build: ([text, pattern]) => matches(text!, pattern!),
    },
    lower: text1('lower', (text) => text.toLowerCase()),
    upper: text1('upper', (text) => text.toUpperCase()),
    string: { usage: 'string(whole number)', least: 1, most: 1, build: ([of]) => text(of!) },
    trim: text1('trim', (text) => text.trim()),
    abs: { usage: 'abs(number)', least: 1, most: 1, build: ([of]) => abs(of!) },
    round: {
      usage: 'round(number) or round(number, digits)',
      least: 1,
      most: 2,
      build: ([of, digits]) => round(of!, digits),
    },
    min: { usage: 'min(a, b) or min(list)', least: 1, most: 8, build: (args) => extreme(args, -1) },
    max: { usage: 'max(a, b) or max(list)', least: 1, most: 8, build: (args) => extreme(args, 1) },
    days: units('days', 86_400_000),
    hours: units('hours', 3_600_000),
    minutes: units('minutes', 60_000),
    seconds: units('seconds', 1_000),
    duration: { usage: 'duration("30d")', least: 1, most: 1, build: ([of]) => duration(of!) },
    date: { usage: 'date("2026-11-21") or date(datetime)', least: 1, most: 1, build: ([of]) => date(of!) },
    datetime: { usage: 'datetime("2026-11-21T10:00:00Z")', least: 1, most: 1, build: ([of]) => instant(of!) },
  } satisfies Record<string, Builtin>),
);

function is(piece: Piece, test: (type: Type) => boolean): boolean {
  return piece.type.kind === 'any' || test(required(piece.type));
}

function text1(name: string, change: (text: string) => string): Builtin {
  return {
    usage: `text.${name}()`,
    least: 1,
    most: 1,
    build: ([of]) => {
      if (!is(of!, isText)) return undefined;
      const { run } = of!;
      return { type: { kind: 'string' }, run: (env, locals) => whenText(run(env, locals), change) };
    },
  };
}

/** As digits: to be joined with other texts. What a language writes its own way (money, dates) is written by the texts. */
function text(of: Piece): Built | undefined {
  if (!is(of, (type) => type.kind === 'integer' || isText(type))) return undefined;
  const { run } = of;
  return {
    type: { kind: 'string' },
    run: (env, locals) => {
      const value = run(env, locals);
      return typeof value === 'number' ? String(value) : asText(value);
    },
  };
}

function text2(name: string, test: (text: string, part: string) => boolean): Builtin {
  return {
    usage: `text.${name}(text)`,
    least: 2,
    most: 2,
    build: ([of, other]) => {
      if (of!.type.kind === 'list') return { problem: 'A list has no such method.', hint: 'Write "item in list".' };
      if (!is(of!, isText) || !is(other!, isText)) return undefined;
      const [run, part] = [of!.run, other!.run];
      const both: Run = (env, locals) => {
        const wanted = asText(part(env, locals));
        return wanted === null ? null : whenText(run(env, locals), (text) => test(text, wanted));
      };
      return { type: { kind: 'boolean' }, run: both };
    },
  };
}

function whenText(value: Json, change: (text: string) => Json): Json {
  const text = asText(value);
  return text === null ? null : change(text);
}

function matches(of: Piece, source: Piece): Built | Refused | undefined {
  if (!is(of, isText)) return undefined;
  if (typeof source.constant !== 'string')
    return {
      code: 'expression.pattern',
      problem: 'The pattern must be a text written here, so that it is checked now.',
    };
  const compiled = compilePattern(source.constant);
  if ('problem' in compiled)
    return {
      code: 'expression.pattern',
      problem: compiled.problem,
      hint: 'Patterns are RE2: no look-around, no back-references.',
    };
  const { pattern } = compiled;
  const { run } = of;
  return {
    type: { kind: 'boolean' },
    run: (env, locals) =>
      whenText(run(env, locals), (text) => {
        spend(env, text.length >> 8);
        return pattern.test(text);
      }),
  };
}

function size(of: Piece): Built | undefined {
  if (!is(of, (type) => type.kind === 'list' || isText(type))) return undefined;
  const { run } = of;
  return { type: { kind: 'integer' }, run: (env, locals) => sizeOf(run(env, locals)) };
}

/** Characters of a text as a reader counts code points, items of a list, fields of an object. */
function sizeOf(value: Json): Json {
  if (value === null || Array.isArray(value)) return value?.length ?? null;
  if (typeof value === 'string') return codePoints(value);
  if (typeof value === 'object') return Object.keys(value).length;
  throw wrongValue('a list or text', value);
}

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count -= 1;
  return count;
}

function abs(of: Piece): Built | undefined {
  if (of.type.kind === 'money') {
    const { run } = of;
    return { type: of.type, run: (env, locals) => whenMoney(run(env, locals), Math.abs) };
  }
  if (!is(of, (type) => isNumeric(type) || type.kind === 'duration')) return undefined;
  return { type: of.type, run: orUnset(asNumber(of), Math.abs) };
}

function round(of: Piece, digits: Piece | undefined): Built | Refused | undefined {
  const places = digits === undefined ? 0 : digits.constant;
  if (typeof places !== 'number' || !Number.isInteger(places) || places < 0 || places > 9)
    return { problem: 'The number of digits is written here, from 0 to 9.' };
  const scale = 10 ** places;
  const rounded = (value: number) => Math.round(value * scale) / scale + 0;
  if (of.type.kind === 'money') {
    const { run } = of;
    return { type: of.type, run: (env, locals) => whenMoney(run(env, locals), rounded) };
  }
  if (!is(of, isNumeric)) return undefined;
  return { type: { kind: places === 0 ? 'integer' : 'number' }, run: orUnset(asNumber(of), rounded) };
}

function whenMoney(value: Json, change: (amount: number) => number): Json {
  if (value === null) return null;
  if (!isMoney(value)) throw wrongValue('money', value);
  return money(change(value.amount), value.currency);
}

function orUnset(number: RunNumber, change: (value: number) => number): Run {
  return (env, locals) => {
    const value = number(env, locals);
    return Number.isNaN(value) ? null : change(value);
  };
}

const ORDERED: ReadonlySet<Type['kind']> = new Set([
  'number',
  'integer',
  'duration',
  'money',
  'date',
  'datetime',
  'any',
]);

/** The least (`sign` −1) or greatest (+1). Canonical dates and datetimes are in the order of their text. */
function extreme(args: readonly Piece[], sign: 1 | -1): Built | undefined {
  const [first] = args;
  const list = args.length === 1 && (first!.type.kind === 'list' || first!.type.kind === 'any');
  const types = list
    ? [first!.type.kind === 'list' ? first!.type.of : first!.type]
    : args.map((arg) => required(arg.type));
  const type = types.reduce<Type | undefined>((a, b) => (a && comparable(a, b) ? join(a, b) : undefined), types[0]);
  if (type === undefined || !ORDERED.has(type.kind) || (!list && args.length < 2)) return undefined;
  const runs = args.map((arg) => arg.run);
  const run: Run = (env, locals) => {
    const values = list ? asList(runs[0]!(env, locals)) : runs.map((arg) => arg(env, locals));
    spend(env, values?.length ?? 0);
    return values === null ? null : best(values, sign);
  };
  return { type: list ? { kind: 'optional', of: type } : type, run };
}

/** Unset where anything is unset, and of an empty list. */
function best(values: readonly Json[], sign: 1 | -1): Json {
  let found: Json = values[0] ?? null;
  for (const value of values) {
    if (value === null) return null;
    if (found !== null && sign * compareAny(value, found) > 0) found = value;
  }
  return found;
}

function units(name: string, length: number): Builtin {
  return {
    usage: `${name}(number)`,
    least: 1,
    most: 1,
    build: ([count]) => {
      if (!is(count!, isNumeric)) return undefined;
      const { constant } = count!;
      const type: Type = { kind: 'duration' };
      if (typeof constant === 'number') return { type, constant: constant * length, run: () => constant * length };
      return { type, run: orUnset(asNumber(count!), (value) => value * length) };
    },
  };
}

function duration(of: Piece): Built | Refused | undefined {
  if (typeof of.constant !== 'string') return undefined;
  const ms = parseDuration(of.constant);
  if (ms === undefined)
    return { problem: `"${of.constant}" is no duration.`, hint: 'Write one such as "30d", "2h" or "PT15M".' };
  return { type: { kind: 'duration' }, constant: ms, run: () => ms };
}

function date(of: Piece): Built | Refused | undefined {
  if (of.type.kind === 'datetime' || of.type.kind === 'any') return dateOf(of);
  const text = of.constant;
  if (typeof text !== 'string') return undefined;
  if (!isDate(text)) return { problem: `"${text}" is no date.`, hint: 'Write it as 2026-11-21.' };
  return { type: { kind: 'date' }, constant: text, run: () => text };
}

function instant(of: Piece): Built | Refused | undefined {
  if (of.type.kind === 'date' || of.type.kind === 'any') return datetime(asInstant(of));
  if (typeof of.constant !== 'string') return undefined;
  const ms = parseDatetime(of.constant);
  if (ms === undefined)
    return { problem: `"${of.constant}" is no datetime.`, hint: 'Write it with its offset, as 2026-11-21T10:00:00Z.' };
  const text = formatDatetime(ms);
  return { type: { kind: 'datetime' }, constant: text, instant: () => ms, run: () => text };
}
