import type { ChatMessage } from './protocol.ts';
import type { View } from './view/view.ts';

/** The conversation as plain text, one paragraph a message, for the customer to keep. */
export function transcript(
  messages: readonly ChatMessage[],
  { words, assistant, locale }: Pick<View, 'words' | 'assistant' | 'locale'>,
): string {
  const names = { customer: words.you, bot: assistant, agent: words.agentTag, system: '' };
  return messages
    .map(({ at, from, text, name, card, carousel, attachments }) =>
      [
        `${at ? new Date(at).toLocaleString(locale) : ''} ${name || names[from]}`,
        text,
        ...[...(card ? [card] : []), ...(carousel ?? [])].flatMap(({ title, text, fields }) => [
          title,
          text,
          ...(fields ?? []).map(({ name, value }) => `${name}: ${value}`),
        ]),
        ...(attachments ?? []).map(({ name }) => name),
      ]
        .filter(Boolean)
        .join('\n'),
    )
    .join('\n\n');
}

/** Hands `text` to the browser as a download. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
}
