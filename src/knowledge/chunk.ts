/**
 * Cuts a text into pieces that answer one question each: paragraphs that are short go together, long ones are cut between sentences. A
 * Chinese character says about as much as three letters.
 */
export function chunks(text: string): string[] {
  const found: string[] = [];
  let current: string[] = [];
  const end = () => {
    if (current.length > 0) found.push(current.join('\n'));
    current = [];
  };
  for (const paragraph of paragraphsOf(text)) {
    if (current.length > 0 && sizeOf(current.join('\n')) + sizeOf(paragraph) > WANTED) end();
    if (sizeOf(paragraph) <= MOST) current.push(paragraph);
    else {
      end();
      found.push(...cut(paragraph));
    }
  }
  end();
  return found;
}

/** Its sentences, with their stops. Lines are sentences of their own. */
export function sentencesOf(text: string): string[] {
  return text.split('\n').flatMap((line) =>
    line
      .split(SENTENCE_END)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== ''),
  );
}

/** In letters. */
export function sizeOf(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return text.length + han * 2;
}

const WANTED = 600;
const MOST = 900;
/** After a stop and a space, unless the stop belongs to a short form or a number; after a Chinese stop at once. */
const SENTENCE_END =
  /(?<=[.!?][)"'”’]?)(?<!\b(?:e\.g|i\.e|etc|vs|no|nr|approx|mr|mrs|ms|dr|st|inc|ltd)\.)\s+(?=\S)|(?<=[。！？；])(?![”’）」])/iu;

/** List items belong to the line above them. */
function paragraphsOf(text: string): string[] {
  return text
    .split(/\n\s*\n(?!\s*•)/)
    .map((paragraph) => paragraph.replace(/\n{2,}/g, '\n').trim())
    .filter((paragraph) => paragraph !== '');
}

function cut(paragraph: string): string[] {
  const pieces: string[] = [];
  let current = '';
  for (const sentence of paragraph.split('\n').flatMap((line) => withBreak(sentencesOf(line)))) {
    if (current !== '' && sizeOf(current) + sizeOf(sentence) > WANTED) {
      pieces.push(current.trim());
      current = '';
    }
    current += sentence;
  }
  if (current.trim() !== '') pieces.push(current.trim());
  return pieces.flatMap(hardCut);
}

/** Sentences of a line, joined as they were: by a space in English, by nothing in Chinese, by a line break at its end. */
function withBreak(sentences: readonly string[]): string[] {
  return sentences.map((sentence, at) => {
    if (at === sentences.length - 1) return `${sentence}\n`;
    return /[。！？；]$/u.test(sentence) ? sentence : `${sentence} `;
  });
}

/** A text without any stop is cut all the same. */
function hardCut(text: string): string[] {
  if (sizeOf(text) <= MOST * 2) return [text];
  const step = Math.floor((MOST * text.length) / sizeOf(text));
  return Array.from({ length: Math.ceil(text.length / step) }, (_, at) =>
    text.slice(at * step, (at + 1) * step).toWellFormed(),
  );
}
