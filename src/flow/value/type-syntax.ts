import { SCALARS, type ScalarKind, type Type } from '../../type.ts';
import { didYouMean } from '../reading/did-you-mean.ts';

export type TypeResult = { readonly type: Type } | { readonly problem: string; readonly hint?: string };

/**
 * Reads a type as an author writes it: `string`, `enum(a,b)`, `list<Line>`, `date?`.
 * `named` are the object types of the deployment, by name.
 */
export function parseType(text: string, named: ReadonlyMap<string, Type>): TypeResult {
  return parse(text.trim(), named, 0);
}

/** Deeper than any real record; keeps a hostile `list<list<…` from exhausting the stack. */
const DEEPEST = 16;
const ENUM_VALUE = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

function parse(text: string, named: ReadonlyMap<string, Type>, depth: number): TypeResult {
  if (depth > DEEPEST) return { problem: `A type may be nested at most ${DEEPEST} deep.` };
  if (text === '') return { problem: 'A type is missing.', hint: 'Write one such as string, date or list<Line>.' };
  if (text.endsWith('?')) return optionalOf(text.slice(0, -1).trim(), named, depth);
  if (text.startsWith('enum(') || text === 'enum') return enumOf(text);
  if (text.startsWith('list<') || text === 'list') return listOf(text, named, depth);
  if (isScalar(text)) return { type: { kind: text } };
  const type = named.get(text);
  if (type !== undefined) return { type };
  const hint = didYouMean(text, [...SCALARS, 'list', 'enum', ...named.keys()]);
  return { problem: `"${text}" is not a type.`, hint: hint ?? 'Declare it under "types" in connectors.yaml.' };
}

function optionalOf(inner: string, named: ReadonlyMap<string, Type>, depth: number): TypeResult {
  const result = parse(inner, named, depth + 1);
  if ('problem' in result) return result;
  if (result.type.kind === 'optional')
    return { problem: `"${inner}?" says "may be unset" twice.`, hint: 'Keep one "?".' };
  return { type: { kind: 'optional', of: result.type } };
}

function enumOf(text: string): TypeResult {
  if (!text.endsWith(')') || !text.startsWith('enum('))
    return { problem: `"${text}" does not list its values.`, hint: 'Write enum(first,second).' };
  const values = text
    .slice('enum('.length, -1)
    .split(',')
    .map((value) => value.trim());
  const odd = values.find((value) => !ENUM_VALUE.test(value));
  if (odd !== undefined)
    return {
      problem: odd === '' ? `"${text}" has an empty value.` : `"${odd}" cannot be an enum value.`,
      hint: 'Values are words of letters, digits, "_", "-" and ".", separated by commas.',
    };
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) return { problem: `"${twice}" is listed twice.`, hint: 'Keep each enum value once.' };
  return { type: { kind: 'enum', values } };
}

function listOf(text: string, named: ReadonlyMap<string, Type>, depth: number): TypeResult {
  if (!text.endsWith('>') || !text.startsWith('list<'))
    return { problem: `"${text}" does not say what it lists.`, hint: 'Write list<string>, or list<Line>.' };
  const result = parse(text.slice('list<'.length, -1).trim(), named, depth + 1);
  return 'problem' in result ? result : { type: { kind: 'list', of: result.type } };
}

function isScalar(text: string): text is ScalarKind {
  return (SCALARS as readonly string[]).includes(text);
}
