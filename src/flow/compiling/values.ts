import { type Json, type JsonObject, required, show, type Type } from '../../type.ts';
import { assignable } from '../expression/expression.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { Path } from '../reading/yaml.ts';
import type { Run } from '../run.ts';
import { conform } from '../value/value.ts';
import type { Knowledge } from './knowledge.ts';

/** A compiled value: a literal or an expression. */
export interface Compiled {
  readonly type: Type;
  readonly reads: readonly string[];
  readonly paths: readonly string[];
  readonly literal: boolean;
  evaluate(run: Run): Json;
}

/** A literal, `=expression`, or a list or map of them. */
export function compileValue(c: Knowledge, at: Path, source: unknown, expected?: Type): Compiled {
  if (typeof source === 'string' && source.startsWith('=')) {
    const skip = source.length - source.slice(1).trimStart().length;
    const expression = c.expression(at, source.slice(skip), skip);
    if (expected && !assignable(expression.type, expected)) {
      c.report(
        'error',
        'flow.type',
        `This is ${aType(expression.type)}, but ${aType(expected)} is needed.`,
        at,
        skip,
        unsetHint(expression.type, expected),
      );
    }
    return {
      type: expression.type,
      reads: [...expression.reads],
      paths: [...expression.paths],
      literal: false,
      evaluate: (run) => expression.evaluate(run),
    };
  }
  if (holdsExpression(source)) return composite(c, at, source, expected);
  return literal(c, at, source, expected);
}

function literal(c: Knowledge, at: Path, source: unknown, expected: Type | undefined): Compiled {
  const raw = (source ?? null) as Json;
  if (!expected) return { type: typeOfLiteral(raw), reads: [], paths: [], literal: true, evaluate: () => raw };
  const result = conform(raw, expected);
  if (!result.ok) {
    const target = required(expected);
    const guess = target.kind === 'enum' && typeof raw === 'string' ? nearest(raw, target.values) : undefined;
    c.report(
      'error',
      target.kind === 'enum' ? 'expression.enum' : 'flow.type',
      `${JSON.stringify(raw)} is not ${aType(expected)}.`,
      at,
      0,
      guess ? `Did you mean \`${guess}\`?` : undefined,
    );
  }
  const value = result.ok ? result.value : raw;
  return {
    type: value === null ? expected : required(expected),
    reads: [],
    paths: [],
    literal: true,
    evaluate: () => value,
  };
}

function composite(c: Knowledge, at: Path, source: unknown, expected: Type | undefined): Compiled {
  const target = expected && required(expected);
  const parts = Object.entries(source as object).map(([key, part]) => {
    const type = target?.kind === 'list' ? target.of : target?.kind === 'object' ? target.fields[key] : undefined;
    return [key, compileValue(c, [...at, Array.isArray(source) ? Number(key) : key], part, type)] as const;
  });
  const union = (pick: (value: Compiled) => readonly string[]) => [
    ...new Set(parts.flatMap(([, value]) => pick(value))),
  ];
  return {
    type: expected ?? { kind: 'any' },
    reads: union((value) => value.reads),
    paths: union((value) => value.paths),
    literal: false,
    evaluate: Array.isArray(source)
      ? (run) => parts.map(([, value]) => value.evaluate(run))
      : (run) => Object.fromEntries(parts.map(([key, value]) => [key, value.evaluate(run)])),
  };
}

function holdsExpression(source: unknown): boolean {
  if (typeof source === 'string') return source.startsWith('=');
  return typeof source === 'object' && source !== null && Object.values(source).some(holdsExpression);
}

function typeOfLiteral(raw: Json): Type {
  if (raw === null) return { kind: 'null' };
  if (typeof raw === 'string') return { kind: 'string' };
  if (typeof raw === 'boolean') return { kind: 'boolean' };
  if (typeof raw === 'number') return { kind: Number.isInteger(raw) ? 'integer' : 'number' };
  if (Array.isArray(raw)) return { kind: 'list', of: raw.length > 0 ? typeOfLiteral(raw[0] as Json) : { kind: 'any' } };
  return objectType(raw as JsonObject);
}

function objectType(raw: JsonObject): Type {
  const keys = Object.keys(raw);
  if (keys.length === 2 && 'amount' in raw && 'currency' in raw) return { kind: 'money' };
  return {
    kind: 'object',
    name: 'object',
    fields: Object.fromEntries(keys.map((key) => [key, typeOfLiteral(raw[key] ?? null)])),
  };
}

export function aType(type: Type): string {
  const written = show(type);
  return `${/^[aeiou]/.test(written) ? 'an' : 'a'} \`${written}\``;
}

function unsetHint(from: Type, to: Type): string | undefined {
  return from.kind === 'optional' && assignable(from.of, to)
    ? 'It may be unset here: test it with `if: … != null` first.'
    : undefined;
}
