import type { Given } from './methods.ts';
import { DAY, type World } from './world.ts';

interface Mistake {
  readonly errcode: number;
  readonly errmsg: string;
}

/** What is wrong with a message, by the limits of https://developer.work.weixin.qq.com/document/path/94677. */
export function mistakeIn(given: Given, world: World): Mistake | undefined {
  const content = given[String(given.msgtype)] as Given | undefined;
  if (content === undefined) return { errcode: 40_008, errmsg: 'invalid message type' };
  switch (given.msgtype) {
    case 'text':
      return bytes(content.content, 1, 2_048) ? undefined : wrong('text.content');
    case 'msgmenu':
      return menuMistake(content);
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return isThere(content.media_id, world) ? undefined : { errcode: 40_007, errmsg: 'invalid media_id' };
    case 'link': {
      const fits = bytes(content.title, 1, 128) && bytes(content.desc ?? '', 0, 512) && isAddress(content.url);
      if (!fits) return wrong('link');
      return isThere(content.thumb_media_id, world) ? undefined : { errcode: 40_007, errmsg: 'invalid media_id' };
    }
    default:
      return { errcode: 40_008, errmsg: 'invalid message type' };
  }
}

/** What may be said under a code. */
export function wordsAllowed({ msgtype }: Given): boolean {
  return msgtype === 'text' || msgtype === 'msgmenu';
}

function menuMistake({ head_content: head = '', tail_content: tail = '', list = [] }: Given): Mistake | undefined {
  const items = list as readonly Given[];
  if (items.length > 10) return { errcode: 95_008, errmsg: 'too many menu items' };
  if (!bytes(head, 0, 1_024) || !bytes(tail, 0, 1_024)) return wrong('msgmenu');
  return items.every(isItem) ? undefined : { errcode: 95_009, errmsg: 'invalid menu item' };
}

function isItem(item: Given): boolean {
  const content = item[String(item.type)] as Given | undefined;
  if (item.type === 'click') return bytes(content?.id, 1, 64) && bytes(content?.content, 1, 128);
  return item.type === 'view' && bytes(content?.content, 1, 1_024) && isAddress(content?.url);
}

function isAddress(url: unknown): boolean {
  return bytes(url, 1, 2_048) && /^https?:\/\//.test(String(url));
}

function bytes(text: unknown, least: number, most: number): boolean {
  if (typeof text !== 'string') return false;
  const size = Buffer.byteLength(text);
  return size >= least && size <= most;
}

function isThere(id: unknown, { media, now }: World): boolean {
  return now() - (media.get(String(id))?.at ?? Number.NEGATIVE_INFINITY) < 3 * DAY;
}

function wrong(what: string): Mistake {
  return { errcode: 40_058, errmsg: `invalid parameter: ${what}` };
}
