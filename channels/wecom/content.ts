import type { Media } from '#channel';
import type { Said } from './sync.ts';

/** What a message says, in words and files. */
export interface Content {
  readonly text: string;
  readonly media: readonly Media[];
}

/** What a bot cannot see (a place, a shared page) is put into words, so that a flow and an agent can read it. */
export function contentOf(message: Said): Content {
  return { text: message.text?.content ?? descriptionOf(message), media: filesOf(message) };
}

/** WeCom tells neither names nor sizes; it gives no picture over 2 MB and no file over 20 MB, but a text that says so. */
function filesOf({ image, voice, video, file }: Said): Media[] {
  return [
    ...(image === undefined ? [] : [{ ref: image.media_id, name: 'photo.jpg' }]),
    ...(voice === undefined ? [] : [{ ref: voice.media_id, name: 'voice.amr' }]),
    ...(video === undefined ? [] : [{ ref: video.media_id, name: 'video.mp4' }]),
    ...(file === undefined ? [] : [{ ref: file.media_id, name: 'file' }]),
  ];
}

function descriptionOf(message: Said): string {
  const { location, link, business_card: card, miniprogram, channels_shop_product: product } = message;
  const { channels_shop_order: order } = message;
  if (location !== undefined) {
    const { name = '', address = '', latitude, longitude } = location;
    return [joined(', ', name, address), `[location ${latitude}, ${longitude}]`]
      .filter((each) => each !== '')
      .join(' ');
  }
  if (link !== undefined) return joined('\n', link.title, link.desc, link.url);
  if (card !== undefined) return `[business card ${card.userid}]`;
  const titled = miniprogram ?? product;
  if (titled !== undefined) return titled.title ?? `[${message.msgtype}]`;
  if (order !== undefined) return joined(' ', '[order]', order.order_id);
  return filesOf(message).length > 0 ? '' : `[${message.msgtype}]`;
}

function joined(between: string, ...words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== '').join(between);
}
