import type { DemoFile } from '../server/page-routes.ts';

/** A page with nothing but the chat, to try a bot of one's own on. */
export function plainPage(name: string, locale: string): ReadonlyMap<string, DemoFile> {
  const title = name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const page = `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/demo/page.css">
<h1>${title}</h1>
<p>This is how your bot looks on a website: the button is at the lower edge.</p>
<script src="/widget.js" async></script>
</html>
`;
  const style =
    ':root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}\n';
  return new Map([
    ['index.html', { type: 'text/html; charset=utf-8', body: page }],
    ['page.css', { type: 'text/css; charset=utf-8', body: style }],
  ]);
}
