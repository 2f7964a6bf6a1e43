import { z } from 'zod';
import { type CallContext, ParleyError, type Part, type Receipt, type SendContext } from '#channel';
import { isDirect, type Place, toPlace } from './address.ts';
import { ownedBy } from './asking.ts';
import type { Block } from './block.ts';
import { callApi } from './client.ts';
import { isFilePart, linked } from './file.ts';
import type { SlackSettings } from './settings.ts';
import { upload } from './upload.ts';

const Sent = z.object({ ts: z.string() });

/** What Slack answers is the message's name in its channel, or its file's. */
export async function send(part: Part, context: SendContext<SlackSettings>): Promise<Receipt> {
  if (!isFilePart(part)) return await post(part, context);
  const { channel, thread } = toPlace(context.address);
  const where = { channel_id: channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
  const id = await upload(part, where, context);
  return id === undefined ? await post(linked(part), context) : { id };
}

async function post(part: Part, context: SendContext<SlackSettings>): Promise<Receipt> {
  const { ts: id } = Sent.parse(await callApi('chat.postMessage', addressed(part, context.address), context));
  return { id };
}

export async function edit(part: Part, context: SendContext<SlackSettings> & { readonly id: string }): Promise<void> {
  // Slack changes nothing of a file once it is shown.
  if (isFilePart(part))
    throw new ParleyError('slack.file_stays', 'A message with a file cannot be changed in Slack.', {
      hint: 'Take it back, and say it again.',
    });
  await callApi('chat.update', { ...addressed(part, context.address), ts: context.id }, context);
}

export async function remove(context: SendContext<SlackSettings> & { readonly id: string }): Promise<void> {
  const { channel } = toPlace(context.address);
  if (context.id.startsWith('F')) await callApi('files.delete', { file: context.id }, context);
  else await callApi('chat.delete', { channel, ts: context.id }, context);
}

/** Slack shows that a bot is busy only in the threads of an assistant; a message takes the sign away. In no language. */
export async function typing(context: CallContext<SlackSettings> & { readonly address: string }): Promise<void> {
  const { channel, thread } = toPlace(context.address);
  if (!context.settings.assistant || !isDirect(channel) || thread === undefined) return;
  await callApi('assistant.threads.setStatus', { channel_id: channel, thread_ts: thread, status: '…' }, context);
}

function addressed(part: Part, address: string): Part {
  const place = toPlace(address);
  const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
  return { ...part, channel: place.channel, ...thread, blocks: offered(part, place) };
}

/** Where others read along, they must not answer for her. */
function offered({ blocks }: Part, { channel, user }: Place): unknown {
  if (isDirect(channel) || !Array.isArray(blocks)) return blocks;
  return blocks.map((block: Block) => ownedBy(block, user));
}
