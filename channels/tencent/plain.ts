import { withBullets, withoutMarkup } from '#channel';

/** Our markdown as WeChat shows a text: it knows no markup, makes links of bare addresses, and keeps line breaks. */
export function plain(markdown: string): string {
  return withoutMarkup(withBullets(markdown));
}
