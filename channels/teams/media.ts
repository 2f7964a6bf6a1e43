import { type Answered, type CallContext, type Media, ParleyError, request, TooLarge } from '#channel';
import { withToken } from './client.ts';
import { isAllowed } from './hosts.ts';
import type { TeamsSettings } from './settings.ts';

/** Bytes. Teams itself takes far larger ones of customers; our own store does not. */
const FILE_LIMIT = 25 * 1024 * 1024;

/**
 * Gets a picture from the connector, with our token, or a file from her OneDrive, by an address that opens by itself for some minutes.
 * From the hosts of the account alone, and without following anybody elsewhere: the address is the customer's word.
 * @throws `teams.file_refused`, `teams.file_too_large`, `teams.file_unavailable` (retryable)
 */
export async function fetchMedia(
  { ref }: Media,
  { settings, signal }: CallContext<TeamsSettings>,
): Promise<Uint8Array> {
  const asked = { url: ref, method: 'GET', signal, limit: FILE_LIMIT } as const;
  if (isAllowed(ref, settings.serviceHosts))
    return bytesOf(
      await withToken(settings, signal, (authorization) => request({ ...asked, headers: { authorization } })).catch(
        failed,
      ),
    );
  if (isAllowed(ref, settings.fileHosts)) return bytesOf(await request(asked).catch(failed));
  throw refused('It is at none of the hosts that the account names.');
}

function bytesOf({ status, bytes }: Answered): Uint8Array {
  if (status === 200) return bytes;
  if (status === 429 || status >= 500) throw unavailable(undefined);
  throw refused(`Its host answers ${status}.`);
}

function failed(cause: unknown): never {
  if (cause instanceof TooLarge)
    throw new ParleyError('teams.file_too_large', 'A file is larger than 25 MB.', { cause });
  if (cause instanceof ParleyError && !cause.retryable) throw cause;
  throw unavailable(cause);
}

function refused(why: string): ParleyError {
  return new ParleyError('teams.file_refused', `A file that was sent in Teams is not fetched. ${why}`);
}

function unavailable(cause: unknown): ParleyError {
  return new ParleyError('teams.file_unavailable', 'A file could not be fetched from Teams right now.', {
    retryable: true,
    cause,
  });
}
