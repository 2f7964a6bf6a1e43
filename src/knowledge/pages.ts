import type { Part } from './block.ts';

/** Between the pages of a document that has some. */
export const PAGE_END = '\f';

/**
 * The pages of a paged document as parts, each with its number. Lines that are broken in the middle of a sentence are joined, and what stands
 * at the head or foot of most pages (a running title, a page number) is left out: it says nothing of what is on them.
 */
export function partsOfPages(text: string): Part[] {
  const pages = text.split(PAGE_END).map((page) => page.split('\n').map((line) => line.replace(/\s+/g, ' ').trim()));
  const running = runningLines(pages);
  return pages.flatMap((lines, index): Part[] => {
    const kept = lines.filter(
      (line) => !running.has(bare(line)) && !/^\D{0,6}\d{1,4}(\s*(\/|of|von)\s*\d{1,4})?\D{0,3}$/.test(line),
    );
    const joined = joinLines(kept);
    return joined === '' ? [] : [{ headings: [], text: joined, page: index + 1 }];
  });
}

/** What is first or last on more than half of at least three pages. */
function runningLines(pages: readonly (readonly string[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const written = lines.filter((line) => line !== '');
    for (const line of new Set(
      [written[0], written.at(-1)].flatMap((each) => (each === undefined ? [] : [bare(each)])),
    ))
      counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return new Set(
    [...counts].filter(([, count]) => pages.length >= 3 && count > pages.length / 2).map(([line]) => line),
  );
}

/** Without what differs from page to page. */
function bare(line: string): string {
  return line.replace(/\d+/g, '').trim();
}

/** A line that ends a sentence, or stands before an empty one or an item of a list, ends a paragraph; any other goes on in the next. */
function joinLines(lines: readonly string[]): string {
  let text = '';
  for (const [index, line] of lines.entries()) {
    text += line;
    const next = lines[index + 1];
    if (next === undefined) break;
    if (line === '' || next === '' || /[.!?:;。！？：；]$/.test(line) || /^([•*–-]|\d+[.)])\s/.test(next)) text += '\n';
    else if (/\p{L}-$/u.test(line) && /^\p{Ll}/u.test(next)) text = text.slice(0, -1);
    else if (!(/\p{Script=Han}$/u.test(line) && /^\p{Script=Han}/u.test(next))) text += ' ';
  }
  return text.replace(/\n{3,}/g, '\n\n').trim();
}
