/**
 * The types of the flow language: what a slot, an input, an action's result or an expression may hold.
 *
 * Every value is plain JSON, so that a conversation's state can be stored and replayed as it is:
 *
 * | type | JSON |
 * |---|---|
 * | string, text, email, phone (E.164), url | string |
 * | boolean, integer, number | boolean, number |
 * | money | `{amount, currency}`: major units, ISO 4217 code |
 * | date | `"2026-11-21"` |
 * | datetime | RFC 3339 string |
 * | duration | number of milliseconds |
 * | file | `{id, name, type, size, url}` |
 * | enum | one of its values, a string |
 * | list, object | array, object |
 * | unset | `null` |
 */
export type Type =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'object'; readonly name: string; readonly fields: Readonly<Record<string, Type>> }
  /** May be unset (`null`): written `T?`. */
  | { readonly kind: 'optional'; readonly of: Type };

export type ScalarKind =
  | 'string'
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'money'
  | 'date'
  | 'datetime'
  | 'duration'
  | 'email'
  | 'phone'
  | 'url'
  | 'file'
  /** Unknown until run time, as the attributes of `customer`: any use type-checks, and a missing field is unset. */
  | 'any'
  /** The type of the literal `null`. */
  | 'null';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The kinds an author may write as a bare word. */
export const SCALARS: readonly ScalarKind[] = [
  'string',
  'text',
  'boolean',
  'integer',
  'number',
  'money',
  'date',
  'datetime',
  'duration',
  'email',
  'phone',
  'url',
  'file',
];

/** The type as an author writes it: `list<Line>`, `enum(a,b)`, `date?`. */
export function show(type: Type): string {
  switch (type.kind) {
    case 'enum':
      return `enum(${type.values.join(',')})`;
    case 'list':
      return `list<${show(type.of)}>`;
    case 'object':
      return type.name;
    case 'optional':
      return `${show(type.of)}?`;
    default:
      return type.kind;
  }
}

/** The type of a value that is known to be set. */
export function required(type: Type): Type {
  return type.kind === 'optional' ? type.of : type;
}

export function optional(type: Type): Type {
  return type.kind === 'optional' || type.kind === 'null' || type.kind === 'any'
    ? type
    : { kind: 'optional', of: type };
}

/**
 * The field that tells one object of a named type from another, by convention its first (`id` of an Order, `sku` of a Line).
 * A tapped or typed choice is matched to its record by it.
 */
export function identity(type: Type): string | undefined {
  return type.kind === 'object' ? Object.keys(type.fields)[0] : undefined;
}
