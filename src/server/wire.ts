import { z } from 'zod';
import type { Entry } from '../engine/engine.ts';
import type { Event } from '../event.ts';
import type { Attachment, Message } from '../message.ts';
import { cleanText, cleanValues } from './clean-text.ts';
import { type Problem, Refusal } from './refusal.ts';

/** Fields of one form. */
export const MOST_FIELDS = 50;

/** UTF-16 units of one message of a customer, and of all that she fills in of a form. */
export const TEXT_LIMIT = 8_000;

/** One line of the conversation as clients see it. */
export interface WireMessage extends Omit<Message, 'template' | 'unasked'> {
  readonly seq: number;
  readonly id: string;
  readonly from: Entry['from'];
  readonly attachments?: readonly Attachment[];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: Entry['status'];
}

/** What the server says over a socket or an event stream. */
export type ServerFrame =
  | { readonly type: 'ready'; readonly last: number }
  | { readonly type: 'message'; readonly message: WireMessage }
  | { readonly type: 'typing'; readonly on: boolean }
  | { readonly type: 'status'; readonly seq: number; readonly status: Entry['status'] }
  | { readonly type: 'ack'; readonly id: string; readonly seq: number }
  | ({ readonly type: 'error'; readonly id?: string } & Problem);

export function toWire(entry: Entry): WireMessage {
  // How it comes to her is nothing that she reads.
  const { template: _template, unasked: _unasked, ...message } = entry.message;
  const { seq, id, from, at, status } = entry;
  return entry.attachments === undefined
    ? { seq, id, from, ...message, at, status }
    : { seq, id, from, ...message, attachments: entry.attachments, at, status };
}

const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 _ -');
const Choice = z.string().regex(/^[^\s,\p{Cc}]{1,22}$/u, 'must be the token of an offered choice or form');
const Locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as zh-CN');

/** `POST /chat/session` */
export const SessionRequest = z.strictObject({
  locale: Locale.optional(),
  identity: z.string().min(1).max(8192).optional(),
});

const ChoiceRequest = z.strictObject({ id: Id, choice: z.union([Choice, z.array(Choice).min(1).max(50)]) });
const FileRequest = z.strictObject({
  id: Id,
  text: z.string().optional(),
  files: z.array(z.string().max(128)).min(1).max(10),
});
/** A form's fields are at most 25, and its text as long as a message's. */
const FormRequest = z.strictObject({
  id: Id,
  form: z.strictObject({
    token: Choice,
    values: z
      .record(z.string().regex(/^[A-Za-z]\w{0,63}$/, 'must be the name of a field'), z.string())
      .refine((values) => Object.keys(values).length <= MOST_FIELDS, `must be at most ${MOST_FIELDS} fields`),
  }),
});
const TextRequest = z.strictObject({ id: Id, text: z.string() });

export type SendRequest =
  | z.infer<typeof ChoiceRequest>
  | z.infer<typeof FormRequest>
  | z.infer<typeof FileRequest>
  | z.infer<typeof TextRequest>;

/** The body of `POST /chat/messages`, which is also a `send` frame without its type. */
export function readSendRequest(body: unknown): SendRequest {
  // Chosen by what is there, not tried in turn, so that the complaint is about what the sender meant.
  if (has(body, 'choice')) return admit(ChoiceRequest, body);
  if (has(body, 'form')) return admit(FormRequest, body);
  if (has(body, 'files')) return admit(FileRequest, body);
  return admit(TextRequest, body);
}

function has(body: unknown, key: string): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, key);
}

const Seq = z.number().int().min(0);

/** The first frame of a socket. */
export const Hello = z.strictObject({ token: z.string().max(128), after: Seq.default(0) });

/** Every later one. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('send') }),
  z.strictObject({ type: z.literal('typing'), on: z.boolean() }),
  z.strictObject({ type: z.literal('read'), seq: Seq }),
]);

/** A stranger's value through its schema. @throws `chat.invalid`, naming every field that is wrong */
export function admit<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(422, 'chat.invalid', `The request does not fit: ${describe(result.error)}.`, {
    hint: 'See the protocol in channels/web/README.md.',
  });
}

/**
 * What the customer did, in our words.
 * @throws `chat.text_too_long`, `chat.empty`
 */
export function toEvent(sent: SendRequest, attachments: readonly Attachment[]): Event {
  // Several tokens go as one event, because they are one answer; a token has no comma.
  if ('choice' in sent)
    return { kind: 'choice', token: typeof sent.choice === 'string' ? sent.choice : sent.choice.join(',') };
  if ('form' in sent) return toForm(sent.form);
  const raw = sent.text ?? '';
  checkLength(raw);
  const text = cleanText(raw);
  if (text === '' && attachments.length === 0)
    throw new Refusal(422, 'chat.empty', 'The message has no text that can be read.', { hint: 'Write something.' });
  return attachments.length === 0 ? { kind: 'message', text } : { kind: 'message', text, attachments };
}

/** Every field is cleaned as a message is; what is empty then was left blank. @throws `chat.text_too_long` */
export function toForm({ token, values }: { token: string; values: Readonly<Record<string, string>> }): Event {
  checkLength(Object.values(values).join(''));
  return { kind: 'form', token, values: cleanValues(values) };
}

function checkLength(text: string): void {
  if (text.length > TEXT_LIMIT)
    throw new Refusal(413, 'chat.text_too_long', `The text is longer than ${TEXT_LIMIT} characters.`, {
      hint: 'Split it into several messages, or send it as a file.',
    });
}

/** The door's own words for what is wrong, without repeating what was sent. */
function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`).join('; ');
}
