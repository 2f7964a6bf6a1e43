import type { Path } from '../flow/reading/yaml.ts';
import { parseType, type TypeResult } from '../flow/value/type-syntax.ts';
import type { Type } from '../type.ts';
import type { Complaints } from './complaints.ts';
import { Name } from './source.ts';

/** In place of a type that could not be read: it was complained about once, and its uses need not be. */
const POISONED: Type = { kind: 'any' };

/** Reads the named object types, which may use one another in any order but not in a circle: every record ends somewhere. */
export function readTypes(source: unknown, complaints: Complaints): Map<string, Type> {
  const known = new Map<string, Type>();
  const waiting = new Map(declarations(source, complaints));
  for (let progress = true; progress; ) {
    progress = false;
    for (const [name, fields] of waiting) {
      const read = Object.entries(fields).map(([field, text]) => [field, parseType(text, known)] as const);
      if (read.some(([, result]) => 'problem' in result)) continue;
      known.set(name, {
        kind: 'object',
        name,
        fields: Object.fromEntries(read.map(([field, result]) => [field, typeOf(result)])),
      });
      waiting.delete(name);
      progress = true;
    }
  }
  complainAbout(waiting, known, complaints);
  for (const name of waiting.keys()) known.set(name, POISONED);
  return known;
}

/** A type where an author may write one; complained about at `at` if it cannot be read. */
export function readType(text: string, named: ReadonlyMap<string, Type>, at: Path, complaints: Complaints): Type {
  const result = parseType(text, named);
  if ('type' in result) return result.type;
  complaints.add(at, 'connector.type', result.problem, result.hint);
  return POISONED;
}

export function readFields(
  source: Readonly<Record<string, string>>,
  named: ReadonlyMap<string, Type>,
  at: Path,
  complaints: Complaints,
): Record<string, Type> {
  for (const name of Object.keys(source)) {
    if (!Name.test(name))
      complaints.addAtKey(
        at,
        name,
        'connector.name',
        `"${name}" cannot name a field.`,
        'Use letters, digits and _, a letter first.',
      );
  }
  return Object.fromEntries(
    Object.entries(source).map(([name, text]) => [name, readType(text, named, [...at, name], complaints)]),
  );
}

/** What could not be resolved has a mistake of its own, or stands in a circle with others. */
function complainAbout(
  waiting: ReadonlyMap<string, Fields>,
  known: ReadonlyMap<string, Type>,
  complaints: Complaints,
): void {
  const assumed = new Map([...known, ...[...waiting.keys()].map((name) => [name, POISONED] as const)]);
  for (const [name, fields] of waiting) {
    const wrong = Object.entries(fields).filter(([, text]) => 'problem' in parseType(text, assumed));
    for (const [field, text] of wrong) readType(text, assumed, ['types', name, field], complaints);
    if (wrong.length === 0 && reachesItself(name, waiting))
      complaints.addAtKey(
        ['types'],
        name,
        'connector.circular_type',
        `"${name}" contains itself.`,
        'Refer to the other record by its id instead.',
      );
  }
}

function reachesItself(name: string, waiting: ReadonlyMap<string, Fields>): boolean {
  const seen = new Set<string>();
  const visit = (at: string): boolean =>
    Object.values(waiting.get(at) ?? {}).some((text) =>
      [...text.matchAll(/\w+/g)].some(([word]) => {
        if (word === name) return true;
        if (seen.has(word) || !waiting.has(word)) return false;
        seen.add(word);
        return visit(word);
      }),
    );
  return visit(name);
}

type Fields = Readonly<Record<string, string>>;

function declarations(source: unknown, complaints: Complaints): [string, Fields][] {
  if (source === undefined || source === null) return [];
  if (typeof source !== 'object' || Array.isArray(source)) {
    complaints.add(['types'], 'connector.shape', '"types" must be a map of names and their fields.');
    return [];
  }
  return Object.entries(source).flatMap(([name, fields]): [string, Fields][] => {
    if (!/^[A-Z]\w*$/.test(name)) {
      complaints.addAtKey(
        ['types'],
        name,
        'connector.name',
        `"${name}" cannot name a type.`,
        'Begin with a capital letter, such as Order.',
      );
      return [];
    }
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      complaints.add(['types', name], 'connector.shape', `"${name}" must be a map of fields and their types.`);
      return [];
    }
    const texts = Object.entries(fields as Record<string, unknown>).filter((entry): entry is [string, string] => {
      const [field, text] = entry;
      if (typeof text === 'string' && Name.test(field)) return true;
      complaints.addAtKey(
        ['types', name],
        field,
        'connector.shape',
        `"${field}" must be a name with a type, such as qty: integer.`,
      );
      return false;
    });
    return [[name, Object.fromEntries(texts)]];
  });
}

function typeOf(result: TypeResult): Type {
  return 'type' in result ? result.type : POISONED;
}
