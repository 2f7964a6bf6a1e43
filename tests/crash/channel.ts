import type { Capabilities, Channel } from '../../src/channel.ts';

const can: Capabilities = {
  text: { limit: 1_600, unit: 'characters' },
  markup: 'none',
  links: false,
  cards: false,
  carousel: false,
  images: false,
  files: false,
  typing: false,
  edit: false,
  idempotent: true,
};

/** A platform that takes a part under its key over HTTP. */
export function crashChannel(post: (path: string, body: unknown, key: string) => Promise<void>): Channel {
  return {
    kind: 'sms',
    settings: () => ({}),
    can,
    plan: (messages) => messages.map(({ text }) => ({ text })),
    async send(part, { address, key }) {
      await post('/deliver', { address, text: part.text }, key);
      return {};
    },
    classify: () => ({ kind: 'retryable', after: 20 }),
  };
}

/** A channel whose customers fetch what is said to them. */
export const fetchedChannel: Channel = { kind: 'web', settings: () => ({}), can, plan: () => [] };
