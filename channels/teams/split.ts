import { borderIn } from '#channel';
import { type Line, toMessage, writtenLength } from './markup.ts';

/** Lines in pieces that are written in at most `limit` UTF-16 units each: between lines, else sentences, words, characters. */
export function pieces(lines: readonly Line[], limit: number): readonly (readonly Line[])[] {
  const found: (readonly Line[])[] = [];
  let piece: readonly Line[] = [];
  for (const line of lines) {
    const [last = line, ...before] = fragments(line, limit).reverse();
    const together = [...piece, last];
    if (before.length === 0 && toMessage(together).length <= limit) {
      piece = together;
      continue;
    }
    if (piece.length > 0) found.push(piece);
    found.push(...before.reverse().map((fragment) => [fragment]));
    piece = [last];
  }
  return piece.length === 0 ? found : [...found, piece];
}

/** A line that is too long alone loses its markup and keeps its words. */
function fragments(line: Line, limit: number): Line[] {
  if (toMessage([line]).length <= limit) return [line];
  const text = line.runs.map((run) => (run.url === undefined ? run.text : `${run.text} ${run.url}`)).join('');
  return cut(text, limit).map((words) => ({ runs: [{ text: words }], gap: false }));
}

function cut(text: string, limit: number): string[] {
  const found: string[] = [];
  let rest = text.trim();
  for (let most = fitting(rest, limit); most < rest.length; most = fitting(rest, limit)) {
    const at = borderIn(rest, most);
    found.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? found : [...found, rest];
}

/** The first character of a line may begin a list and is escaped then. */
const BEGINNING = 8;

/** How much of it is written in so many units. */
function fitting(text: string, limit: number): number {
  let size = BEGINNING;
  for (let at = 0; at < text.length; at++) {
    size += writtenLength(text.charAt(at));
    if (size > limit) return Math.max(1, at);
  }
  return text.length;
}
