import type { Json, JsonObject } from '../type.ts';

/**
 * Who is woken by a signal. Thousands of conversations may listen for the same event, each for its own order: so a listener is filed
 * under one of the values that it waits for, and a signal looks only under the values that it brings.
 */

/** Has `data` every value of `match`? */
export function matches(match: JsonObject, data: JsonObject): boolean {
  return Object.entries(match).every(([name, value]) => Object.hasOwn(data, name) && same(value, data[name]));
}

/** Under what a listener is filed: its first plain value, or `''` where it has none. */
export function tokenOf(match: JsonObject): string {
  const plain = Object.entries(match).find(([, value]) => isPlain(value));
  return plain === undefined ? '' : token(...plain);
}

/** Under what the listeners may be filed that a signal wakes. */
export function tokensOf(data: JsonObject): readonly string[] {
  return ['', ...Object.entries(data).flatMap(([name, value]) => (isPlain(value) ? [token(name, value)] : []))];
}

function token(name: string, value: Json): string {
  return JSON.stringify([name, value]);
}

function isPlain(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = Object.keys(a);
  const left = a as JsonObject;
  const right = b as JsonObject;
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(left[name], right[name]))
  );
}
