import type { Run } from '#channel';

/** In this order: an escaped mark, code, bold, italic, a link, a bare address. */
const MARKUP =
  /\\([!-/:-@[-`{-~])|`([^`\n]+)`|\*\*((?:\\.|[^\n\\])+?)\*\*(?!\*)|\*((?:\\.|[^*\n\\])+)\*|\[((?:\\.|[^[\]\n\\])+)\]\(([^\s()]+)\)|(https?:\/\/[^\s<>"'()[\]\\*`]+)/g;

/** Markdown as Web Chat shows it, as far as the channel writes it: the marks read, and nothing of them left. */
export function readMarkdown(markdown: string): readonly Run[] {
  const lines = markdown.replaceAll(/ {2}\n/g, '\n').replaceAll(/^([ \t]*)- /gm, '$1• ');
  const runs: Run[] = [];
  for (const run of inline(lines)) {
    const last = runs.at(-1);
    // An escaped mark is no run of its own.
    if (last !== undefined && last.style === run.style && last.url === run.url)
      runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}

function inline(text: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    runs.push({ text: text.slice(end, match.index) }, ...runOf(match));
    end = match.index + match[0].length;
  }
  return [...runs, { text: text.slice(end) }].filter((run) => run.text !== '');
}

function runOf([whole, literal, code, bold, italic, label, url]: RegExpExecArray): Run[] {
  if (literal !== undefined) return [{ text: literal }];
  if (code !== undefined) return [{ text: code, style: 'code' }];
  if (bold !== undefined) return inline(bold).map((run) => ({ style: 'bold', ...run }));
  if (italic !== undefined) return inline(italic).map((run) => ({ style: 'italic', ...run }));
  if (label !== undefined && url !== undefined) return inline(label).map((run) => ({ ...run, url }));
  return [{ text: whole, url: whole }];
}
