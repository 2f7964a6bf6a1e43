import { z } from 'zod';
import type { CallContext, Part } from '#channel';
import { isOpen } from './asking.ts';
import type { Block } from './block.ts';
import { callApi } from './client.ts';
import { escaped } from './mrkdwn.ts';
import { sections } from './section.ts';
import type { SlackSettings } from './settings.ts';
import type { OpenReceipt } from './submitted.ts';
import type { TapReceipt } from './tapped.ts';

/** An image comes back with its size, its bytes and more, and is refused with them (slackapi/bolt-js#1841). */
const Image = z.object({
  type: z.literal('image'),
  block_id: z.string().optional(),
  image_url: z.string(),
  alt_text: z.string(),
});

/**
 * Opens the form that was asked for; or writes what was picked under the message in place of its buttons, because a tap leaves no words
 * of its own in the channel.
 */
export async function acknowledge(receipt: Part, context: CallContext<SlackSettings>): Promise<void> {
  const { trigger, view } = receipt as Partial<OpenReceipt>;
  if (trigger !== undefined && view !== undefined) {
    await callApi('views.open', { trigger_id: trigger, view }, context);
    return;
  }
  await mark(receipt, context);
}

async function mark(receipt: Part, context: CallContext<SlackSettings>): Promise<void> {
  const { channel, ts, text = '', blocks = [], picked = '' } = receipt as Partial<TapReceipt>;
  if (channel === undefined || ts === undefined) return;
  const kept = blocks.filter((block) => !isOpen(block)).map(asSent);
  const change = {
    text: escaped(`${text}\n▸ ${picked}`.trim()),
    blocks: [...kept, ...sections([{ text: `▸ ${picked.replaceAll('\n', '\n▸ ')}` }])],
    parse: 'none',
    link_names: false,
  };
  await callApi('chat.update', { channel, ts, ...change }, context);
}

function asSent(block: Block): Block {
  if (block.type === 'image') return Image.parse(block);
  const { accessory, ...rest } = block;
  const image = Image.safeParse(accessory);
  return image.success ? { ...rest, accessory: image.data } : block;
}
