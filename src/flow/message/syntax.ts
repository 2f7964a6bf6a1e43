import { IntlMessageFormat } from 'intl-messageformat';

/** A message as parsed, in our words. Paths are dotted; offsets point into the source as the author wrote it. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | (Argument & { readonly kind: 'argument' })
  | (Argument & { readonly kind: 'number'; readonly style: Intl.NumberFormatOptions })
  | (Argument & { readonly kind: 'date' | 'time'; readonly style: Intl.DateTimeFormatOptions })
  | (Argument & { readonly kind: 'select'; readonly options: Options })
  | (Argument & {
      readonly kind: 'plural';
      readonly ordinal: boolean;
      readonly offset: number;
      readonly options: Options;
    })
  /** The `#` of a plural. */
  | { readonly kind: 'count' };

export interface Argument {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

export type Options = ReadonlyMap<string, readonly Part[]>;

/** What is wrong with the message's form, and where. */
export interface Malformed {
  readonly code: string;
  readonly message: string;
  readonly from: number;
  readonly to: number;
  readonly hint?: string;
}

/** Parses ICU MessageFormat 1 with dotted names. `locale` decides what a date skeleton's `j` means, nothing else. */
export function parseMessage(source: string, locale: string): readonly Part[] | Malformed {
  if (source.length > LONGEST) return tooLong;
  try {
    const format = new IntlMessageFormat(dotless(source), locale, undefined, {
      ignoreTag: true,
      captureLocation: true,
    });
    return format.getAst().map(part);
  } catch (error) {
    const malformed = asMalformed(error);
    if (malformed === undefined) throw error;
    return malformed;
  }
}

const LONGEST = 10_000;
const tooLong: Malformed = {
  code: 'message.syntax',
  message: `A message may have at most ${LONGEST} characters.`,
  from: LONGEST,
  to: LONGEST,
};

/** ICU forbids dots in names. One character for one, so that columns stay; a private one, so that no name has it. */
const DOT = '\uE02E';
const DOTTED = /\{\s*[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)+(?=\s*[,}])/gu;

function dotless(source: string): string {
  return source.replace(DOTTED, (name) => name.replaceAll('.', DOT));
}

function dotted(text: string): string {
  return text.replaceAll(DOT, '.');
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** The parser's numbers for its kinds of element; the enum itself is not exported. */
const LITERAL = 0;
const ARGUMENT = 1;
const NUMBER = 2;
const DATE = 3;
const TIME = 4;
const SELECT = 5;
const PLURAL = 6;

function part(element: Element): Part {
  if (element.type === LITERAL) return { kind: 'text', text: dotted(element.value) };
  if (!('value' in element)) return { kind: 'count' };
  const from = element.location?.start.offset ?? 0;
  const argument = { path: dotted(element.value), from, to: element.location?.end.offset ?? from };
  switch (element.type) {
    case ARGUMENT:
      return { ...argument, kind: 'argument' };
    case NUMBER:
      return { ...argument, kind: 'number', style: numberStyle(element.style) };
    case DATE:
      return { ...argument, kind: 'date', style: dateStyle(element.style, IntlMessageFormat.formats.date) };
    case TIME:
      return { ...argument, kind: 'time', style: dateStyle(element.style, IntlMessageFormat.formats.time) };
    case SELECT:
      return { ...argument, kind: 'select', options: options(element.options) };
    case PLURAL: {
      const ordinal = element.pluralType === 'ordinal';
      return { ...argument, kind: 'plural', ordinal, offset: element.offset, options: options(element.options) };
    }
    default:
      return { kind: 'text', text: '' };
  }
}

function options(from: Readonly<Record<string, { readonly value: readonly Element[] }>>): Options {
  return new Map(Object.entries(from).map(([key, { value }]) => [key, value.map(part)]));
}

type Style = string | { readonly parsedOptions: object } | null | undefined;

/** `percent`, `integer` and their like by name, or a parsed `::skeleton`. */
function numberStyle(style: Style): Intl.NumberFormatOptions {
  const named = IntlMessageFormat.formats.number;
  const found =
    typeof style === 'string' ? (Object.hasOwn(named, style) ? named[style] : undefined) : style?.parsedOptions;
  return (found ?? {}) as Intl.NumberFormatOptions;
}

function dateStyle(style: Style, named: Record<string, Intl.DateTimeFormatOptions>): Intl.DateTimeFormatOptions {
  if (typeof style === 'object' && style !== null) return style.parsedOptions;
  const name = style ?? 'medium';
  return (Object.hasOwn(named, name) ? named[name] : named.medium) ?? {};
}

/** What the parser's codes mean to an author. */
const MEANINGS: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  EXPECT_ARGUMENT_CLOSING_BRACE: ['A "{" is never closed.', 'Close it with "}"; write \'{\' for the sign itself.'],
  UNMATCHED_CLOSING_TAG: ['A tag is closed that was not opened.'],
  EMPTY_ARGUMENT: ['"{}" names nothing.', 'Write the name between the braces, as {order.id}.'],
  MALFORMED_ARGUMENT: ['This is no name.', 'A name is letters, digits, "_" and dots, as {order.id}.'],
  EXPECT_ARGUMENT_TYPE: [
    'A format is missing after the comma.',
    'plural, select, selectordinal, number, date or time.',
  ],
  INVALID_ARGUMENT_TYPE: ['There is no such format.', 'plural, select, selectordinal, number, date or time.'],
  EXPECT_PLURAL_ARGUMENT_SELECTOR: ['The plural forms are missing.', 'Write {n, plural, one {…} other {…}}.'],
  EXPECT_SELECT_ARGUMENT_OPTIONS: ['The choices are missing.', 'Write {x, select, a {…} other {…}}.'],
  EXPECT_PLURAL_ARGUMENT_SELECTOR_FRAGMENT: ['A form has no text.', 'Write it in braces, as one {# article}.'],
  EXPECT_SELECT_ARGUMENT_SELECTOR_FRAGMENT: ['A choice has no text.', 'Write it in braces, as a {…}.'],
  DUPLICATE_PLURAL_ARGUMENT_SELECTOR: ['A plural form is given twice.'],
  DUPLICATE_SELECT_ARGUMENT_SELECTOR: ['A choice is given twice.'],
};

function asMalformed(error: unknown): Malformed | undefined {
  if (!(error instanceof Error) || !('location' in error)) return undefined;
  const location = error.location as { start: { offset: number }; end: { offset: number } };
  const [from, to] = [location.start.offset, location.end.offset];
  if (error.message === 'MISSING_OTHER_CLAUSE')
    return {
      code: 'message.missing_other',
      message: 'The case "other" is missing.',
      from,
      to,
      hint: 'Add other {…}: it serves what no case names.',
    };
  const known = Object.hasOwn(MEANINGS, error.message) ? MEANINGS[error.message] : undefined;
  const [message, hint] = known ?? [`The message is malformed (${error.message.toLowerCase().replaceAll('_', ' ')}).`];
  return { code: 'message.syntax', message, from, to, ...(hint === undefined ? {} : { hint }) };
}
