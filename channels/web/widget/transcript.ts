import type { ChatMessage } from './protocol.ts';
import type { Words } from './words.ts';

/** The conversation as plain text, one paragraph a message, for the customer to keep. */
export function transcript(messages: readonly ChatMessage[], words: Words, assistant: string, locale: string): string {
  const names = { customer: words.you, bot: assistant, agent: words.agent, system: '' };
  return messages
    .map((message) => {
      const { at, from, text, name, card, carousel, choices, links, image, file, attachments } = message;
      const cards = card ? [card, ...(carousel ?? [])] : (carousel ?? []);
      const lines = [
        text,
        ...cards.flatMap(({ title, text, fields }) => [
          title,
          text,
          ...(fields ?? []).map(({ name, value }) => `${name}: ${value}`),
        ]),
        ...(choices ?? []).map(({ label }) => `[ ${label} ]`),
        ...(links ?? []).map(({ title, url }) => `${title} <${url}>`),
        image && `[${image.alt}]`,
        ...[...(file ? [file] : []), ...(attachments ?? [])].map((file) => `[${file.name}]`),
      ];
      const when = at === undefined ? '' : new Date(at).toLocaleString(locale);
      return `${when}  ${name || names[from]}\n${lines.filter(Boolean).join('\n')}`;
    })
    .join('\n\n');
}

/** Hands `text` to the browser as a download. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
