import { z } from 'zod';

/**
 * Telegram's updates, as much of them as we read (https://core.telegram.org/bots/api#update). What we do not name is dropped here;
 * what we do name has the shape it says, or the update is refused.
 */

const User = z.object({
  id: z.number(),
  is_bot: z.boolean().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});

const Chat = z.object({ id: z.number(), type: z.string() });

const Entity = z.object({
  type: z.string(),
  offset: z.number(),
  length: z.number(),
  user: User.optional(),
});

/** Everything that can be downloaded. */
const File = z.object({
  file_id: z.string(),
  file_name: z.string().optional(),
  file_size: z.number().optional(),
  mime_type: z.string().optional(),
});

const Button = z.object({ text: z.string(), callback_data: z.string().optional(), url: z.string().optional() });

export const Message = z.object({
  message_id: z.number(),
  date: z.number(),
  edit_date: z.number().optional(),
  chat: Chat,
  from: User.optional(),
  text: z.string().optional(),
  entities: z.array(z.looseObject(Entity.shape)).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(z.looseObject(Entity.shape)).optional(),
  reply_to_message: z.object({ from: User.optional() }).optional(),
  reply_markup: z.object({ inline_keyboard: z.array(z.array(Button)).optional() }).optional(),
  /** The same picture in several sizes, the largest last. */
  photo: z.array(File).optional(),
  document: File.optional(),
  voice: File.optional(),
  audio: File.optional(),
  video: File.optional(),
  video_note: File.optional(),
  animation: File.optional(),
  sticker: z.object({ emoji: z.string().optional() }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  venue: z.object({ title: z.string(), address: z.string() }).optional(),
  contact: z.object({ phone_number: z.string(), first_name: z.string() }).optional(),
  /** Of an album: the same in each of its messages. */
  media_group_id: z.string().optional(),
  dice: z.object({ emoji: z.string(), value: z.number() }).optional(),
  poll: z.object({ question: z.string() }).optional(),
});
export type Message = z.infer<typeof Message>;

const CallbackQuery = z.object({
  id: z.string(),
  from: User,
  data: z.string().optional(),
  /** Too old for us to be shown: then only its place is told. */
  message: Message.partial({ date: true }).optional(),
});
export type CallbackQuery = z.infer<typeof CallbackQuery>;

const ChatMemberUpdated = z.object({
  chat: Chat,
  from: User,
  date: z.number(),
  new_chat_member: z.object({ status: z.string() }),
});

export const Update = z.object({
  update_id: z.int(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: CallbackQuery.optional(),
  my_chat_member: ChatMemberUpdated.optional(),
});
export type Update = z.infer<typeof Update>;

/** Kinds that we ask Telegram for; others are never sent to us. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;
