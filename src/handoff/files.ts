import type { Capabilities } from '../channel.ts';
import type { Attachment } from '../message.ts';
import type { Happening } from './control.ts';

/** Our own store of files, as desks need it. */
export interface FileKeeper {
  /**
   * Keeps an agent's file for a customer. The type is what its bytes say, not its name.
   * @throws ParleyError `desk.file_type`, `desk.file_size`, `desk.files_full`: the message is for the agent
   */
  keep(place: FilePlace, file: NewFile): Promise<Attachment>;
  /** Only what was kept for that customer. */
  describe(place: FilePlace, id: string): Promise<Attachment | undefined>;
}

/** Whose file it is. */
export interface FilePlace {
  readonly account: string;
  readonly address: string;
}

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Said = Extract<Happening, { on: 'said' }>;

/** Can her app show all of them? */
export function canShow(attachments: readonly Attachment[], can: Pick<Capabilities, 'images' | 'files'>): boolean {
  return attachments.every(({ type }) => (type.startsWith('image/') ? can.images || can.files : can.files));
}

/** The words, and an address for each file, where her app shows none. */
export function asLinks({ attachments = [], ...said }: Said, publicUrl: string): Said {
  const lines = attachments.map(({ name, url }) => `${name}: ${new URL(url, publicUrl).href}`);
  return { ...said, text: [said.text, ...lines].filter((line) => line !== '').join('\n') };
}
