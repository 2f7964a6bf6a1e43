import type { IncomingMessage } from 'node:http';
import type { Parameters } from './methods.ts';

/** JSON, a form, or a form with files: the Web API takes all of them. */
export async function read(request: IncomingMessage): Promise<Parameters> {
  const body = Buffer.from(await bytesOf(request));
  const type = request.headers['content-type'] ?? '';
  if (body.byteLength === 0) return {};
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8')) as Parameters;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form);
}

/** The bytes themselves, or a form around them: Slack takes both. */
export async function uploaded(request: IncomingMessage): Promise<Uint8Array> {
  const bytes = await bytesOf(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return bytes;
  const form = await new Response(Buffer.from(bytes), { headers: { 'content-type': type } }).formData();
  const [file] = [...form.values()].filter((value) => value instanceof Blob);
  return new Uint8Array((await file?.arrayBuffer()) ?? []);
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
