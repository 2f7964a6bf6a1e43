import type { Capabilities } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import type { Attachment } from '../message.ts';
import type { StoredStand } from '../store/desk.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../type.ts';
import type { Answer, Command } from './counter.ts';
import type { Head } from './desk.ts';
import { type ExportFormat, exportTranscript } from './export.ts';
import { asLinks, canShow, type FileKeeper, type FilePlace, type NewFile } from './files.ts';
import type { Shown } from './mirror.ts';
import type { Policy } from './policy.ts';
import { type RenderedReply, type Reply, renderReplies } from './replies.ts';
import { type Revealed, type RevealRequest, reveal } from './revealing.ts';
import { type Facts, headOf, localeOf } from './shown.ts';

/** What desks ask of the house beside commands. */
export interface Services {
  /** All that a card shows, as things are now; `undefined`: no human ever had to do with it. */
  head(conversation: string): Promise<Head | undefined>;
  /**
   * Takes a file of an agent's into our own store, to be said with {@link Command}s of hers.
   * @throws ParleyError whose message is for the agent: `desk.file_type`, `desk.file_size`, `desk.files_full`, `desk.no_files`;
   * `desk.unknown_conversation`
   */
  keepFile(conversation: string, file: NewFile): Promise<Attachment>;
  /** Shows masked data to the agent who holds the conversation, and audits it. */
  reveal(request: RevealRequest): Promise<Revealed>;
  /** The canned replies, as this agent would send them to this customer, in the customer's language. */
  replies(conversation: string, agent: string): Promise<readonly RenderedReply[]>;
  /** The whole conversation as a file, masked as at the desk, and audited; `undefined`: there is none of that id. */
  export(conversation: string, by: string, format: ExportFormat): Promise<string | undefined>;
  /** Where flows have asked humans for something that is open. */
  tasks(limit: number): Promise<readonly StoredStand[]>;
}

export interface ServiceParts {
  readonly store: Shown & Pick<Store, 'find' | 'transcript'>;
  readonly policy: () => Policy;
  readonly clock: { now(): number };
  readonly facts?: Facts;
  /** Absent: agents cannot send files. */
  readonly files?: FileKeeper;
  /** By account: what its app can show. */
  readonly canOf?: (account: string) => Pick<Capabilities, 'images' | 'files'> | undefined;
  readonly publicUrl?: string;
  /** Canned replies, by name, and the business's name that they may tell. */
  readonly canned?: () => { readonly business: string; readonly replies: Readonly<Record<string, Reply>> };
}

export function openServices(parts: ServiceParts): Services {
  const { store, policy, clock, facts = {}, files, canned } = parts;

  async function head(conversation: string): Promise<Head | undefined> {
    const stand = await store.desk.stand(conversation);
    return stand && headOf(stand, store, facts);
  }

  return {
    head,
    async keepFile(conversation, file) {
      if (files === undefined) {
        throw new ParleyError('desk.no_files', 'Files cannot be sent from here.', {
          hint: 'This deployment has no store for files.',
        });
      }
      return files.keep(await placeOf(store, conversation), file);
    },
    reveal: (request) => reveal(request, store, policy(), clock.now()),
    async replies(conversation, agent) {
      const found = await store.find(conversation);
      const shown = await head(conversation);
      if (found === undefined || canned === undefined) return [];
      const { business, replies } = canned();
      const { name, attributes = {} } = found.customer ?? {};
      return renderReplies(replies, {
        ...{
          locale: localeOf(JSON.parse(found.state ?? '{}') as JsonObject, found),
          business,
          number: found.key,
          attach: shown?.attach ?? {},
        },
        agent: policy().agents.find((one) => one.name === agent)?.shown ?? agent,
        customer: name === undefined ? attributes : { name, ...attributes },
      });
    },
    async export(conversation, by, format) {
      const text = await exportTranscript(conversation, { format, masked: true }, store);
      if (text !== undefined)
        await store.desk.audited({ at: clock.now(), what: 'exported', by, conversation, data: { format } });
      return text;
    },
    tasks: (limit) => store.desk.asking(limit),
  };
}

/**
 * A command as it may be given: files are ours and hers, and her app can show them. Otherwise the answer that its agent gets, before
 * anything is said.
 */
export async function prepared(
  command: Command,
  { store, files, canOf, publicUrl }: ServiceParts,
): Promise<{ readonly command: Command } | { readonly answer: Answer }> {
  const { happening, conversation, asLink } = command;
  if (happening.on !== 'said' || happening.attachments === undefined || happening.attachments.length === 0)
    return { command };
  const place = await placeOf(store, conversation);
  const own = await Promise.all(happening.attachments.map(({ id }) => files?.describe(place, id)));
  const attachments = own.filter((one) => one !== undefined);
  if (attachments.length < own.length) return { answer: { ok: false, code: 'desk.unknown_file' } };
  const said = { ...happening, attachments };
  const can = canOf?.(place.account);
  if (can === undefined || canShow(attachments, can)) return { command: { ...command, happening: said } };
  if (asLink && publicUrl !== undefined) return { command: { ...command, happening: asLinks(said, publicUrl) } };
  const answer = { ok: false, code: 'desk.cannot_show_file' } as const;
  return { answer: publicUrl === undefined ? answer : { ...answer, asLink: true } };
}

async function placeOf(store: Pick<Store, 'find'>, conversation: string): Promise<FilePlace> {
  const found = await store.find(conversation);
  if (found === undefined) {
    throw new ParleyError('desk.unknown_conversation', `There is no conversation ${conversation}.`, {
      hint: 'It may have been erased; close its card.',
    });
  }
  return found;
}
