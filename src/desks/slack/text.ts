import { piecesOf } from '../../cut.ts';
import { withoutMarkup } from '../../markdown.ts';
import type { Message } from '../../message.ts';

/**
 * Text objects of Block Kit (https://docs.slack.dev/reference/block-kit/composition-objects/text-object). What anybody else has
 * written goes into `plain_text`, where Slack reads no markup at all: no mention, no link that hides where it leads.
 */
export type Text =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };

export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

export function plain(text: string): Text {
  return { type: 'plain_text', text: text === '' ? '…' : text, emoji: false };
}

/** Our own markup around what was {@link escaped}. */
export function mrkdwn(text: string): Text {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** The only three characters that Slack asks to escape: https://docs.slack.dev/messaging/formatting-message-text */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most so many UTF-16 units, an ellipsis among them; for what is to be recognized and not read. */
export function short(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const [, end = most - 1] = piecesOf(line, () => most - 1)[0] ?? [];
  return `${line.slice(0, end)}…`;
}

/** Slack takes 3,000 in a section: sections, one below the other. */
export function sections(text: string): readonly Block[] {
  const pieces = piecesOf(text, () => SECTION).map(([from, to]) => text.slice(from, to));
  return (pieces.length === 0 ? ['…'] : pieces).map((piece) => ({ type: 'section', text: plain(piece) }));
}

/** An instant that everybody reads by her own clock. */
export function instant(at: number): string {
  const seconds = Math.floor(at / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${new Date(seconds * 1000).toISOString()}>`;
}

/** Everything that a customer sees of a message, in words. What she or an agent wrote has no markup; what the bot says has. */
export function wordsOf({ text, card, carousel, image, file, choices, links }: Message, hasMarkup: boolean): string {
  const read = (words: string) => (hasMarkup ? withoutMarkup(words) : words);
  const cards = [...(card === undefined ? [] : [card]), ...(carousel ?? [])];
  return [
    read(text),
    ...cards.flatMap(({ title, text: more, fields = [] }) => [
      title,
      ...(more === undefined ? [] : [read(more)]),
      ...fields.map(({ name, value }) => `${name}: ${value}`),
    ]),
    ...(image === undefined ? [] : [`🖼 ${image.alt}`]),
    ...(file === undefined ? [] : [`📎 ${file.name}`]),
    ...(links ?? []).map(({ title, url }) => `${title}: ${url}`),
    ...(choices === undefined ? [] : [choices.map(({ label }) => `[${label}]`).join(' ')]),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const SECTION = 3_000;
