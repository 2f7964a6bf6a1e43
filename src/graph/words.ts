/** Sizes of text without a browser: a picture is drawn where there is none. In pixels, for the font of `svg.ts` at size 13. */
const NARROW = 6.9;
const WIDE = 13;

/** Wider scripts (Chinese, Japanese, Korean) take a whole em a character. */
const WIDE_CHARACTER = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE_CHARACTER.test(character) ? WIDE : NARROW;
  return width;
}

/** Breaks a text into lines of at most `width` pixels; what does not fit into `most` lines is cut off with an ellipsis. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of pieces(text)) {
    if (widthOf(line + word.trimEnd()) > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${cutTo(lines[most - 1] ?? '', width - WIDE)}…`];
}

/** Where a line may break: after a space, after every wide character, and inside a word that is too long for any line. */
function pieces(text: string): string[] {
  return (
    text.replaceAll(/\s+/g, ' ').match(/[^\s\u2e80-\uffef]{1,30}\s?|[\u2e80-\uffef][，。！？：；、）]?\s?|\s/g) ?? []
  );
}

function cutTo(text: string, width: number): string {
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > width) break;
    kept += character;
  }
  return kept.trimEnd();
}
