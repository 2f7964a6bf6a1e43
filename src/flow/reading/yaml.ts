import { isNode, isScalar, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

/** Where a value stands in its file: keys and indexes from the root. */
export type Path = readonly (string | number)[];

/** A YAML file that was read as far as it could be: plain values, and the place of each. */
export interface YamlFile {
  readonly file: string;
  /** `undefined` when the text could not be read at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Line and column of a value; of its nearest ancestor where it has none. `offset` counts characters into a one-line scalar. */
  locate(path: Path, offset?: number): { line: number; col: number };
  /** The same for a key of a map. */
  locateKey(path: Path, key: string): { line: number; col: number };
}

const MAX_BYTES = 1 << 20;
const MAX_ALIASES = 100;

/** Reads YAML 1.2. Duplicate keys, unknown tags, tabs and alias bombs are errors; every error of the file is told, not only the first. */
export function readYaml(text: string, file: string): YamlFile {
  if (text.length > MAX_BYTES) {
    return unreadable(file, 'yaml.too_large', `The file has ${text.length} characters; at most ${MAX_BYTES} are read.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), col: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map((error) => asProblem(error, text, file, at));
  let value: unknown;
  if (document.errors.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({
        file,
        line: 1,
        col: 1,
        code: 'yaml.aliases',
        message: error instanceof Error ? error.message : String(error),
        hint: 'Write the repeated part out, or move it to a sub-flow.',
        severity: 'error',
      });
    }
  }
  const nodeAt = (path: Path): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node;
    }
    return undefined;
  };
  return {
    file,
    value,
    problems,
    locate(path, offset = 0) {
      const node = nodeAt(path);
      if (!node?.range) return { line: 1, col: 1 };
      const exact = document.getIn(path, true) === node;
      const shift = exact && isScalar(node) ? quoteWidth(node.type) + offset : 0;
      return at(Math.min(node.range[0] + (offset > 0 ? shift : 0), text.length));
    },
    locateKey(path, key) {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      if (typeof map === 'object' && map !== null && 'items' in map && Array.isArray(map.items)) {
        for (const pair of map.items) {
          if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) return at(pair.key.range[0]);
        }
      }
      return this.locate(path);
    },
  };
}

function quoteWidth(type: string | undefined): number {
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0;
}

type At = (offset: number) => { line: number; col: number };

function asProblem(error: YAMLError, text: string, file: string, at: At): Problem {
  const start = error.pos[0];
  const base = { file, ...at(start), severity: 'error' as const };
  const line = lineAround(text, start);
  if (error.code === 'TAB_AS_INDENT') {
    return { ...base, code: 'yaml.tab', message: 'A tab indents this line.', hint: 'Indent with spaces.' };
  }
  if (error.code === 'DUPLICATE_KEY') {
    return {
      ...base,
      code: 'yaml.duplicate_key',
      message: 'This key stands twice in the same map.',
      hint: 'Keep one of the two.',
    };
  }
  if (/:\s*\{[\w.]+[},]/.test(line) || /-\s+\{[\w.]+\}/.test(line)) {
    return {
      ...base,
      code: 'yaml.unquoted_brace',
      message: 'A text that begins with `{` must be quoted, or YAML takes it for a map.',
      hint: 'Put the text in double quotes: "{name}, welcome back".',
    };
  }
  if (error.name === 'YAMLWarning') {
    return {
      ...base,
      code: 'yaml.tag',
      message: error.message,
      hint: 'Remove the tag (`!…`): plain values are enough.',
    };
  }
  return { ...base, code: 'yaml.syntax', message: `${error.message}.`, hint: hintFor(error.code) };
}

function hintFor(code: string): string {
  switch (code) {
    case 'MISSING_CHAR':
      return 'Close the quote, bracket or brace that is still open above.';
    case 'BAD_INDENT':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'Check the indentation: every key of a map starts in the same column.';
    default:
      return 'Texts with `: `, ` #` or a leading `{`, `[`, `&`, `*`, `!`, `@` need quotes.';
  }
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(offset - 1, 0)) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? undefined : end);
}

function unreadable(file: string, code: string, message: string): YamlFile {
  const place = { line: 1, col: 1 };
  return {
    file,
    value: undefined,
    problems: [{ file, ...place, code, message, hint: 'Split it into several files.', severity: 'error' }],
    locate: () => place,
    locateKey: () => place,
  };
}
