import { type CallContext, fetchOutside, ParleyError, type Part, request } from '#channel';
import { referenceOf } from './address.ts';
import { callConnector } from './client.ts';
import {
  type Consented,
  consentCard,
  infoCard,
  isSealed,
  linkTo,
  type Outside,
  sealOf,
  type Uploaded,
} from './file.ts';
import { isAllowed } from './hosts.ts';
import type { TeamsSettings } from './settings.ts';

type Context = CallContext<TeamsSettings>;

/** Bytes that we are ready to hold. */
const LARGEST = 20 * 1024 * 1024;

/** In a personal chat she is asked whether she wants a file in her OneDrive; anywhere else it is a link. */
export async function offered(file: Outside, address: string, context: Context): Promise<Part> {
  const { uploads, passwords } = context.settings;
  const isPersonal = referenceOf(address).user === undefined;
  const bytes = uploads && isPersonal ? await bytesOf(file, context) : undefined;
  if (bytes === undefined || bytes.byteLength === 0) return linkTo(file);
  return consentCard(file, bytes.byteLength, sealOf(file, address, passwords[0] ?? ''));
}

/** An answer must not fail over its paper: what cannot be fetched is linked. */
async function bytesOf({ url, own }: Outside, { settings, signal }: Context): Promise<Uint8Array | undefined> {
  const hosts = own ? [...settings.outsideHosts, new URL(url).host] : settings.outsideHosts;
  try {
    return await fetchOutside(url, { most: LARGEST, hosts, signal });
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}

/** What is needed once she has answered a consent card. */
export interface FileReceipt {
  readonly address: string;
  /** Of the message with the card. */
  readonly card?: string;
  readonly consented: Consented;
}

/**
 * Puts the file where she wants it, shows it, and takes the question away. While that does not succeed the question stays, and she can
 * say yes again.
 * @throws `teams.not_uploaded`
 */
export async function deliverFile({ address, card, consented }: FileReceipt, context: Context): Promise<void> {
  if (!isSealed(consented, address, context.settings)) throw failed('The card that was answered is none of ours.');
  const { file, place } = consented;
  if (place !== undefined) {
    const bytes = await bytesOf(file, context);
    if (bytes === undefined) throw failed('It can no longer be fetched.');
    await put(place, bytes, context);
    await callConnector('POST', address, 'activities', infoCard(place), context);
  }
  if (card !== undefined)
    await callConnector('DELETE', address, `activities/${encodeURIComponent(card)}`, undefined, context);
}

/** In one piece (https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session). */
async function put({ uploadUrl }: Uploaded, bytes: Uint8Array, { settings, signal }: Context): Promise<void> {
  if (!isAllowed(uploadUrl, settings.fileHosts))
    throw failed('It is to go to none of the hosts that the account names.');
  const headers = {
    'content-type': 'application/octet-stream',
    'content-range': `bytes 0-${bytes.byteLength - 1}/${bytes.byteLength}`,
  };
  const { status } = await request({ url: uploadUrl, method: 'PUT', headers, body: bytes, signal });
  if (status >= 300) throw failed(`OneDrive answers ${status}.`);
}

function failed(why: string): ParleyError {
  return new ParleyError('teams.not_uploaded', `A file was not brought to her OneDrive. ${why}`);
}
