import type { Block } from './blocks.ts';
import type { Workspace } from './workspace.ts';

/** What is typed becomes what is sent: three characters escaped, addresses and names marked, emoji named. */
export function compose(text: string, { app, users }: Workspace): string {
  const named = [...users.values()].map(({ name, id }): [string, string] => [name, id]);
  return [[app.name, app.user] as const, ...named]
    .reduce((words, [name, id]) => words.replaceAll(`@${name}`, `\u0001${id}\u0002`), text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (address) => `<mailto:${address}|${address}>`)
    .replaceAll(/https?:\/\/\S+/g, (address) => `<${address}>`)
    .replaceAll(EMOJI, (emoji) => `:${NAMES[emoji] ?? 'question'}:`)
    .replaceAll('\u0001', '<@')
    .replaceAll('\u0002', '>');
}

/** Some that customers answer with. */
const NAMES: Readonly<Record<string, string>> = { '👍': '+1', '🎁': 'gift', '🙏': 'pray', '😀': 'grinning' };
const EMOJI = /[👍🎁🙏😀]/gu;

/** What the composer makes beside the text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function richText(text: string): readonly Block[] {
  const elements = text.split(/([👍🎁🙏😀])/u).flatMap((piece): object[] => {
    const name = NAMES[piece];
    if (name !== undefined) return [{ type: 'emoji', name, unicode: piece.codePointAt(0)?.toString(16) }];
    return piece === '' ? [] : [{ type: 'text', text: piece }];
  });
  return [{ type: 'rich_text', block_id: 'rich', elements: [{ type: 'rich_text_section', elements }] }];
}
