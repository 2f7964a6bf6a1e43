import { defineChannel, type Inbound, type Part } from '../src/channel.ts';
import type { Message } from '../src/message.ts';

/**
 * “Pigeon”: a made-up channel whose webhooks and payloads are as large and as nested as real platforms' are. Its `send` writes into a
 * sink instead of the network.
 */
export const ACCOUNT = 'pigeon';

/** What happens at the other end: takes each payload as the string that would go over the wire. */
export type Sink = (address: string, payload: string) => void;

interface Webhook {
  readonly account: { readonly id: string };
  readonly event: {
    readonly id: string;
    readonly timestamp: number;
    readonly from: { readonly id: string; readonly locale: string };
    readonly message:
      | { readonly type: 'text'; readonly text: string }
      | { readonly type: 'postback'; readonly title: string; readonly payload: string };
  };
}

/** A webhook's body, 450 to 700 bytes, as it comes off the wire. `id` is the platform's own for the message: a redelivery repeats it. */
export function bodyOf(
  address: string,
  id: string,
  does: { text: string } | { title: string; payload: string },
): Buffer {
  const message =
    'text' in does
      ? `{"type":"text","text":${JSON.stringify(does.text)},"entities":[]}`
      : `{"type":"postback","title":${JSON.stringify(does.title)},"payload":${JSON.stringify(does.payload)}}`;
  return Buffer.from(
    `{"object":"conversation_event","version":"2026-05-01","delivery":{"id":"dlv_${id}","attempt":1,"region":"eu-central"},"account":{"id":"${ACCOUNT}","name":"Lamps and more","plan":"business"},"event":{"id":"${id}","type":"message.received","timestamp":1795262400000,"from":{"id":"${address}","locale":"en-US","profile":{"display_name":"Alex Example","timezone":"Europe/Berlin","verified":false}},"conversation":{"type":"direct","window_expires_at":1795348800000},"message":${message}},"metadata":{"trace":"4bf92f3577b34da6a3ce929d0e0e4736"}}`,
  );
}

/** What a hand-written bot takes from a webhook. */
export function readBody(body: Buffer): { address: string; id: string; text: string; payload: string | undefined } {
  const { event } = JSON.parse(body.toString()) as Webhook;
  const { message } = event;
  return message.type === 'text'
    ? { address: event.from.id, id: event.id, text: message.text, payload: undefined }
    : { address: event.from.id, id: event.id, text: message.title, payload: message.payload };
}

export function pigeon(sink: Sink) {
  return defineChannel<null>({
    kind: 'pigeon',
    settings: () => null,
    can: {
      text: { limit: 4_000, unit: 'characters' },
      markup: 'markdown',
      choices: { max: 10, label: 40 },
      links: true,
      cards: true,
      carousel: false,
      images: true,
      files: false,
      typing: false,
      edit: false,
      idempotent: true,
    },
    parse: ({ body }): readonly Inbound[] => {
      const { account, event } = JSON.parse(
        Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(),
      ) as Webhook;
      const { from, message } = event;
      return [
        {
          account: account.id,
          address: from.id,
          key: event.id,
          sentAt: event.timestamp,
          locale: from.locale,
          event:
            message.type === 'text'
              ? { kind: 'message', text: message.text }
              : { kind: 'choice', token: message.payload, label: message.title },
        },
      ];
    },
    plan: (messages): readonly Part[] => messages.map(partOf),
    send: async (part, { address }) => {
      sink(address, payloadOf(address, part));
      return {};
    },
  });
}

function partOf(message: Message): Part {
  const { text, choices, card } = message;
  return {
    type: 'text',
    text,
    ...(card && { card }),
    ...(choices && { buttons: choices.map(({ label, token }) => ({ title: label, payload: token })) }),
  };
}

/** As it goes over the wire. */
export function payloadOf(address: string, part: Part): string {
  return JSON.stringify({ recipient: { id: address }, messaging_type: 'RESPONSE', message: part });
}
