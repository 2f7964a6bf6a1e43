import type { Bubble, Phone, Run, Simulator } from '#channel';
import type { Fault, Simulator as Wechat } from '../simulator.ts';
import { entriesOf, type Shown } from './chat.ts';
import type { Follower } from './follower.ts';

/** Somebody's WeChat, with what only WeChat has. */
export interface WechatPhone extends Phone {
  unfollow(): Promise<void>;
}

/** WeChat's stand-in as the playground uses it. */
export function onScreen(wechat: Wechat): Simulator {
  return {
    url: wechat.url,
    phone: () => phoneOf(wechat),
    faults: [...Object.keys(FAULTS), 'quota', 'token', 'uncertified', 'duplicate', 'block'],
    fail(name) {
      const fault = FAULTS[name];
      if (fault !== undefined) wechat.fail(fault, '/cgi-bin/message/custom/send');
      else if (name === 'quota') for (const chat of wechat.world.chats.values()) chat.quota.exhaust();
      else if (name === 'token') wechat.world.tokens.spoil();
      else if (name === 'uncertified') wechat.world.certified = false;
      else if (name === 'duplicate') wechat.deliveries.mischief.duplicate = true;
      else if (name === 'block') blocking.add(wechat);
    },
    close: () => wechat.close(),
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'refuse', errcode: 45_011 },
  busy: { kind: 'refuse', errcode: -1 },
  error: { kind: 'error', status: 503 },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
};

/** Whose next writer unfollows right after writing. */
const blocking = new WeakSet<Wechat>();

/** Milliseconds that WeChat shows that somebody types. */
const TYPING = 15_000;

function phoneOf(wechat: Wechat): WechatPhone {
  const { deliveries, world } = wechat;
  const follower = wechat.follower();
  const { chat } = follower;
  let typedUntil = 0;
  let typed = 0;

  /** One delivery, with what was to go wrong with it. Who writes follows. */
  async function deliver(act: (follower: Follower) => unknown): Promise<void> {
    if (!chat.following) {
      follower.follow();
      await deliveries.settled();
    }
    act(follower);
    if (blocking.delete(wechat)) follower.unfollow();
    await deliveries.settled();
    // It was for this delivery only.
    deliveries.mischief.duplicate = false;
  }

  return {
    address: follower.openid,
    get screen() {
      return chat.shown.map((shown) => bubbleOf(shown, wechat));
    },
    get typing() {
      return world.now() < typedUntil;
    },
    async open() {
      if (!chat.following) await deliver(() => undefined);
    },
    write: (text) => deliver((she) => she.say(text)),
    async tap(bubble, button) {
      const message = chat.shown.find(({ id }) => id === bubble);
      const entry = message && entriesOf(message)[Number(button)];
      if (entry !== undefined) await deliver((she) => she.tapOn(entry.id, entry.content));
    },
    attach: ({ type, bytes }) => deliver((she) => (type.startsWith('audio/') ? she.voice(bytes) : she.photo(bytes))),
    async unfollow() {
      follower.unfollow();
      await deliveries.settled();
    },
    watch(listener) {
      return chat.watch(() => {
        // A message takes the place of the sign that one is being written.
        if (chat.typing > typed) typedUntil = world.now() + TYPING;
        if (chat.shown.at(-1)?.from === 'account') typedUntil = 0;
        typed = chat.typing;
        listener();
      });
    },
  };
}

const FROM = { me: 'customer', account: 'bot', system: 'system' } as const;

function bubbleOf(shown: Shown, wechat: Wechat): Bubble {
  const { id, from, text, article, media, at } = shown;
  const entries = entriesOf(shown);
  return {
    id,
    from: FROM[from],
    text: runsOf(withoutTaps(text)),
    ...(article === undefined ? {} : { cards: [cardOf(article)] }),
    ...(media === undefined ? {} : fileOf(media, wechat)),
    ...(entries.length === 0
      ? {}
      : { buttons: entries.map(({ content }, at) => [{ id: String(at), label: content }]) }),
    at,
  };
}

function cardOf({ title, description, url, picurl }: NonNullable<Shown['article']>) {
  return {
    title: [{ text: title }],
    ...(description === '' ? {} : { text: [{ text: description }] }),
    ...(picurl === '' ? {} : { image: { url: picurl, alt: title } }),
    ...(url === '' ? {} : { buttons: [{ id: 'open', label: '›', url }] }),
  };
}

function fileOf(id: string, { world }: Wechat): Pick<Bubble, 'image' | 'file'> {
  const file = world.media.get(id);
  if (file === undefined) return {};
  const url = `data:${file.type};base64,${Buffer.from(file.bytes).toString('base64')}`;
  return file.type.startsWith('image/') ? { image: { url, alt: '' } } : { file: { url, name: file.type } };
}

/** Lines that are nothing but a choice stand below the text, as buttons. */
function withoutTaps(text: string): string {
  return text.replaceAll(/\n*<a href="weixin:\/\/bizmsgmenu[^"]*">[^<]*<\/a>/g, '');
}

/** `<a href>` is the only markup; bare addresses can be tapped, too. */
function runsOf(text: string): Run[] {
  return text
    .split(/(<a href="[^"]*">[^<]*<\/a>|https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [, url, label] = /^<a href="([^"]*)">([^<]*)<\/a>$/.exec(piece) ?? [];
      if (url !== undefined && label !== undefined) return { text: label, url };
      return /^https?:\/\//.test(piece) ? { text: piece, url: piece } : { text: piece };
    });
}
