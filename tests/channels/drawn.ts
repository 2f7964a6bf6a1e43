import type { Bubble, Button, Run, ScreenCard } from '../../src/simulator.ts';

/** What the bot has put on a screen, as letters: `[ a button ]`, `[ a link ↗ ]`, `( a list ▾ one | other )`, pictures, cards in boxes. */
export function drawn(bubbles: readonly Bubble[]): string {
  return bubbles.map(bubble).join('\n  ─\n');
}

function bubble({ text, image, file, cards = [], buttons = [] }: Bubble): string {
  return indented([
    ...(image === undefined ? [] : [`🖼 ${named(image)}`]),
    ...(file === undefined ? [] : [`📄 ${file.name}`]),
    ...said(text),
    ...cards.flatMap(card),
    ...buttons.map(row),
  ]);
}

function card({ title, text = [], image, facts = [], buttons = [] }: ScreenCard): string[] {
  const lines = [
    ...(image === undefined ? [] : [`🖼 ${named(image)}`]),
    ...said(title),
    ...said(text),
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...buttons.map((each) => row([each])),
  ];
  return ['┌', ...lines.map((line) => `│ ${line}`), '└'];
}

function row(buttons: readonly Button[]): string {
  return buttons.map(button).join(' ');
}

function button({ label, url, fields = [] }: Button): string {
  const lists = fields.map(
    ({ kind, options = [] }) => `( ${[kind, ...options.map((option) => option.label)].join(' | ')} )`,
  );
  return [...lists, `[ ${label}${url === undefined ? '' : ' ↗'} ]`].join(' ');
}

const MARKS = { bold: '**', italic: '*', code: '`', strike: '~' } as const;

function said(runs: readonly Run[]): string[] {
  const whole = runs
    .map(({ text, style, url }) => {
      const mark = style === undefined ? '' : MARKS[style];
      const link = url === undefined || url === text ? '' : ` <${url}>`;
      return `${mark}${text}${mark}${link}`;
    })
    .join('');
  return whole === '' ? [] : whole.split('\n').map(shortened);
}

/** Nobody looks at forty sentences: how they begin and end, and how many letters there are. */
function shortened(line: string): string {
  return line.length <= 200 ? line : `${line.slice(0, 60)} … ${line.slice(-30)} (${line.length})`;
}

/** Uploaded, it has no address any more. */
function named({ url, alt }: { readonly url: string; readonly alt: string }): string {
  return [alt, url.startsWith('data:') ? '(uploaded)' : url].filter((each) => each !== '').join(' ');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}
