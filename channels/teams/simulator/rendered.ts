import type { Run } from '#channel';

/** As the client shows it: what is written in Teams' markdown, read back. */
export function runsOf(written: string, format: string): readonly Run[] {
  if (format === 'plain') return written === '' ? [] : [{ text: written }];
  const runs: Run[] = [];
  let end = 0;
  const lines = written.replaceAll(/^- /gm, '• ').replaceAll(/\n{2,}/g, '\n');
  for (const match of lines.matchAll(MARKUP)) {
    const [whole, bold, italic, code, label, url] = match;
    runs.push({ text: literal(lines.slice(end, match.index)) });
    if (bold !== undefined) runs.push(...runsOf(bold, format).map((run) => ({ ...run, style: 'bold' as const })));
    else if (italic !== undefined) runs.push({ text: literal(italic), style: 'italic' });
    else if (code !== undefined) runs.push({ text: literal(code), style: 'code' });
    else if (label !== undefined && url !== undefined) runs.push({ text: literal(label), url });
    end = match.index + whole.length;
  }
  return [...runs, { text: literal(lines.slice(end)) }].filter(({ text }) => text !== '');
}

/** Not where a backslash stands before it. Bounded everywhere. */
const MARKUP =
  /(?<!\\)(?:\*\*((?:[^*\\]|\\.){1,800})\*\*|_((?:[^_\\]|\\.){1,800})_|`([^`]{1,800})`|\[((?:[^\]\\]|\\.){1,800})\]\(([^()\s]{1,2000})\))/g;

function literal(text: string): string {
  return text
    .replaceAll(/\\([\\*_[\]#+-])/g, '$1')
    .replaceAll(/&(?:#(\d{1,7})|(lt|gt|amp));/g, (_, point?: string, name = '') =>
      point === undefined ? (NAMED[String(name)] ?? '') : String.fromCodePoint(Number(point)),
    );
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };
