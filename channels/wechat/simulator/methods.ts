import { randomBytes } from 'node:crypto';
import type { Article, Chat, Shown } from './chat.ts';
import { Refused, type StoredFile, type World } from './world.ts';

/** What a call brought: its address, and its JSON or its file. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly file?: StoredFile;
}

/** Tells the bot what became of a template message. */
export type Tell = (chat: Chat, msgid: number, status: string) => void;

type Method = (world: World, asked: Asked, tell: Tell) => object | StoredFile;

/** As much of the REST API as an account of ours calls, with its refusals. */
export const METHODS: Readonly<Record<string, Method>> = {
  '/cgi-bin/stable_token'({ account, tokens }, { body }) {
    if (body.appid !== account.appId) throw new Refused(40013, 'invalid appid');
    if (body.secret !== account.appSecret) throw new Refused(40125, 'invalid appsecret');
    return tokens.give(body.force_refresh === true);
  },
  '/cgi-bin/message/custom/send'(world, { body }) {
    const chat = chatOf(world, body.touser);
    const content = contentOf(world, body);
    chat.quota.take();
    chat.add({ id: String(world.nextId()), from: 'account', at: world.now(), ...content });
    return OK;
  },
  '/cgi-bin/qrcode/create'(world, { body }) {
    const { expire_seconds: seconds, action_name: name, action_info: info } = body;
    const scene = (info as { scene?: { scene_str?: unknown } } | undefined)?.scene?.scene_str;
    if (name !== 'QR_STR_SCENE' || typeof scene !== 'string' || !/^.{1,64}$/.test(scene))
      throw new Refused(40013, 'invalid scene');
    if (!world.certified) throw new Refused(48001, 'api unauthorized');
    return {
      ticket: Buffer.from(scene).toString('base64url'),
      expire_seconds: seconds,
      url: `http://weixin.qq.com/q/${scene}`,
    };
  },
  '/cgi-bin/message/custom/typing'(world, { body }) {
    const chat = chatOf(world, body.touser);
    if (body.command === 'Typing') chat.typing += 1;
    chat.changed();
    return OK;
  },
  '/cgi-bin/message/template/send'(world, { body }, tell) {
    const chat = chatOf(world, body.touser);
    if (!world.templates.has(String(body.template_id))) throw new Refused(40037, 'invalid template_id');
    if (!chat.following) throw new Refused(43004, 'require subscribe');
    const msgid = world.nextId();
    const fields = Object.entries(body.data as Readonly<Record<string, { value: string }>>);
    const article = { title: String(body.template_id), url: String(body.url ?? ''), picurl: '' };
    const description = fields.map(([name, { value }]) => `${name}: ${value}`).join('\n');
    chat.add({ id: String(msgid), from: 'account', text: '', article: { ...article, description }, at: world.now() });
    tell(chat, msgid, 'success');
    return { ...OK, msgid };
  },
  '/cgi-bin/media/upload'(world, { file, query }) {
    if (file === undefined || file.bytes.byteLength === 0) throw new Refused(41005, 'media data missing');
    if (query.get('type') !== 'image' || !/^image\/(?:jpeg|png|gif|bmp)$/.test(sniff(file.bytes)))
      throw new Refused(40004, 'invalid media type');
    if (file.bytes.byteLength > 10 * 1024 * 1024) throw new Refused(40009, 'invalid image size');
    const id = keep(world, { ...file, type: sniff(file.bytes) });
    return { type: 'image', media_id: id, created_at: Math.floor(world.now() / 1000) };
  },
  '/cgi-bin/media/get'(world, { query }) {
    const file = world.media.get(query.get('media_id') ?? '');
    if (file === undefined) throw new Refused(40007, 'invalid media_id');
    return file;
  },
  '/cgi-bin/get_api_domain_ip': () => ({ ip_list: ['101.226.103.0/25'] }),
  '/cgi-bin/menu/create'(world, { body }) {
    if (!Array.isArray(body.button)) throw new Refused(40016, 'invalid button size');
    world.menu = body;
    return OK;
  },
};

const OK = { errcode: 0, errmsg: 'ok' };

/** A file at WeChat, for three days. */
export function keep(world: World, file: StoredFile): string {
  const id = randomBytes(32).toString('base64url');
  world.media.set(id, file);
  return id;
}

function chatOf({ chats }: World, openid: unknown): Chat {
  const chat = chats.get(String(openid));
  if (chat === undefined) throw new Refused(40003, 'invalid openid');
  return chat;
}

type Content = Omit<Shown, 'id' | 'from' | 'at'>;

/** A customer-service message, with all that WeChat finds wrong with one. */
function contentOf(world: World, body: Asked['body']): Content {
  const of = (name: string) => (body[name] ?? {}) as Readonly<Record<string, unknown>>;
  switch (body.msgtype) {
    case 'text':
      return { text: textOf(of('text').content) };
    case 'msgmenu': {
      if (!world.certified) throw new Refused(40200, 'invalid account type');
      const { head_content: head = '', tail_content: tail = '', list } = of('msgmenu');
      const menu = list as readonly { id: string; content: string }[];
      if (!Array.isArray(list) || menu.length === 0) throw new Refused(40035, 'invalid parameters');
      textOf([head, ...menu.map(({ content }) => content), tail].join('\n'));
      return { text: String(head), menu };
    }
    case 'news': {
      const articles = of('news').articles as readonly Partial<Article>[] | undefined;
      if (articles?.length !== 1) throw new Refused(45008, 'article size out of limit');
      return articleOf(articles[0] ?? {});
    }
    case 'image':
      return pictureOf(world, of('image').media_id);
    default:
      throw new Refused(40008, 'invalid message type');
  }
}

/** Bytes in UTF-8. */
const TEXT_LIMIT = 2_048;

export function textOf(content: unknown): string {
  if (typeof content !== 'string' || content === '') throw new Refused(44004, 'empty content');
  if (Buffer.byteLength(content) > TEXT_LIMIT) throw new Refused(45002, 'content size out of limit');
  return content;
}

export function articleOf({ title = '', description = '', url = '', picurl = '' }: Partial<Article>): Content {
  return { text: '', article: { title, description, url, picurl } };
}

export function pictureOf({ media }: World, id: unknown): Content {
  if (!media.has(String(id))) throw new Refused(40007, 'invalid media_id');
  return { text: '', media: String(id) };
}

/** By its first bytes, whatever it calls itself. */
function sniff(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const known = { '89504e47': 'image/png', '47494638': 'image/gif' }[head];
  if (known !== undefined) return known;
  return head.startsWith('ffd8ff') ? 'image/jpeg' : head.startsWith('424d') ? 'image/bmp' : 'application/octet-stream';
}
