import { ParleyError } from '../../errors.ts';

/** Bytes of what the page asks for: a long reply and some words around it. */
export const JSON_LIMIT = 64 * 1024;

/** @throws ParleyError `desk.not_json`, `desk.too_large` */
export async function jsonOf(request: Request, limit: number): Promise<unknown> {
  // Also a guard: a page of another site can send text/plain without asking (no preflight), but not JSON.
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? ''))
    throw new ParleyError('desk.not_json', 'What the desk is asked is JSON.');
  try {
    const value: unknown = JSON.parse(Buffer.from(await bytesOf(request, limit)).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new ParleyError('desk.not_json', 'What the desk is asked is a JSON object.');
}

/** A file as the page sends it: its bytes, and its name percent-encoded in `X-File-Name`. @throws ParleyError `desk.too_large` */
export async function fileOf(request: Request, limit: number): Promise<{ name: string; bytes: Uint8Array }> {
  const header = request.headers.get('x-file-name') ?? '';
  try {
    return { name: decodeURIComponent(header), bytes: await bytesOf(request, limit) };
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw new ParleyError('desk.not_json', 'X-File-Name is not percent-encoded UTF-8.', { cause });
  }
}

async function bytesOf(request: Request, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit)
      throw new ParleyError('desk.too_large', `This is larger than ${Math.floor(limit / 1024)} KiB.`, {
        hint: 'Send less.',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
