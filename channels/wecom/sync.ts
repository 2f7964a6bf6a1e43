import { z } from 'zod';

/**
 * What `sync_msg` gives (https://developer.work.weixin.qq.com/document/path/94670). Only what is read here is described; of messages
 * of other kinds, their kind is enough.
 */
const Base = z.object({
  msgid: z.string().min(1).max(256),
  open_kfid: z.string().optional(),
  external_userid: z.string().optional(),
  /** Seconds. */
  send_time: z.number(),
  /** 3: the customer; 4: WeCom itself; 5: one of the business's people, in the WeCom app. */
  origin: z.number().optional(),
  servicer_userid: z.string().optional(),
});

const words = z.string().max(65_536);
const File = z.object({ media_id: z.string() });
const Titled = z.object({ title: words.optional() }).optional();

export const Said = Base.extend({
  msgtype: z.string(),
  text: z.object({ content: words, menu_id: z.string().optional() }).optional(),
  image: File.optional(),
  voice: File.optional(),
  video: File.optional(),
  file: File.optional(),
  location: z
    .object({ latitude: z.number(), longitude: z.number(), name: words.optional(), address: words.optional() })
    .optional(),
  link: z.object({ title: words.optional(), desc: words.optional(), url: words.optional() }).optional(),
  business_card: z.object({ userid: z.string() }).optional(),
  miniprogram: Titled,
  channels_shop_product: Titled,
  channels_shop_order: z.object({ order_id: z.string().optional() }).optional(),
});
export type Said = z.infer<typeof Said>;

const place = { open_kfid: z.string(), external_userid: z.string() };

export const Happened = Base.extend({
  msgtype: z.literal('event'),
  event: z.discriminatedUnion('event_type', [
    z.object({
      event_type: z.literal('enter_session'),
      ...place,
      scene: z.string().optional(),
      scene_param: z.string().optional(),
      welcome_code: z.string().optional(),
    }),
    z.object({
      event_type: z.literal('msg_send_fail'),
      ...place,
      fail_msgid: z.string(),
      fail_type: z.number(),
    }),
    z.object({
      event_type: z.literal('session_status_change'),
      ...place,
      /** What one of the business's people has done. 1: taken it from the pool; 2: passed it on; 3: ended it; 4: begun it again. */
      change_type: z.number(),
      new_servicer_userid: z.string().optional(),
    }),
    z.object({ event_type: z.literal('user_recall_msg'), ...place, recall_msgid: z.string() }),
    z.object({
      event_type: z.literal('reject_customer_msg_switch_change'),
      ...place,
      servicer_userid: z.string().optional(),
      /** 1: one of the business's people takes no more messages of hers; 0: again. */
      reject_switch: z.number(),
    }),
  ]),
});
export type Happened = z.infer<typeof Happened>;

/** Of an event, whatever it is. */
export const AnyEvent = z.object({ msgtype: z.literal('event'), event: z.object({ event_type: z.string() }) });

export const Page = z.object({
  next_cursor: z.string().optional(),
  has_more: z.number().default(0),
  msg_list: z.array(z.unknown()).default([]),
});
export type Page = z.infer<typeof Page>;
