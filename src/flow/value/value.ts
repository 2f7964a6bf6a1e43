import type { Json, Type } from '../../type.ts';
import { readEmail, readPhone, readUrl } from './address.ts';
import { formatDatetime, isDate, parseDatetime } from './calendar.ts';
import { parseDuration } from './duration.ts';
import { isCurrency } from './money.ts';
import type { Pattern } from './pattern.ts';

export { parseDuration } from './duration.ts';

/** What a slot asks of its value beyond the type. */
export interface Rules {
  readonly pattern?: Pattern;
  /** The least length of a string or list, value of a number or duration, amount of money. */
  readonly min?: number;
  readonly max?: number;
}

type RefusalReason = 'type' | 'enum' | 'unset' | 'key' | 'depth' | 'pattern' | 'min' | 'max';

export type Conformed =
  | { readonly ok: true; readonly value: Json }
  /** `path` is where in the value, `''` for the value itself, else `lines[0].qty`. */
  | { readonly ok: false; readonly reason: RefusalReason; readonly path: string };

/**
 * The one validation that every value passes on its way into a conversation: typed, tapped, prefilled, extracted by a
 * model or returned by an action.
 *
 * It normalises what has one meaning only (outer spaces, `"3"` for an integer, a phone number with its country code) and
 * guesses nothing. Objects are copied field by declared field, so nothing unknown and no `__proto__` comes in; a field
 * that may be unset and is missing becomes `null`. `raw` is never changed.
 */
export function conform(raw: unknown, type: Type, rules?: Rules): Conformed {
  const value = read(raw, type, 0);
  if (value instanceof Refusal) return { ok: false, reason: value.reason, path: value.path };
  const broken = rules === undefined || value === null ? undefined : brokenRule(value, rules);
  return broken === undefined ? { ok: true, value } : { ok: false, reason: broken, path: '' };
}

/** Deeper than any record of a business, as deep as a request's body may be. */
const DEEPEST = 32;

class Refusal {
  readonly reason: RefusalReason;
  readonly path: string;

  constructor(reason: RefusalReason, path = '') {
    this.reason = reason;
    this.path = path;
  }

  under(parent: string): Refusal {
    const separator = this.path === '' || this.path.startsWith('[') ? '' : '.';
    return new Refusal(this.reason, `${parent}${separator}${this.path}`);
  }
}

const WRONG = new Refusal('type');

function read(raw: unknown, type: Type, depth: number): Json | Refusal {
  switch (type.kind) {
    case 'string':
    case 'text':
      return typeof raw === 'string' ? tidy(raw) : missingOr(raw);
    case 'optional':
      return raw === null || raw === undefined ? null : read(raw, type.of, depth);
    case 'enum':
      return typeof raw === 'string' ? readEnum(raw.trim(), type.values) : missingOr(raw);
    case 'boolean':
      return raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : missingOr(raw);
    case 'integer':
      return readInteger(raw);
    case 'number':
      return readNumber(raw);
    case 'money':
      return readMoney(raw);
    case 'duration':
      return readDuration(raw);
    case 'list':
      return readList(raw, type.of, depth);
    case 'object':
      return readObject(raw, type.fields, depth);
    case 'file':
      return readObject(raw, FILE, depth);
    case 'null':
      return raw === null || raw === undefined ? null : WRONG;
    case 'any':
      return readAny(raw, depth);
    default:
      return typeof raw === 'string' ? (readWritten(raw.trim(), type.kind) ?? WRONG) : missingOr(raw);
  }
}

function missingOr(raw: unknown): Refusal {
  return raw === null || raw === undefined ? new Refusal('unset') : WRONG;
}

/** Lone surrogates are no text: they could not be stored as UTF-8 and read back. */
function tidy(text: string): string {
  const trimmed = text.trim();
  return trimmed.isWellFormed() ? trimmed : trimmed.toWellFormed();
}

function readEnum(value: string, values: readonly string[]): string | Refusal {
  return values.includes(value) ? value : new Refusal('enum');
}

type Written = 'date' | 'datetime' | 'email' | 'phone' | 'url';

function readWritten(text: string, kind: Written): string | undefined {
  switch (kind) {
    case 'date':
      return isDate(text) ? text : undefined;
    case 'datetime': {
      const ms = parseDatetime(text);
      return ms === undefined ? undefined : formatDatetime(ms);
    }
    case 'email':
      return readEmail(text);
    case 'phone':
      return readPhone(text);
    case 'url':
      return readUrl(text);
  }
}

const INTEGER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,15})?$/;

function readInteger(raw: unknown): number | Refusal {
  const value = typeof raw === 'string' && INTEGER.test(raw.trim()) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : missingOr(raw);
}

function readNumber(raw: unknown): number | Refusal {
  const value = typeof raw === 'string' && NUMBER.test(raw.trim()) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : missingOr(raw);
}

function readDuration(raw: unknown): number | Refusal {
  const ms = typeof raw === 'string' ? parseDuration(raw) : raw;
  return typeof ms === 'number' && Number.isFinite(ms) ? Math.round(ms) + 0 : missingOr(raw);
}

function readMoney(raw: unknown): Json | Refusal {
  if (!isRecord(raw)) return missingOr(raw);
  if (hasForbiddenKey(raw)) return new Refusal('key');
  const amount = readNumber(own(raw, 'amount'));
  if (amount instanceof Refusal) return amount.under('amount');
  const currency = own(raw, 'currency');
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  return isCurrency(code) ? { amount, currency: code } : new Refusal('type', 'currency');
}

function readList(raw: unknown, of: Type, depth: number): Json | Refusal {
  if (!Array.isArray(raw)) return missingOr(raw);
  if (depth >= DEEPEST) return new Refusal('depth');
  const list: Json[] = [];
  for (let index = 0; index < raw.length; index++) {
    const value = read(raw[index], of, depth + 1);
    if (value instanceof Refusal) return value.under(`[${index}]`);
    list.push(value);
  }
  return list;
}

const STRING: Type = { kind: 'string' };
const FILE: Readonly<Record<string, Type>> = {
  id: STRING,
  name: STRING,
  type: STRING,
  size: { kind: 'integer' },
  url: STRING,
};

function readObject(raw: unknown, fields: Readonly<Record<string, Type>>, depth: number): Json | Refusal {
  if (!isRecord(raw)) return missingOr(raw);
  if (depth >= DEEPEST) return new Refusal('depth');
  if (hasForbiddenKey(raw)) return new Refusal('key');
  const object: Record<string, Json> = {};
  for (const name in fields) {
    const value = read(own(raw, name), fields[name]!, depth + 1);
    if (value instanceof Refusal) return value.under(name);
    object[name] = value;
  }
  return object;
}

function readAny(raw: unknown, depth: number): Json | Refusal {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'string') return raw.isWellFormed() ? raw : raw.toWellFormed();
  if (typeof raw === 'boolean') return raw;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw + 0 : WRONG;
  if (Array.isArray(raw)) return readList(raw, ANY, depth);
  if (!isRecord(raw)) return WRONG;
  return readRecord(raw, depth);
}

const ANY: Type = { kind: 'any' };

function readRecord(raw: Readonly<Record<string, unknown>>, depth: number): Json | Refusal {
  if (depth >= DEEPEST) return new Refusal('depth');
  if (hasForbiddenKey(raw)) return new Refusal('key');
  const object: Record<string, Json> = {};
  for (const name of Object.keys(raw)) {
    const value = readAny(raw[name], depth + 1);
    if (value instanceof Refusal) return value.under(name);
    object[name] = value;
  }
  return object;
}

/** A plain object: no Date, Map or class instance, whose meaning as JSON would be a guess. */
function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return false;
  const prototype: unknown = Object.getPrototypeOf(raw);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Keys that would reach an object's prototype were the copy ever merged carelessly: no honest record has them. */
function hasForbiddenKey(record: object): boolean {
  return (
    Object.hasOwn(record, '__proto__') || Object.hasOwn(record, 'constructor') || Object.hasOwn(record, 'prototype')
  );
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function brokenRule(value: Json, rules: Rules): RefusalReason | undefined {
  const { pattern, min, max } = rules;
  const size = min === undefined && max === undefined ? undefined : measure(value);
  if (size !== undefined && min !== undefined && size < min) return 'min';
  if (size !== undefined && max !== undefined && size > max) return 'max';
  return pattern !== undefined && typeof value === 'string' && !pattern.test(value) ? 'pattern' : undefined;
}

function measure(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  const amount = isRecord(value) ? own(value, 'amount') : undefined;
  return typeof amount === 'number' ? amount : undefined;
}
