import { changing } from './hold-back.ts';
import { overStrings } from './over-strings.ts';
import type { Layer, Request } from './provider.ts';

/** A stretch of a text that tells who somebody is. */
export interface Personal {
  readonly start: number;
  readonly end: number;
  /** Small letters: `email`, `phone`, `card`. */
  readonly kind: string;
}

/** Finds personal data, in order and not overlapping. The business's own identifiers (order numbers) are none. */
export type FindPersonal = (text: string) => readonly Personal[];

/**
 * Takes personal data out of what leaves, and puts it back into what returns: the model sees `[EMAIL_1]`, the same one for the same
 * address throughout a question. A placeholder that the customer wrote herself stands for nothing. Pictures and voice leave as they
 * are; they are sent only where the business has named a model for them.
 */
export function withRedaction(find: FindPersonal): Layer {
  return (inner) => ({
    ...inner,
    async ask(request, call) {
      if (request.kind === 'transcribe') return inner.ask(request, call);
      const mask = new Mask(find, call.personal ?? [], textsOf(request));
      const reply = await inner.ask(masked(request, mask), call);
      const isJson = request.kind === 'complete' && request.format !== undefined;
      return { ...reply, text: overStrings(reply.text, isJson, mask.back) };
    },
    async *stream(request, call) {
      const mask = new Mask(find, call.personal ?? [], textsOf(request));
      yield* changing(inner.stream(masked(request, mask), call), /\[[A-Z_0-9]*$/, mask.back);
    },
  });
}

function textsOf(request: Exclude<Request, { kind: 'transcribe' }>): readonly string[] {
  return request.kind === 'embed' ? request.texts : request.prompt.messages.map(({ text }) => text);
}

function masked<R extends Exclude<Request, { kind: 'transcribe' }>>(request: R, mask: Mask): R;
function masked(request: Exclude<Request, { kind: 'transcribe' }>, mask: Mask): Request {
  if (request.kind === 'embed') return { ...request, texts: request.texts.map(mask.out) };
  const { prompt, format } = request;
  return {
    ...request,
    prompt: { ...prompt, messages: prompt.messages.map((said) => ({ ...said, text: mask.out(said.text) })) },
    ...(format !== undefined && {
      format: { ...format, fits: (text: string) => format.fits(overStrings(text, true, mask.back)) },
    }),
  };
}

/** The placeholders of one question. */
class Mask {
  readonly #find: FindPersonal;
  readonly #personal: readonly string[];
  /** What the texts hold that looks like one of ours and is not. */
  readonly #taken: ReadonlySet<string>;
  readonly #byValue = new Map<string, string>();
  readonly #byPlaceholder = new Map<string, string>();

  constructor(find: FindPersonal, personal: readonly string[], texts: readonly string[]) {
    this.#find = find;
    // A full name, and its parts as she signs with them; the longest first, so that the whole goes before its parts.
    const parts = personal.flatMap((value) => value.split(/[\s,]+/).filter((part) => /^\p{L}{3,}$/u.test(part)));
    this.#personal = [...new Set([...personal, ...parts])]
      .filter((value) => value.length >= LEAST)
      .toSorted((a, b) => b.length - a.length);
    this.#taken = new Set(texts.flatMap((text) => text.match(PLACEHOLDER) ?? []));
  }

  readonly out = (text: string): string => {
    let rest = text;
    for (const value of this.#personal) rest = this.#replace(rest, value);
    let done = '';
    let at = 0;
    for (const { start, end, kind } of this.#find(rest)) {
      done += rest.slice(at, start) + this.#placeholder(rest.slice(start, end), kind);
      at = end;
    }
    return done + rest.slice(at);
  };

  readonly back = (text: string): string =>
    text.replace(PLACEHOLDER, (found) => this.#byPlaceholder.get(found) ?? found);

  /** Whole words: a customer called Al is not in "also", one called An not in "an apple". Han has no words to be whole. */
  #replace(text: string, value: string): string {
    const edge = /^\p{Script=Han}/u.test(value) ? ['', ''] : ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'];
    const flags = value.length < SHORT ? 'gu' : 'giu';
    const wanted = new RegExp(`${edge[0]}${value.replace(SPECIAL, '\\$&')}${edge[1]}`, flags);
    return text.replace(wanted, (found) => this.#placeholder(found, 'customer'));
  }

  #placeholder(value: string, kind: string): string {
    const known = this.#byValue.get(`${kind} ${value}`);
    if (known !== undefined) return known;
    let number = 1;
    const name = () => `[${kind.toUpperCase()}_${number}]`;
    while (this.#byPlaceholder.has(name()) || this.#taken.has(name())) number += 1;
    this.#byValue.set(`${kind} ${value}`, name());
    this.#byPlaceholder.set(name(), value);
    return name();
  }
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;
const PLACEHOLDER = /\[[A-Z]+_\d+\]/g;
/** Characters. One letter is nobody's name. */
const LEAST = 2;
/** Shorter ones are words as well: they are known by their capital. */
const SHORT = 4;
