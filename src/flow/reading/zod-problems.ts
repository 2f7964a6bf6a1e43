import type { z } from 'zod';
import { nearest } from './did-you-mean.ts';
import type { Problem } from './problem.ts';
import type { Path, YamlFile } from './yaml.ts';

/** Parses a part of a YAML file by a schema; each mistake becomes a problem at its own place. */
export function parseZod<S extends z.ZodType>(
  schema: S,
  source: unknown,
  at: Path,
  yaml: YamlFile,
  problems: Problem[],
): z.infer<S> | undefined {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const mistakes = flatten(result.error.issues).flatMap((issue): Mistake[] => {
    const path = [...at, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, yaml, at, path, key));
    if (isStrayKey(schema, path.slice(at.length), issue))
      return [unknownKey(schema, yaml, at, path.slice(0, -1), String(path.at(-1)))];
    return [wrongValue(yaml, path, issue, valueAt(source, issue.path as (string | number)[]))];
  });
  const meant = new Set(mistakes.map(({ means }) => means));
  problems.push(
    ...mistakes.filter(({ lacks }) => lacks === undefined || !meant.has(lacks)).map(({ problem }) => problem),
  );
  return undefined;
}

/** A key that is misspelt is missing as well: that is one mistake. */
interface Mistake {
  readonly problem: Problem;
  /** The key that was meant, and the key that is missing, each with where it belongs. */
  readonly means?: string;
  readonly lacks?: string;
}

function placeOf(path: Path, key: string): string {
  return JSON.stringify([...path, key]);
}

/** Beside named parts a message takes texts by language: a list under an unknown key is a part misspelt, not a language. */
function isStrayKey(schema: z.ZodType, path: Path, issue: Issue): boolean {
  const key = String(path.at(-1));
  if (issue.code !== 'invalid_type' || issue.expected !== 'string' || /^[a-z]{2}(-|$)/.test(key)) return false;
  const parent = unwrapped(inside(schema, path.slice(0, -1)));
  return parent?.def?.catchall !== undefined && !(key in (parent.shape ?? {}));
}

function unknownKey(schema: z.ZodType, yaml: YamlFile, at: Path, path: Path, key: string): Mistake {
  const known = path.length === at.length ? keysOf(schema) : keysOf(inside(schema, path.slice(at.length)));
  const guess = nearest(key, known);
  const problem: Problem = {
    file: yaml.file,
    ...yaml.locateKey(path, key),
    code: 'flow.unknown_key',
    message: `\`${key}\` is not a key that belongs here.`,
    ...((guess || known.length > 0) && {
      hint: guess ? `Did you mean \`${guess}\`?` : `Known here: ${known.join(', ')}.`,
    }),
    severity: 'error',
  };
  return guess ? { problem, means: placeOf(path, guess) } : { problem };
}

function wrongValue(yaml: YamlFile, path: Path, issue: Issue, value: unknown): Mistake {
  const last = path.at(-1);
  const missing = value === undefined && issue.code !== 'invalid_union';
  const shape = issue.code === 'invalid_type' && !missing ? SHAPES[issue.expected] : undefined;
  const problem: Problem = {
    file: yaml.file,
    ...yaml.locate(missing ? path.slice(0, -1) : path),
    code: missing ? 'flow.missing_key' : 'flow.invalid_value',
    message: missing
      ? `\`${String(last)}\` is missing.`
      : shape === undefined
        ? `${last === undefined ? '' : `\`${String(last)}\`: `}${issue.message}.`
        : `${last === undefined ? 'This' : `\`${String(last)}\``} must be ${shape.is}, and here is ${kindOf(value)}.`,
    ...(missing && { hint: `Add \`${String(last)}:\` here.` }),
    ...(shape && { hint: shape.hint }),
    severity: 'error',
  };
  return missing ? { problem, lacks: placeOf(path.slice(0, -1), String(last)) } : { problem };
}

/** What a schema expects, in an author's words, and how she writes it. */
const SHAPES: Readonly<Record<string, { is: string; hint: string }>> = {
  string: { is: 'one text', hint: 'Write the text behind the colon, in quotes when it begins with { or [.' },
  number: { is: 'a number', hint: 'Write it without quotes: 3.' },
  int: { is: 'a whole number', hint: 'Write it without quotes: 3.' },
  boolean: { is: 'true or false', hint: 'Write it without quotes: true.' },
  array: { is: 'a list', hint: 'Write [one, two], or one item a line, each after a dash.' },
  object: { is: 'a map', hint: 'Write {key: value}, or one key a line, indented.' },
  record: { is: 'a map', hint: 'Write {key: value}, or one key a line, indented.' },
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'object' ? 'a map' : String(value);
}

function valueAt(source: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    source,
  );
}

type Issue = z.core.$ZodIssue;

/** Of alternatives that all failed, the issues of the one that came closest, instead of "invalid input". */
function flatten(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const best = issue.errors.map((errors) => flatten(errors)).toSorted((a, b) => depth(b) - depth(a))[0];
    return (best ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue);
  });
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0)));
}

type Shaped = {
  def?: { catchall?: unknown };
  shape?: Readonly<Record<string, z.ZodType>>;
  unwrap?: () => z.ZodType;
  options?: readonly z.ZodType[];
  element?: z.ZodType;
};

/** The schema of a part, as far as the path leads through objects. */
function inside(schema: z.ZodType | undefined, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const key of path) {
    const shaped = unwrapped(current);
    current = typeof key === 'number' ? shaped?.element : shaped?.shape?.[key];
  }
  return current;
}

function unwrapped(schema: z.ZodType | undefined): Shaped | undefined {
  let shaped = schema as (z.ZodType & Shaped) | undefined;
  while (shaped && !shaped.shape && !shaped.element) {
    if (shaped.options)
      shaped = shaped.options.find((option) => (option as Shaped).shape) as (z.ZodType & Shaped) | undefined;
    else if (typeof shaped.unwrap === 'function') shaped = shaped.unwrap() as z.ZodType & Shaped;
    else return undefined;
  }
  return shaped;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  return Object.keys(unwrapped(schema)?.shape ?? {});
}
