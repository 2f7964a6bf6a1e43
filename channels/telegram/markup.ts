import type { Run } from '#channel';

const TAGS = { bold: 'b', italic: 'i', code: 'code', strike: 's' } as const;

/** For `parse_mode: HTML` (https://core.telegram.org/bots/api#html-style). A customer's `<b>` stays four characters of text. */
export function toHtml(runs: readonly Run[]): string {
  return runs
    .map(({ text, style, url }) => {
      const inner = style === undefined ? escaped(text) : `<${TAGS[style]}>${escaped(text)}</${TAGS[style]}>`;
      return url === undefined ? inner : `<a href="${escaped(url)}">${inner}</a>`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
