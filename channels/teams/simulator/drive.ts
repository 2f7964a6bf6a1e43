import { type Attachment, type Message, Refused, type World } from './world.ts';

const CONSENT = 'application/vnd.microsoft.teams.card.file.consent';

/** What a bot asks to put into her OneDrive. */
export interface Request {
  readonly name: string;
  readonly sizeInBytes: number;
  readonly acceptContext?: unknown;
  readonly declineContext?: unknown;
}

export function requestIn({ attachments }: Pick<Message, 'attachments'>): Request | undefined {
  const [card] = attachments.filter(({ contentType }) => contentType === CONSENT);
  return card === undefined ? undefined : { name: card.name ?? '', ...(card.content as Omit<Request, 'name'>) };
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4#message-requesting-permission-to-upload */
export function checkRequest({ name, content }: Attachment): void {
  const { sizeInBytes, description } = (content ?? {}) as { sizeInBytes?: unknown; description?: unknown };
  if (!name?.trim() || typeof description !== 'string') throw new Refused(400, 'BadSyntax', 'A file has a name.');
  if (!Number.isInteger(sizeInBytes) || Number(sizeInBytes) <= 0)
    throw new Refused(400, 'BadSyntax', 'A file has a size.');
}

/** She says yes: room for one file of this size. What the bot is told of it. */
export function openPlace(world: World, { name, sizeInBytes }: Request, serviceUrl: string): object {
  const id = `file-${world.nextId()}`;
  world.places.set(id, { name, size: sizeInBytes });
  return {
    contentUrl: `https://contoso-my.sharepoint.example/personal/${id}/${encodeURIComponent(name)}`,
    name,
    uploadUrl: `${serviceUrl}onedrive/${id}`,
    uniqueId: id,
    fileType: name.split('.').at(-1) ?? '',
  };
}

/** The bytes, in one piece, as an upload session wants them. */
export function put(world: World, id: string, range: string | undefined, bytes: Uint8Array): void {
  const place = world.places.get(id);
  if (place === undefined) throw new Refused(404, 'itemNotFound', 'There is no such upload session.');
  if (range !== `bytes 0-${place.size - 1}/${place.size}` || bytes.byteLength !== place.size)
    throw new Refused(416, 'invalidRange', 'The range is not what was announced.');
  world.places.delete(id);
  const type = place.name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';
  world.files.set(id, { name: place.name, type, bytes });
}
