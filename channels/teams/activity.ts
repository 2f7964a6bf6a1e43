import { z } from 'zod';
import { ParleyError } from '#channel';

/**
 * The platform's activities, as much of them as we read (https://github.com/microsoft/Agents/blob/main/specs/activity/protocol-activity.md).
 * What we do not name is dropped here; what we do name has the shape it says, or the activity is refused.
 */

const Account = z.object({ id: z.string(), name: z.string().nullish(), aadObjectId: z.string().nullish() });

const Conversation = z.object({
  id: z.string().min(1),
  conversationType: z.string().optional(),
  tenantId: z.string().optional(),
  isGroup: z.boolean().nullish(),
});

const AttachmentItem = z.object({
  contentType: z.string(),
  contentUrl: z.string().nullish(),
  name: z.string().nullish(),
  content: z.unknown().optional(),
});

const Entity = z.object({
  type: z.string(),
  text: z.string().nullish(),
  mentioned: z.object({ id: z.string() }).nullish(),
  locale: z.string().nullish(),
});

const Reaction = z.object({ type: z.string() });

const Activity = z.object({
  type: z.string(),
  id: z.string().optional(),
  timestamp: z.string().optional(),
  serviceUrl: z.string(),
  channelId: z.string(),
  from: Account,
  recipient: Account.optional(),
  conversation: Conversation,
  text: z.string().nullish(),
  textFormat: z.string().nullish(),
  locale: z.string().nullish(),
  value: z.unknown().optional(),
  name: z.string().nullish(),
  action: z.string().nullish(),
  replyToId: z.string().nullish(),
  attachments: z.array(AttachmentItem).nullish(),
  entities: z.array(Entity).nullish(),
  membersAdded: z.array(Account).nullish(),
  membersRemoved: z.array(Account).nullish(),
  reactionsAdded: z.array(Reaction).nullish(),
  reactionsRemoved: z.array(Reaction).nullish(),
  channelData: z.object({ tenant: z.object({ id: z.string() }).nullish(), eventType: z.string().nullish() }).nullish(),
});
export type Activity = z.infer<typeof Activity>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws `teams.invalid_activity` */
export function readActivity(body: Uint8Array): Activity {
  const read = Activity.safeParse(readJson(body));
  if (!read.success)
    throw new ParleyError('teams.invalid_activity', 'This is no activity of the Bot Framework.', { cause: read.error });
  return read.data;
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new ParleyError('teams.invalid_activity', 'The body is no JSON in UTF-8.', { cause });
  }
}
