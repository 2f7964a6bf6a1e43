import type { Part } from './provider.ts';

/**
 * Changes a stream's words as if they came at once: what may be the beginning of something that is to be changed as a whole is held back
 * until it is complete, or clearly none. `open` finds such a beginning at the end of a text.
 */
export async function* changing(
  parts: AsyncIterable<Part>,
  open: RegExp,
  change: (text: string) => string,
): AsyncGenerator<Part> {
  let held = '';
  for await (const part of parts) {
    if (!('text' in part)) {
      if (held !== '') yield { text: change(held) };
      yield part;
      return;
    }
    held += part.text;
    const at = held.search(open);
    const ready = at < 0 || held.length - at > LONGEST ? held : held.slice(0, at);
    if (ready === '') continue;
    held = held.slice(ready.length);
    yield { text: change(ready) };
  }
}

/** Characters; longer than any address or placeholder that means something. */
const LONGEST = 2_048;
