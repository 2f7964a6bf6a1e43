/**
 * What the business's page waits for: about a kilobyte that draws the round button and fetches the chat itself when the page is
 * idle, or at once when the button is clicked. The script's `data-*` become attributes of `<parley-chat>`.
 */
declare const HASH: string;

const script = document.currentScript as HTMLScriptElement;
const chat = document.createElement('parley-chat');
for (const name in script.dataset) chat.setAttribute(name, script.dataset[name] ?? '');
if (!script.dataset.server) chat.setAttribute('server', new URL('.', script.src).href);

// `import` rather than a script element: under Trusted Types a script's `src` may not be set from a string.
const load = () => import(new URL(`widget-app.js?${HASH}`, script.src).href);

const root = chat.attachShadow({ mode: 'open' });
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  'button{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;width:56px;height:56px;padding:0;border:1px solid transparent;border-radius:50%;background:var(--parley-accent,#2f5bea);color:var(--parley-on-accent,#fff);cursor:pointer}svg{width:20px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round;vertical-align:middle}',
);
root.adoptedStyleSheets = [sheet];
const button = document.createElement('button');
button.ariaLabel = 'Chat';
button.onclick = () => {
  // Safari does not by itself, and the chat follows the focus.
  button.focus();
  chat.setAttribute('open', '');
  void load();
};
const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
svg.setAttribute('viewBox', '0 0 24 24');
const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
path.setAttribute('d', 'M21 12a8 8 0 0 1-8 8H4l1.6-3.2A8 8 0 1 1 21 12Z');
svg.append(path);
button.append(svg);
root.append(button);

const begin = () => {
  document.body.append(chat);
  // Safari has no idle callback.
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 3000 });
  else setTimeout(load, 1000);
};
if (document.body) begin();
else addEventListener('DOMContentLoaded', begin);

export {};
