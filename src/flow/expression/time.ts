import { ParleyError } from '../../errors.ts';
import { dateAt, instantAt } from '../../time-zone.ts';
import type { Json } from '../../type.ts';
import { formatDatetime, isDate, parseDatetime } from '../value/calendar.ts';
import { DAY } from '../value/duration.ts';
import { asNumber, type Built, type Piece, type Run, type RunNumber, wrongValue } from './piece.ts';

/** The instant of a datetime, or the beginning of a date in the environment's zone, in epoch milliseconds. */
export function asInstant(piece: Piece): RunNumber {
  if (piece.instant !== undefined) return piece.instant;
  const { run } = piece;
  if (piece.type.kind === 'datetime') return (env, locals) => milliseconds(run(env, locals));
  return (env, locals) => instantOf(run(env, locals), env.timezone);
}

/** A datetime `shift` milliseconds away, or a date as many whole days away. */
export function shifted(moment: Piece, by: Piece, sign: 1 | -1): Built {
  const duration = asNumber(by);
  if (moment.type.kind === 'date') {
    const { run } = moment;
    return {
      type: moment.type,
      run: (env, locals) => shiftedDate(run(env, locals), sign * duration(env, locals)),
    };
  }
  const start = asInstant(moment);
  const instant: RunNumber = (env, locals) => start(env, locals) + sign * duration(env, locals);
  return datetime(instant);
}

/** What is known only at run time may be a day, an instant or a span: each is shifted in its own way. */
export function shiftedWhatever(what: Piece, by: Piece, sign: 1 | -1): Built {
  const duration = asNumber(by);
  const run: Run = (env, locals) => {
    const value = what.run(env, locals);
    const shift = sign * duration(env, locals);
    if (value === null || Number.isNaN(shift)) return null;
    if (typeof value === 'number') return value + shift;
    if (typeof value === 'string' && isDate(value)) return shiftedDate(value, shift);
    const instant = typeof value === 'string' ? parseDatetime(value) : undefined;
    if (instant === undefined) throw wrongValue('a date, a datetime or a duration', value);
    return written(instant + shift);
  };
  return { type: { kind: 'any' }, run };
}

export function datetime(instant: RunNumber): Built {
  return { type: { kind: 'datetime' }, instant, run: (env, locals) => written(instant(env, locals)) };
}

/** From the second to the first, in milliseconds; between two dates, whole days, whatever the clocks did. */
export function between(left: Piece, right: Piece): Built {
  const dates = left.type.kind === 'date' && right.type.kind === 'date';
  const [from, to] = dates ? [calendarDay(right.run), calendarDay(left.run)] : [asInstant(right), asInstant(left)];
  return { type: { kind: 'duration' }, run: (env, locals) => orUnset(to(env, locals) - from(env, locals)) };
}

/** The date that it is in the environment's zone at that instant. */
export function dateOf(piece: Piece): Built {
  const instant = asInstant(piece);
  return {
    type: { kind: 'date' },
    run: (env, locals) => {
      const ms = instant(env, locals);
      return Number.isNaN(ms) ? null : dateAt(ms, env.timezone);
    },
  };
}

function calendarDay(run: Run): RunNumber {
  return (env, locals) => {
    const date = run(env, locals);
    return date === null ? Number.NaN : Date.parse(`${String(date)}T00:00:00Z`);
  };
}

/** Values of a declared datetime have passed `conform`, so the fast parser will do. */
function milliseconds(value: Json): number {
  if (value === null) return Number.NaN;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw wrongValue('a datetime', value);
  return ms;
}

function instantOf(value: Json, timezone: string): number {
  if (value === null) return Number.NaN;
  if (typeof value !== 'string') throw wrongValue('a date or datetime', value);
  const ms = isDate(value) ? instantAt(Date.parse(`${value}T00:00:00Z`), timezone) : parseDatetime(value);
  if (ms === undefined) throw wrongValue('a date or datetime', value);
  return ms;
}

function shiftedDate(date: Json, by: number): Json {
  if (date === null || Number.isNaN(by)) return null;
  const shiftedTo = written(Date.parse(`${String(date)}T00:00:00Z`) + Math.trunc(by / DAY) * DAY);
  return typeof shiftedTo === 'string' ? shiftedTo.slice(0, 10) : null;
}

function written(ms: number): Json {
  if (Number.isNaN(ms)) return null;
  if (Math.abs(ms) > LAST) throw new ParleyError('expression.arithmetic', 'The time is outside of the calendar.');
  return formatDatetime(ms);
}

/** The last millisecond of the year 9999: beyond it, RFC 3339 has no way to write the year. */
const LAST = 253_402_300_799_999;

function orUnset(value: number): Json {
  return Number.isNaN(value) ? null : value;
}
