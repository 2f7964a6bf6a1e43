import type { Json } from '../type.ts';

/**
 * A JSON value with places to fill in: `{order_id}`, `{links.label}`, `{.}` for the whole. A text that is one placeholder takes the
 * value as it is, a list or a number too; within a longer text it becomes text.
 */
export type Template = Json;

const PLACEHOLDER = /\{(\.|[A-Za-z_]\w*(?:\.[A-Za-z_0-9]\w*)*)\}/g;
const ONLY_ONE = new RegExp(`^${PLACEHOLDER.source}$`);

export function fill(template: Template, from: Json): Json {
  if (typeof template === 'string') return fillText(template, from);
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) return template.map((item) => fill(item, from));
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, from)]));
}

function fillText(text: string, from: Json): Json {
  const only = ONLY_ONE.exec(text);
  if (only !== null) return lookUp(from, only[1]!);
  return text.replace(PLACEHOLDER, (_, path: string) => asText(lookUp(from, path)));
}

/** What a template reads, in the order it reads it: `order_id`, `links.label`. */
export function placeholders(template: Template): string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACEHOLDER)].map((match) => match[1]!);
  if (typeof template !== 'object' || template === null) return [];
  return (isList(template) ? template : Object.values(template)).flatMap(placeholders);
}

/** Unset is the empty text; a record has no text of its own and is written as JSON. */
export function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A field that is not there is unset. Own fields only: `constructor` is nobody's answer. */
export function lookUp(value: Json, path: string): Json {
  if (path === '.') return value;
  let at = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as { readonly [key: string]: Json })[key] ?? null;
  }
  return at;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
