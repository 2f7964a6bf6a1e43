/**
 * JavaScript's engine is fast and backtracks. It cannot backtrack more than once over a text when, reading from a fixed
 * start, every repeat knows from the next character alone whether to go on. That is what is proved here:
 *
 *     ^ (character | class)(quantifier)? … $
 *
 * where a repeat of variable length shares no character with whatever may follow it. Only plain ASCII characters and
 * positive classes are read; anything else is left to re2js.
 */
export function nativePattern(source: string): RegExp | undefined {
  const parts = readParts(source);
  return parts?.every((part, index) => isDecided(part, parts, index)) ? new RegExp(source) : undefined;
}

interface Part {
  readonly characters: ReadonlySet<number>;
  readonly min: number;
  readonly max: number;
}

const QUANTIFIER = /^(?:\{(\d{1,3})(?:(,)(\d{1,3})?)?\}|([?*+]))/;
const LITERAL = /^[A-Za-z0-9 _\-@#%&=:;,<>!~'"/]$/;
const DIGIT = between(48, 57);
const WORD = new Set([...DIGIT, ...between(65, 90), ...between(97, 122), 95]);

function readParts(source: string): Part[] | undefined {
  if (!source.startsWith('^')) return undefined;
  const end = source.endsWith('$') ? source.length - 1 : source.length;
  const parts: Part[] = [];
  let at = 1;
  while (at < end) {
    const characters = readCharacters(source, at, end);
    if (characters === undefined) return undefined;
    at = characters.next;
    const quantifier = QUANTIFIER.exec(source.slice(at, end));
    at += quantifier?.[0].length ?? 0;
    const [min, max] = quantifier === null ? [1, 1] : bounds(quantifier);
    if (min > max) return undefined;
    parts.push({ characters: characters.set, min, max });
  }
  return parts;
}

function readCharacters(
  source: string,
  at: number,
  end: number,
): { set: ReadonlySet<number>; next: number } | undefined {
  const character = source[at]!;
  if (character === '[') return readClass(source, at + 1, end);
  if (character === '\\') {
    const set = escaped(source[at + 1], at + 1 < end);
    return set && { set, next: at + 2 };
  }
  return LITERAL.test(character) ? { set: new Set([character.charCodeAt(0)]), next: at + 1 } : undefined;
}

function escaped(character: string | undefined, inside: boolean): ReadonlySet<number> | undefined {
  if (character === undefined || !inside) return undefined;
  if (character === 'd') return DIGIT;
  if (character === 'w') return WORD;
  return /^[.+*?()[\]{}|^$\\/-]$/.test(character) ? new Set([character.charCodeAt(0)]) : undefined;
}

function readClass(source: string, from: number, end: number): { set: ReadonlySet<number>; next: number } | undefined {
  const set = new Set<number>();
  let at = from;
  while (at < end && source[at] !== ']') {
    const range = /^([A-Za-z0-9])-([A-Za-z0-9])/.exec(source.slice(at, end));
    const single = range === null ? classCharacter(source, at, end) : undefined;
    if (range !== null && range[1]! > range[2]!) return undefined;
    if (range !== null) for (const code of between(range[1]!.charCodeAt(0), range[2]!.charCodeAt(0))) set.add(code);
    else if (single === undefined) return undefined;
    else for (const code of single) set.add(code);
    at += range?.[0].length ?? (source[at] === '\\' ? 2 : 1);
  }
  return at < end && set.size > 0 ? { set, next: at + 1 } : undefined;
}

/** A bare `-` is left out: whether it begins a range depends on its neighbours. */
function classCharacter(source: string, at: number, end: number): ReadonlySet<number> | undefined {
  const character = source[at]!;
  if (character === '\\') return escaped(source[at + 1], at + 1 < end);
  return /^[A-Za-z0-9 _.@#%+]$/.test(character) ? new Set([character.charCodeAt(0)]) : undefined;
}

function bounds([, exact, comma, most, sign]: RegExpExecArray): [number, number] {
  if (sign === '?') return [0, 1];
  if (sign !== undefined) return [sign === '+' ? 1 : 0, Number.POSITIVE_INFINITY];
  const min = Number(exact);
  if (comma === undefined) return [min, min];
  return [min, most === undefined ? Number.POSITIVE_INFINITY : Number(most)];
}

/** Does the next character alone decide whether this part goes on? */
function isDecided(part: Part, parts: readonly Part[], index: number): boolean {
  if (part.min === part.max) return true;
  for (const next of parts.slice(index + 1)) {
    if (next.max > 0 && [...next.characters].some((code) => part.characters.has(code))) return false;
    if (next.min > 0) return true;
  }
  return true;
}

function between(first: number, last: number): ReadonlySet<number> {
  return new Set(Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index));
}
