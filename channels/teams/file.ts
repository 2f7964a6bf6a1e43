import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { absolute, type Message, type Part, type PlanContext } from '#channel';
import { literal, toMessage } from './markup.ts';
import type { TeamsSettings } from './settings.ts';

/** A file in the web that she may have put into her own OneDrive. */
export const Outside = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** It is ours: its address may be one of our own network. */
  own: z.boolean(),
  name: z.string(),
});
export type Outside = z.infer<typeof Outside>;

/** A part that is a file; how it is sent depends on where, which only `send` knows. */
export type FilePart = { readonly type: 'message'; readonly file: Outside };

export function isFilePart(part: Part): part is FilePart {
  return 'file' in part;
}

/** `undefined`: nobody can reach it, so it can only be named. */
export function fileOf(file: NonNullable<Message['file']>, { publicUrl }: PlanContext): FilePart | undefined {
  const url = absolute(file.url, publicUrl);
  if (url === undefined) return undefined;
  const own = publicUrl !== undefined && new URL(url).origin === new URL(publicUrl).origin;
  return { type: 'message', file: { url, own, name: file.name } };
}

/** Where there are no uploads: in a group, in some clouds, and for what cannot be had. */
export function linkTo({ url, name }: Outside): Part {
  const title = toMessage(literal(`📎 ${name.replaceAll(/[[\]]/g, '')}`));
  return { type: 'message', text: `[${title}](${url})`, textFormat: 'markdown' };
}

const CONSENT = 'application/vnd.microsoft.teams.card.file.consent';
const INFO = 'application/vnd.microsoft.teams.card.file.info';

/** Asks whether she wants it (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4#message-requesting-permission-to-upload). */
export function consentCard(file: Outside, size: number, seal: string): Part {
  const context = { parley: file, seal };
  const content = { description: file.name, sizeInBytes: size, acceptContext: context, declineContext: context };
  return { type: 'message', attachments: [{ contentType: CONSENT, name: file.name, content }] };
}

/** Shows it where it lies now. */
export function infoCard({ contentUrl, name, uniqueId, fileType }: Uploaded): Part {
  const content = { uniqueId, fileType };
  return { type: 'message', attachments: [{ contentType: INFO, contentUrl, name, content }] };
}

const Uploaded = z.object({
  contentUrl: z.string(),
  name: z.string(),
  uploadUrl: z.string(),
  uniqueId: z.string(),
  fileType: z.string(),
});
export type Uploaded = z.infer<typeof Uploaded>;

const Answered = z.object({
  action: z.enum(['accept', 'decline']),
  context: z.object({ parley: Outside, seal: z.string() }),
  uploadInfo: Uploaded.nullish(),
});

/** Her answer to a consent card. */
export interface Consented {
  readonly file: Outside;
  readonly seal: string;
  /** Where it is to lie; absent: she does not want it. */
  readonly place?: Uploaded;
}

/** `undefined`: it is no card of ours. */
export function consentIn(value: unknown): Consented | undefined {
  const read = Answered.safeParse(value);
  if (!read.success) return undefined;
  const { action, context, uploadInfo } = read.data;
  const place = action === 'accept' && uploadInfo ? { place: uploadInfo } : {};
  return { file: context.parley, seal: context.seal, ...place };
}

/**
 * The card comes back from her own machine, and what it names we fetch: so it must be what we have named, in that very conversation.
 * While one password replaces another, either may have sealed it.
 */
export function sealOf(file: Outside, address: string, password: string): string {
  const text = JSON.stringify([address, file.url, file.own, file.name]);
  return createHmac('sha256', `parley.teams.file ${password}`).update(text).digest('base64url');
}

export function isSealed({ file, seal }: Consented, address: string, { passwords }: TeamsSettings): boolean {
  return passwords.some((password) => {
    const expected = Buffer.from(sealOf(file, address, password));
    const given = Buffer.from(seal);
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  });
}
