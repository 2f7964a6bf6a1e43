/** Bounded everywhere, so that its time is linear. In this order: an escaped character, code, bold, italic, a labelled link. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)/g;

/** Our markdown as WeChat shows a text: it knows no markup, makes links of bare addresses, and keeps line breaks. */
export function plain(markdown: string): string {
  return withoutMarkup(markdown.replaceAll(/^([ \t]{0,8})[-*][ \t]+(?=\S)/gm, '$1• '));
}

function withoutMarkup(markdown: string): string {
  return markdown.replaceAll(
    MARKUP,
    (_whole, literal?: string, code?: string, bold?: string, italic?: string, label?: string, url?: string) => {
      if (label !== undefined) return label === url ? label : `${label}: ${url}`;
      return literal ?? code ?? withoutMarkup(bold ?? italic ?? '');
    },
  );
}
