import { z } from 'zod';
import { type CallContext, fetchOutside, ParleyError, type Part, request } from '#channel';
import { classify } from './classify.ts';
import { callApi } from './client.ts';
import type { FilePart, Outside } from './file.ts';
import type { SlackSettings } from './settings.ts';

type Context = CallContext<SlackSettings>;

/** Bytes that we are ready to hold; Slack takes a gigabyte. */
const LARGEST = 20 * 1024 * 1024;

const Place = z.object({ upload_url: z.url(), file_id: z.string() });
const Completed = z.object({ files: z.array(z.object({ id: z.string() })).min(1) });

/** Apps that may not upload: installed before `files:write` was asked of them. They are told so once. */
const without = new WeakSet<SlackSettings>();

/**
 * A file in three steps (https://docs.slack.dev/messaging/working-with-files#uploading_files): an address, the bytes, where to show
 * it. Nobody sees anything of the first two, so whatever goes wrong there may be tried again. Returns Slack's name for the file;
 * `undefined`: it cannot be had, or Slack does not take it, and nothing has been said.
 * @throws `slack.not_uploaded` (retryable)
 */
export async function upload({ file, blocks }: FilePart, where: Part, context: Context): Promise<string | undefined> {
  if (without.has(context.settings)) return undefined;
  const bytes = await bytesOf(file, context);
  if (bytes === undefined || bytes.byteLength === 0) return undefined;
  const id = await given(file.name, bytes, context);
  if (id === undefined) return undefined;
  const spoken = Array.isArray(blocks) && blocks.length > 0 ? { blocks } : {};
  const shown = { files: [{ id, title: file.name }], ...where, ...spoken };
  const { files } = Completed.parse(await callApi('files.completeUploadExternal', shown, context));
  return files[0]?.id;
}

/** An answer must not fail over its paper: what cannot be fetched is linked. */
async function bytesOf({ url, own }: Outside, { settings, signal }: Context): Promise<Uint8Array | undefined> {
  const hosts = own ? [...settings.fileHosts, new URL(url).host] : settings.fileHosts;
  try {
    return await fetchOutside(url, { most: LARGEST, hosts, signal });
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw unsent(error);
  }
}

async function given(filename: string, bytes: Uint8Array, context: Context): Promise<string | undefined> {
  try {
    const asked = { filename, length: bytes.byteLength };
    const { upload_url: url, file_id: id } = Place.parse(await callApi('files.getUploadURLExternal', asked, context));
    await put(url, bytes, context);
    return id;
  } catch (error) {
    const verdict = classify(error);
    if (verdict.kind === 'auth' && verdict.reason === 'missing_scope') {
      without.add(context.settings);
      return undefined;
    }
    throw verdict.kind === 'unknown' ? unsent(error) : error;
  }
}

/** The address is Slack's own: nothing of ours goes elsewhere. */
async function put(url: string, bytes: Uint8Array, { settings, signal }: Context): Promise<void> {
  const { origin, protocol, hostname } = new URL(url);
  const isSlacks = protocol === 'https:' && /(?:^|\.)slack\.com$/.test(hostname);
  if (!isSlacks && origin !== settings.apiRoot)
    throw new ParleyError('slack.strange_address', 'Slack names an address for an upload that is not its own.');
  const headers = { 'content-type': 'application/octet-stream' };
  const { status } = await request({ url, method: 'POST', headers, body: bytes, signal });
  if (status !== 200) throw unsent(`Slack answers ${status}.`);
}

function unsent(cause: unknown): ParleyError {
  return new ParleyError('slack.not_uploaded', 'A file could not be brought to Slack right now.', {
    retryable: true,
    cause,
  });
}
