import { randomBytes } from 'node:crypto';
import type { XmlSource } from '../../tencent/xml.ts';
import { Chat, entriesOf, type Shown } from './chat.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { keep } from './methods.ts';
import type { StoredFile, World } from './world.ts';

/** Somebody with WeChat in her hand. What she does reaches the bot as WeChat would tell it. */
export class Follower {
  readonly chat: Chat;
  readonly #world: World;
  readonly #deliveries: Deliveries;

  constructor(world: World, deliveries: Deliveries, openid = `o${randomBytes(20).toString('base64url').slice(0, 27)}`) {
    this.#world = world;
    this.#deliveries = deliveries;
    this.chat = world.chats.get(openid) ?? new Chat(openid, world.now);
    world.chats.set(openid, this.chat);
  }

  get openid(): string {
    return this.chat.openid;
  }

  get shown(): readonly Shown[] {
    return this.chat.shown;
  }

  get heard(): readonly string[] {
    return this.chat.heard;
  }

  /** Follows the account; with a scene, by a QR code that carries it. */
  follow(scene?: string): Delivery {
    this.chat.following = true;
    this.chat.quota.grant('act');
    return this.#event('subscribe', scene === undefined ? {} : { EventKey: `qrscene_${scene}`, Ticket: 'simulated' });
  }

  unfollow(): Delivery {
    this.chat.following = false;
    this.chat.quota.end();
    return this.#event('unsubscribe', { EventKey: '' });
  }

  /** A QR code, by somebody who follows already. */
  scan(scene: string): Delivery {
    this.chat.quota.grant('act');
    return this.#event('SCAN', { EventKey: scene, Ticket: 'simulated' });
  }

  /** Somebody of the business has taken her, or is done with her. */
  serve(agent: string): Delivery {
    return this.#event('kf_create_session', { KfAccount: agent });
  }

  dismiss(agent: string): Delivery {
    this.chat.served = false;
    return this.#event('kf_close_session', { KfAccount: agent });
  }

  /** An entry of the account's own menu. */
  click(key: string): Delivery {
    this.chat.quota.grant('act');
    return this.#event('CLICK', { EventKey: key });
  }

  view(url: string): Delivery {
    return this.#event('VIEW', { EventKey: url, MenuId: '396938803' });
  }

  say(text: string): Delivery {
    this.chat.quota.grant('message');
    this.#show({ text });
    return this.#message('text', { Content: text });
  }

  /** Taps the newest line that says this. */
  tap(label: string): Delivery {
    const newest = this.shown.flatMap(entriesOf).findLast(({ content }) => content === label);
    if (newest === undefined) throw new Error(`Nothing that can be tapped says "${label}".`);
    return this.tapOn(newest.id, newest.content);
  }

  /** A tap says the label, with the id beside it, and counts as a tap on the menu: it is no message of hers. */
  tapOn(id: string, content: string): Delivery {
    this.chat.quota.grant('act');
    this.#show({ text: content });
    return this.#message('text', { Content: content, bizmsgmenuid: id });
  }

  photo(bytes: Uint8Array): Delivery {
    const id = this.#keep('image/jpeg', bytes);
    return this.#message('image', { PicUrl: `http://mmbiz.qpic.cn/simulated/${id}`, MediaId: id });
  }

  /** `heard`: what the account's speech recognition makes of it. */
  voice(bytes: Uint8Array, heard?: string): Delivery {
    const id = this.#keep('audio/amr', bytes);
    return this.#message('voice', {
      MediaId: id,
      Format: 'amr',
      ...(heard === undefined ? {} : { Recognition: heard }),
    });
  }

  location(latitude: number, longitude: number, label: string): Delivery {
    this.chat.quota.grant('message');
    this.#show({ text: label });
    const place = { Location_X: String(latitude), Location_Y: String(longitude), Scale: 20, Label: label };
    return this.#message('location', place);
  }

  #keep(type: string, bytes: Uint8Array): string {
    this.chat.quota.grant('message');
    const file: StoredFile = { type, bytes };
    const id = keep(this.#world, file);
    this.#show({ text: '', media: id });
    return id;
  }

  #show(content: Pick<Shown, 'text' | 'media'>): void {
    this.chat.add({ id: String(this.#world.nextId()), from: 'me', at: this.#world.now(), ...content });
  }

  #message(type: string, content: XmlSource): Delivery {
    // 64 bits, as WeChat's are: more than a JavaScript number holds.
    const MsgId = `60547685900${String(this.#world.nextId()).padStart(8, '0')}`;
    const message = { ...this.#head(type), ...content, MsgId };
    return this.chat.served ? { to: this.openid, message } : this.#deliveries.add(this.openid, message);
  }

  #event(name: string, content: XmlSource): Delivery {
    return this.#deliveries.add(this.openid, { ...this.#head('event'), Event: name, ...content });
  }

  #head(type: string) {
    const { account, now } = this.#world;
    return {
      ToUserName: account.originalId,
      FromUserName: this.openid,
      CreateTime: Math.floor(now() / 1000),
      MsgType: type,
    };
  }
}
