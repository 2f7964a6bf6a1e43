import { ParleyError } from '../../errors.ts';
import { type Json, required, type Type } from '../../type.ts';
import type { Env } from '../expression/scope.ts';
import { isMoney } from '../value/money.ts';
import { neutral } from './neutral.ts';

/** Writes a value for a reader of one language. */
export type ShowValue = (value: Json, env: Env) => string;

/** What an unset value looks like. */
export const UNSET = '—';

/** How a value of this type is written in the locale, or nothing where it has no plain form (objects, files). */
export function showValue(type: Type, locale: string): ShowValue | undefined {
  switch (type.kind) {
    case 'money':
      return set(moneyIn(locale));
    case 'number':
    case 'integer':
      return set(numberIn(locale, {}));
    case 'date':
      return set(dateIn(locale, { dateStyle: 'medium' }));
    case 'datetime':
      return set(datetimeIn(locale, { dateStyle: 'medium', timeStyle: 'short' }));
    case 'duration':
      return set(durationIn(locale));
    case 'list':
      return listIn(type.of, locale);
    case 'optional':
      return showValue(required(type), locale);
    case 'any':
      return set(anyIn(locale));
    case 'text':
      return set((value) => neutral(String(value), 'many'));
    case 'object':
    case 'file':
      return undefined;
    default:
      return set((value) => neutral(String(value)));
  }
}

export function numberIn(locale: string, style: Intl.NumberFormatOptions): ShowValue {
  const format = new Intl.NumberFormat(locale, style);
  return (value) => (typeof value === 'number' ? format.format(value) : neutral(String(value)));
}

/** A date has no zone: it is the same day everywhere. */
export function dateIn(locale: string, style: Intl.DateTimeFormatOptions): ShowValue {
  const format = new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' });
  return (value) => format.format(Date.parse(`${String(value)}T00:00:00Z`));
}

export function datetimeIn(locale: string, style: Intl.DateTimeFormatOptions): ShowValue {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (value, { timezone }) => {
    let format = formats.get(timezone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(locale, { ...style, timeZone: timezone });
      formats.set(timezone, format);
    }
    return format.format(Date.parse(String(value)));
  };
}

function set(show: ShowValue): ShowValue {
  return (value, env) => (value === null ? UNSET : show(value, env));
}

function moneyIn(locale: string): ShowValue {
  const formats = new Map<string, Intl.NumberFormat>();
  return (value) => {
    if (!isMoney(value)) throw unprintable('money');
    const { amount, currency } = value;
    let format = formats.get(currency);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency });
      formats.set(currency, format);
    }
    return format.format(amount);
  };
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** In its two largest units, as one says it: "30 days", "1 hour, 30 minutes". Parts of a second are not spoken. */
function durationIn(locale: string): ShowValue {
  const units = UNITS.map(([unit, length]) => {
    return [length, new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })] as const;
  });
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'long' });
  return (value) => {
    if (typeof value !== 'number') throw unprintable('a duration');
    let rest = Math.round(Math.abs(value) / 1_000) * 1_000;
    const parts: string[] = [];
    for (const [length, format] of units) {
      const count = Math.floor(rest / length);
      rest -= count * length;
      if (count > 0 && parts.length < 2) parts.push(format.format(count));
    }
    const text = parts.length === 0 ? units.at(-1)![1].format(0) : list.format(parts);
    return value < 0 ? `-${text}` : text;
  };
}

function listIn(of: Type, locale: string): ShowValue | undefined {
  const item = of.kind === 'list' ? undefined : showValue(of, locale);
  if (item === undefined) return undefined;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return set((value, env) => {
    if (!Array.isArray(value)) throw unprintable('a list');
    return value.length === 0 ? UNSET : list.format(value.map((each: Json) => item(each, env)));
  });
}

/** By what it is at run time. A text of unknown meaning stays as it is, even where it looks like a date. */
function anyIn(locale: string): ShowValue {
  const number = numberIn(locale, {});
  const money = moneyIn(locale);
  return (value, env) => {
    if (typeof value === 'number') return number(value, env);
    if (isMoney(value)) return money(value, env);
    if (typeof value === 'object') throw unprintable('a text, number or sum of money');
    return neutral(String(value));
  };
}

function unprintable(wanted: string): ParleyError {
  return new ParleyError('message.value', `Expected ${wanted} to put into a message.`, {
    hint: 'Print one of its fields.',
  });
}
