import { SyntaxFailure } from './syntax.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  /** The name, the sign, the digits, or what the string says. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Splits a source into tokens; the last is always `end`. Throws SyntaxFailure. */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(source, 0);
  while (at < source.length) {
    const token = readToken(source, at);
    tokens.push(token);
    at = skipSpace(source, token.to);
  }
  tokens.push({ kind: 'end', text: 'the end', from: source.length, to: source.length });
  return tokens;
}

const SPACE = /[\s]*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /&&|\|\||[=!<>]=|[-+*/%<>!?:.,()[\]{}]/y;

function skipSpace(source: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(source)?.[0].length ?? 0);
}

function readToken(source: string, from: number): Token {
  const character = source[from]!;
  if (character === '"' || character === "'") return readString(source, from, character);
  const number = match(NUMBER, source, from);
  if (number !== undefined) return readNumber(source, from, number);
  const name = match(NAME, source, from);
  if (name !== undefined) return { kind: 'name', text: name, from, to: from + name.length };
  const sign = match(SIGN, source, from);
  if (sign !== undefined) return { kind: 'sign', text: sign, from, to: from + sign.length };
  throw stray(character, from);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function readNumber(source: string, from: number, text: string): Token {
  const to = from + text.length;
  const unit = match(NAME, source, to);
  if (unit !== undefined) {
    const hint = /^(ms|s|m|h|d|w)$/.test(unit) ? `Write duration("${text}${unit}").` : undefined;
    throw new SyntaxFailure(`"${text}${unit}" is not a number.`, from, to + unit.length, hint);
  }
  return { kind: 'number', text, from, to };
}

function stray(character: string, at: number): SyntaxFailure {
  const meant: Readonly<Record<string, string>> = { '=': '==', '&': '&&', '|': '||' };
  const near = meant[character];
  const hint = near === undefined ? undefined : `Did you mean "${near}"?`;
  return new SyntaxFailure(`"${character}" has no meaning here.`, at, at + 1, hint);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

function readString(source: string, from: number, quote: string): Token {
  let text = '';
  let at = from + 1;
  while (at < source.length && source[at] !== quote) {
    if (source[at] !== '\\') {
      text += source[at];
      at += 1;
      continue;
    }
    const [character, length] = readEscape(source, at);
    text += character;
    at += length;
  }
  if (at >= source.length)
    throw new SyntaxFailure('This text is never closed.', from, source.length, `End it with ${quote}.`);
  return { kind: 'string', text, from, to: at + 1 };
}

function readEscape(source: string, at: number): readonly [string, number] {
  const letter = source[at + 1] ?? '';
  if (Object.hasOwn(ESCAPES, letter)) return [ESCAPES[letter]!, 2];
  const unicode = /^u([0-9A-Fa-f]{4})/.exec(source.slice(at + 1, at + 6));
  if (unicode !== null) return [String.fromCharCode(Number.parseInt(unicode[1]!, 16)), 6];
  throw new SyntaxFailure(
    `"\\${letter}" is no escape.`,
    at,
    Math.min(at + 2, source.length),
    'Write \\\\ for a backslash.',
  );
}
