/** Beginnings of recordings, put together from their formats' public descriptions: enough to be known by, too little to be heard. */

const box = (name: string, ...inside: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(inside);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 8);
  return Buffer.concat([size, Buffer.from(name), body]);
};
const handler = (kind: string) => box('hdlr', Buffer.alloc(8), Buffer.from(kind), Buffer.alloc(13));
const mp4 = (brand: string, ...kinds: readonly string[]) =>
  Buffer.concat([
    box('ftyp', Buffer.from(brand), Buffer.alloc(4)),
    box('mdat', Buffer.alloc(64, 0xa5)),
    box('moov', ...kinds.map((kind) => box('trak', box('mdia', handler(kind))))),
  ]);
const webm = (...codecs: readonly string[]) =>
  Buffer.concat([
    Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84]),
    Buffer.from('webm'),
    ...codecs.map((codec) => Buffer.concat([Buffer.from([0x86, 0x80 + codec.length]), Buffer.from(codec)])),
    Buffer.alloc(40, 0xa5),
  ]);
const ogg = (codec: string) => Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from(codec, 'latin1')]);
/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame. */
const frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]);
/** MPEG 2 layer III, 64 kbit/s, 22.05 kHz: 208 bytes a frame. */
const slowFrame = Buffer.concat([Buffer.from([0xff, 0xf3, 0x80, 0x00]), Buffer.alloc(204)]);
const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 1, 2]), Buffer.alloc(130)]);

export const RECORDINGS: readonly (readonly [type: string, bytes: Uint8Array])[] = [
  ['audio/webm', webm('A_OPUS')],
  ['audio/ogg', ogg('OpusHead')],
  ['audio/mp4', mp4('M4A ', 'soun')],
  ['audio/mp4', mp4('iso5', 'soun')],
  ['audio/mpeg', Buffer.concat([frame, frame])],
  ['audio/mpeg', Buffer.concat([tag, slowFrame, slowFrame])],
  ['audio/wav', Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt '), Buffer.alloc(28)])],
  ['audio/amr', Buffer.from('#!AMR\n\x3c\x01')],
];

export const NO_RECORDINGS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['a film in WebM', webm('V_VP9', 'A_OPUS')],
  ['WebM without sound', webm()],
  ['a film in MP4', mp4('isom', 'vide', 'soun')],
  ['a film without sound', mp4('isom', 'vide')],
  ['a picture in the box of a film', mp4('heic', 'pict')],
  ['a film in Ogg', ogg('\x80theora')],
  ['one frame of MP3 and nothing behind it', frame],
  ['a tag of MP3 and nothing behind it', tag],
  ['another kind of RIFF', Buffer.from('RIFF\x24\0\0\0AVI LIST\x01\0')],
  ['MP4 cut off after its first box', mp4('M4A ', 'soun').subarray(0, 40)],
];
