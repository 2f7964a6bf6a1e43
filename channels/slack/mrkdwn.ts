import type { Run } from '#channel';

/**
 * Text objects of Block Kit (https://docs.slack.dev/reference/block-kit/composition-objects/text-object).
 * `verbatim`: Slack makes nothing of "@channel" or "#general"; what shall be a link, we have marked as one.
 */
export type Text =
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true }
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };

export function mrkdwn(runs: readonly Run[]): Text {
  return { type: 'mrkdwn', text: toMrkdwn(runs), verbatim: true };
}

/** Where no markup is read at all: labels. */
export function plainText(text: string): Text {
  return { type: 'plain_text', text, emoji: false };
}

const MARKS = { bold: '*', italic: '_', code: '`', strike: '~' } as const;
/** Parts words without being seen. */
const ZERO_WIDTH_SPACE = '\u200B';

/**
 * https://docs.slack.dev/messaging/formatting-message-text. Slack sees a mark only where a word begins or ends, and Chinese has no
 * spaces between words: 请*确认*订单 needs one that is not seen.
 */
export function toMrkdwn(runs: readonly Run[]): string {
  return runs
    .map((run, index) => {
      const inner = linked(run);
      if (run.style === undefined) return inner;
      const mark = MARKS[run.style];
      const before = /[^\s]$/.test(runs[index - 1]?.text ?? '') ? ZERO_WIDTH_SPACE : '';
      const after = /^[^\s]/.test(runs[index + 1]?.text ?? '') ? ZERO_WIDTH_SPACE : '';
      return `${before}${mark}${inner}${mark}${after}`;
    })
    .join('');
}

function linked({ text, url }: Run): string {
  if (url === undefined) return escaped(text);
  const target = escaped(new URL(url).href.replaceAll('|', '%7C'));
  return `<${target}|${escaped(text.replaceAll('\n', ' '))}>`;
}

/** The only three characters that Slack asks to escape: without them nothing that anybody wrote is a mention or a link. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
