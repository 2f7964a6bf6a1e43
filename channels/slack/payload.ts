import { z } from 'zod';

/**
 * What Slack tells, as much of it as we read. What we do not name is dropped here; what we do name has the shape it says, or it is
 * refused. Webhooks and sockets carry the same.
 */

/** https://docs.slack.dev/reference/objects/file-object */
const File = z.object({
  name: z.string().nullish(),
  /** `tombstone` and `hidden_by_limit` are files that are gone. */
  mode: z.string().optional(),
  size: z.number().optional(),
  url_private: z.string().optional(),
  url_private_download: z.string().optional(),
});

/** Rich text holds rich text: read only for its emoji. */
const Block = z.looseObject({ type: z.string(), block_id: z.string().optional() });
export type Block = z.infer<typeof Block>;

const Said = z.object({
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  text: z.string().nullish(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
  parent_user_id: z.string().optional(),
  subtype: z.string().optional(),
  edited: z.object({ user: z.string().optional(), ts: z.string() }).optional(),
  blocks: z.array(Block).optional(),
  files: z.array(File).optional(),
});
export type Said = z.infer<typeof Said>;

/** https://docs.slack.dev/reference/events */
const Event = Said.extend({
  type: z.string(),
  channel: z.union([z.string(), z.object({}).transform(() => undefined)]).optional(),
  /** Of `message_changed`. */
  message: Said.optional(),
  previous_message: Said.optional(),
  tab: z.string().optional(),
  assistant_thread: z.object({ user_id: z.string(), channel_id: z.string(), thread_ts: z.string() }).optional(),
});

/** https://docs.slack.dev/apis/events-api/#event-type-structure */
const EventCallback = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string(),
  event_time: z.number().optional(),
  /** On whose behalf we are told: our bot. */
  authorizations: z.array(z.object({ user_id: z.string().optional(), is_bot: z.boolean().optional() })).nullish(),
  event: Event,
});
export type EventCallback = z.infer<typeof EventCallback>;

const Option = z.object({ text: z.object({ text: z.string() }), value: z.string().optional() });

/** An element that was touched, or the state of one beside it. */
const Element = z.object({
  type: z.string().optional(),
  value: z.string().nullish(),
  selected_option: Option.nullish(),
  selected_options: z.array(Option).optional(),
  selected_date: z.string().nullish(),
});
export type Element = z.infer<typeof Element>;

const Action = Element.extend({
  action_id: z.string(),
  block_id: z.string(),
  action_ts: z.string().optional(),
  text: z.object({ text: z.string() }).optional(),
});
export type Action = z.infer<typeof Action>;

const Person = z.object({ id: z.string(), team_id: z.string().nullish() });

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const BlockActions = z.object({
  type: z.literal('block_actions'),
  user: Person,
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  message: Said.optional(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), Element)) }).optional(),
  actions: z.array(Action).min(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const ViewSubmission = z.object({
  type: z.literal('view_submission'),
  user: Person,
  view: z.object({
    id: z.string(),
    hash: z.string().optional(),
    callback_id: z.string().optional(),
    private_metadata: z.string().default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Element)) }),
  }),
});
export type ViewSubmission = z.infer<typeof ViewSubmission>;

/** Kinds that bring nothing (`block_suggestion`, `view_closed`, shortcuts), and those of tomorrow. */
const Other = z
  .object({ type: z.string().refine((type) => !['event_callback', 'block_actions', 'view_submission'].includes(type)) })
  .transform(() => undefined);

export const Payload = z.union([EventCallback, BlockActions, ViewSubmission, Other]);
export type Payload = z.infer<typeof Payload>;
