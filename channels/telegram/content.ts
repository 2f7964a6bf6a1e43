import type { Media } from '#channel';
import type { Message } from './update.ts';

/** What a message says, in words and files. */
export interface Content {
  readonly text: string;
  readonly media: readonly Media[];
}

/** Bytes that getFile gives at most (https://core.telegram.org/bots/api#getfile). */
export const FILE_LIMIT = 20 * 1024 * 1024;

/**
 * `undefined` for what nobody said: somebody joined, a title was changed, a message was pinned. What a bot cannot see (a sticker, a
 * place) is put into words, so that a flow and an agent can read it.
 */
export function contentOf(message: Message): Content | undefined {
  const media = filesOf(message);
  const words = message.text ?? message.caption ?? descriptionOf(message);
  if (words === undefined && media.length === 0) return undefined;
  return { text: words ?? '', media };
}

function filesOf({ photo, document, voice, audio, video, video_note: round, animation }: Message): Media[] {
  const largest = photo?.at(-1);
  // A GIF comes twice: as an animation and, for older clients, as a document.
  const file = animation ?? document;
  return [
    ...(largest === undefined ? [] : [media(largest, 'photo.jpg')]),
    ...(file === undefined ? [] : [media(file, 'file')]),
    ...(voice === undefined ? [] : [media(voice, 'voice.ogg')]),
    ...(audio === undefined ? [] : [media(audio, 'audio.mp3')]),
    ...(video === undefined ? [] : [media(video, 'video.mp4')]),
    ...(round === undefined ? [] : [media(round, 'video.mp4')]),
  ];
}

type File = NonNullable<Message['document']>;

function media({ file_id: ref, file_name: name, file_size: size }: File, fallback: string): Media {
  return { ref, name: name ?? fallback, ...(size === undefined ? {} : { size }) };
}

function descriptionOf({ sticker, location, venue, contact, dice, poll }: Message): string | undefined {
  if (sticker !== undefined) return sticker.emoji ?? '[sticker]';
  if (location !== undefined) {
    const place = `${location.latitude}, ${location.longitude}`;
    return venue === undefined ? `[location ${place}]` : `${venue.title}, ${venue.address} [location ${place}]`;
  }
  if (contact !== undefined) return `${contact.first_name} ${international(contact.phone_number)}`;
  if (dice !== undefined) return `${dice.emoji} ${dice.value}`;
  if (poll !== undefined) return `[poll] ${poll.question}`;
  return undefined;
}

/** Telegram leaves the + out of most phone numbers. */
function international(phone: string): string {
  return phone.startsWith('+') ? phone : `+${phone}`;
}
