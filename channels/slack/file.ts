import { absolute, type Message, type Part } from '#channel';
import { isButton, linksOf } from './button.ts';
import { sections } from './section.ts';

/** A file in the web that is uploaded when it is sent. */
export interface Outside {
  readonly url: string;
  /** It is ours: its address may be one of our own network. */
  readonly own: boolean;
  readonly name: string;
}

/** A message with a file: what `chat.postMessage` takes, and the file that comes with it. */
export type FilePart = Part & { readonly file: Outside };

export function isFilePart(part: Part): part is FilePart {
  return 'file' in part;
}

/** `undefined`: nobody can reach it, so it can only be named. */
export function outsideOf(
  { url, name }: NonNullable<Message['file']>,
  publicUrl: string | undefined,
): Outside | undefined {
  const address = absolute(url, publicUrl);
  if (address === undefined) return undefined;
  return { url: address, own: publicUrl !== undefined && new URL(address).origin === new URL(publicUrl).origin, name };
}

/** The same message where its file cannot be uploaded: with a link to it. */
export function linked({ file, ...post }: FilePart): Part {
  const link = { title: `📎 ${file.name}`, url: file.url };
  const blocks = Array.isArray(post.blocks) ? post.blocks : [];
  return {
    ...post,
    blocks: [
      ...blocks,
      ...(isButton(link) ? linksOf([link], 'file') : sections([{ text: link.title, url: file.url }])),
    ],
  };
}
