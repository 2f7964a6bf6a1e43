import { Hono } from 'hono';
import type { Attachment } from '../message.ts';
import { readBytes } from './body.ts';
import type { Chat } from './chat.ts';
import { cleanText } from './clean-text.ts';
import type { FileStore } from './file-store.ts';
import { Refusal } from './refusal.ts';
import { FILE_HEADERS } from './security-headers.ts';
import { sniffMedia } from './sniff.ts';
import { bearerOf, unknownToken } from './token.ts';

/** UTF-16 units of a file's name. */
const NAME_LIMIT = 200;

/** `POST /chat/files` and `GET /chat/files/:id`. */
export function fileRoutes(chat: Chat): Hono {
  const routes = new Hono();

  routes.post('/', async (c) => {
    const token = bearerOf(c.req.raw.headers);
    if (token === undefined) throw unknownToken();
    const visitor = await chat.visit(token);
    chat.limits.visitor.take(visitor.conversation);
    const bytes = await readBytes(c.req.raw, chat.settings.files.size);
    const type = sniffMedia(bytes);
    if (type === undefined)
      throw new Refusal(415, 'chat.file_type', 'Files of this type are not taken.', {
        hint: 'Send a picture (PNG, JPEG, GIF, WebP), a voice note (WebM, Ogg, M4A, MP3, WAV), a PDF or plain text.',
      });
    if ((await chat.files.used(visitor.conversation)) + bytes.byteLength > chat.settings.files.total)
      throw new Refusal(413, 'chat.files_full', 'This conversation has no room for more files.', {
        hint: 'Send a smaller file.',
      });
    const name = fileName(c.req.header('x-file-name'), type);
    return c.json(await chat.files.keep(visitor.conversation, { name, type, bytes }), 201);
  });

  return routes.route('/', servedFiles(chat.files));
}

/** `GET /chat/files/:id`. No token here: an <img> cannot send one. The id itself is the secret, and it is told to the conversation's parties only. */
export function servedFiles(files: FileStore): Hono {
  const routes = new Hono();

  routes.get('/:id', async (c) => {
    const file = await files.describe(c.req.param('id'));
    const bytes = file && (await files.read(file.id));
    if (file === undefined || bytes === undefined)
      throw new Refusal(404, 'chat.unknown_file', 'There is no such file.');
    return new Response(new Uint8Array(bytes), { headers: { ...FILE_HEADERS, ...describeFile(file) } });
  });

  return routes;
}

function describeFile(file: Attachment): Record<string, string> {
  const disposition = file.type.startsWith('image/') ? 'inline' : 'attachment';
  return {
    'content-type': file.type === 'text/plain' ? 'text/plain; charset=utf-8' : file.type,
    'content-length': String(file.size),
    'content-disposition': `${disposition}; filename*=UTF-8''${rfc5987(file.name)}`,
  };
}

/** Where the type's own word is no usual ending. */
const ENDINGS: Readonly<Record<string, string>> = { 'text/plain': 'txt', 'audio/mp4': 'm4a', 'audio/mpeg': 'mp3' };

/** The client's name for the file (percent-encoded UTF-8) without folders and without what could hide its ending. */
function fileName(header: string | undefined, type: string): string {
  const fallback = `file.${ENDINGS[type] ?? type.split('/')[1]}`;
  if (header === undefined) return fallback;
  let name: string;
  try {
    name = decodeURIComponent(header);
  } catch (cause) {
    throw new Refusal(400, 'chat.invalid', 'X-File-Name is not percent-encoded UTF-8.', {
      hint: 'Send encodeURIComponent(name).',
      cause,
    });
  }
  const bare = cleanText(name.split(/[/\\]/).at(-1) ?? '').replace(/[\n\t"<>|:*?]/g, ' ');
  return bare.slice(-NAME_LIMIT).toWellFormed() || fallback;
}

/** encodeURIComponent leaves out four characters that RFC 5987 wants encoded. */
function rfc5987(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
