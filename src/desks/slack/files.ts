import { z } from 'zod';
import { ParleyError } from '../../errors.ts';
import type { Attachment } from '../../message.ts';
import type { Inside } from './inside.ts';

const File = z.object({ name: z.string().default('file'), url_private_download: z.url(), size: z.number().optional() });

export interface Fetched {
  readonly kept: readonly Attachment[];
  /** What the agent must be told. */
  readonly refused: readonly string[];
}

/**
 * What an agent has attached, in our own store: a customer never gets an address of Slack's, which is good only with our token. It is
 * fetched from Slack alone, whatever the event names.
 */
export async function fetchFiles(inside: Inside, conversation: string, files: readonly unknown[]): Promise<Fetched> {
  const kept: Attachment[] = [];
  const refused: string[] = [];
  for (const raw of files) {
    const file = File.safeParse(raw).data;
    if (file === undefined || !isOfSlack(file.url_private_download, inside)) {
      refused.push(inside.words.file_refused);
      continue;
    }
    try {
      kept.push(
        await inside.house.keepFile(conversation, {
          name: file.name,
          bytes: await download(file.url_private_download, inside),
        }),
      );
    } catch (error) {
      if (!(error instanceof ParleyError) || error.retryable) throw error;
      refused.push(`${inside.words.file_refused} ${error.message}`);
    }
  }
  return { kept, refused };
}

/** https://files.slack.com in the world, the simulator's own address in tests. */
function isOfSlack(address: string, { settings }: Inside): boolean {
  const { hostname, origin, protocol } = new URL(address);
  return origin === settings.apiRoot || (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname));
}

async function download(address: string, { settings }: Inside): Promise<Uint8Array> {
  const answer = await fetch(address, {
    headers: { authorization: `Bearer ${settings.botToken}` },
    // Without the right token Slack leads to its login page.
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) {
    throw new ParleyError('desk.slack_file', `Slack answered ${answer.status}.`, { retryable: answer.status >= 500 });
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.byteLength > MOST) throw new ParleyError('desk.slack_file', 'The file is too large.');
  return bytes;
}

/** Milliseconds. */
const PATIENCE = 20_000;
/** Bytes. */
const MOST = 25 * 1024 * 1024;
