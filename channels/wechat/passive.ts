import type { RawResponse } from '#channel';
import { sealEnvelope } from '../tencent/envelope.ts';
import { writeXml, type XmlSource } from '../tencent/xml.ts';
import { inText } from './menu.ts';
import type { Ready } from './part.ts';
import type { WechatSettings } from './settings.ts';

/**
 * The answer to a waiting webhook (https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html),
 * sealed as the webhook was. It knows no menus: the choices are links in the text.
 */
export function passiveReply(message: Ready, to: string, settings: WechatSettings, now: number): RawResponse {
  return reply(contentOf(message), to, settings, now);
}

/** Whatever stands in the place of an answer. */
export function reply(content: XmlSource, to: string, settings: WechatSettings, now: number): RawResponse {
  const { secrets, plaintext, originalId } = settings;
  const head = { ToUserName: to, FromUserName: originalId, CreateTime: Math.floor(now / 1000) };
  const xml = writeXml({ ...head, ...content });
  const isPlain = plaintext && secrets.aesKeys.length === 0;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: isPlain ? xml : sealEnvelope(xml, secrets, now),
  };
}

function contentOf(message: Ready): XmlSource {
  switch (message.msgtype) {
    case 'text':
      return { MsgType: 'text', Content: message.text.content };
    case 'msgmenu':
      return { MsgType: 'text', Content: inText(message.msgmenu) };
    case 'image':
      return { MsgType: 'image', Image: { MediaId: message.image.media_id } };
    case 'news': {
      const items = message.news.articles.map(({ title, description, url, picurl = '' }) => ({
        Title: title,
        Description: description,
        PicUrl: picurl,
        Url: url,
      }));
      return { MsgType: 'news', ArticleCount: items.length, Articles: { item: items } };
    }
  }
}
