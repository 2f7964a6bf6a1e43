import type { Media } from '#channel';
import type { XmlFields, XmlValue } from '../tencent/xml.ts';

/** What a message says, in words and files. */
export interface Content {
  readonly text: string;
  readonly media: readonly Media[];
}

/**
 * https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html. What a bot cannot see (a place,
 * a kind of message that is new) is put into words, so that a flow and an agent can read it.
 */
export function contentOf(message: XmlFields): Content {
  const field = (name: string) => wordsIn(message[name]);
  const file = (name: string): Media[] => (field('MediaId') === '' ? [] : [{ ref: field('MediaId'), name }]);
  switch (field('MsgType')) {
    case 'text':
      return { text: field('Content'), media: [] };
    case 'image':
      return { text: '', media: file('photo.jpg') };
    case 'voice':
      // Words where the account has speech recognition switched on.
      return { text: field('Recognition'), media: file(`voice.${field('Format').toLowerCase() || 'amr'}`) };
    case 'video':
    case 'shortvideo':
      return { text: '', media: file('video.mp4') };
    case 'location':
      return { text: placeOf(field), media: [] };
    case 'link':
      return { text: linesOf(field('Title'), field('Description'), field('Url')), media: [] };
    default:
      return { text: linesOf(`[${field('MsgType')}]`, field('Title'), field('Description')), media: [] };
  }
}

function placeOf(field: (name: string) => string): string {
  const place = `[location ${field('Location_X')}, ${field('Location_Y')}]`;
  return field('Label') === '' ? place : `${field('Label')} ${place}`;
}

function linesOf(...lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n');
}

/** The text of a field; nothing of one that holds others. */
export function wordsIn(value: XmlValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
