import { z } from 'zod';
import type { Attachment } from '../../message.ts';
import { give, type Press, tell } from './buttons.ts';
import type { Inside } from './inside.ts';
import { type Block, plain } from './text.ts';
import type { Words } from './words.ts';

const Meant = z.object({ conversation: z.string(), said: z.string() });

/** Beside the news that her words did not come: what did not come is tried once more. */
export function againButton(conversation: string, said: string, words: Words): Block {
  const value = JSON.stringify({ conversation, said } satisfies z.infer<typeof Meant>);
  return {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'desk.again', text: plain(words.again), value }],
  };
}

/** By whoever has the conversation now, like all words. However often she presses, what failed is said once more. */
export async function sendAgain(inside: Inside, { user, value, channel }: Press): Promise<void> {
  const { house, staff, words } = inside;
  const agent = staff.of(user);
  const meant = Meant.safeParse(JSON.parse(value ?? '{}')).data;
  if (meant === undefined) return;
  if (agent === undefined) return tell(inside, user, channel, words.no_agent.replaceAll('{user}', user));
  const { conversation, said } = meant;
  const failed = await house.said(conversation, said);
  if (failed === undefined) return tell(inside, user, channel, words.no_conversation);
  const { text, image, file } = failed.message;
  const attachments = [image, file].flatMap((one) => (one === undefined ? [] : [attachmentAt(one.url)]));
  await give(inside, user, channel, {
    conversation,
    command: `slack:again:${user}:${said}`,
    happening: { on: 'said', agent, text, ...(attachments.length === 0 ? {} : { attachments }) },
  });
}

/** Of our own store, which knows the rest by the name in its address. */
function attachmentAt(url: string): Attachment {
  const id = url.split('/').at(-1) ?? '';
  return { id, url, name: '', type: '', size: 0 };
}
