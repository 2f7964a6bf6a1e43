/**
 * The type of a recording of sound by its bytes, whatever its sender claims: what browsers record (WebM and Ogg with Opus, MP4 with AAC),
 * what phones and computers keep (M4A, MP3, WAV), and what platforms' apps send (Ogg: Telegram; AMR: WeChat and WeCom). `undefined` for
 * all else, also for a film in one of these containers: nobody asked for its pictures, and a model that hears cannot take it.
 */
export function sniffVoice(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return VOICES.find(({ matches }) => matches(buffer))?.type;
}

const VOICES: readonly { type: string; matches: (bytes: Buffer) => boolean }[] = [
  {
    type: 'audio/ogg',
    matches: (bytes) => says(bytes, 0, 'OggS') && !headOf(bytes).includes('\x80theora', 0, 'latin1'),
  },
  { type: 'audio/amr', matches: (bytes) => says(bytes, 0, '#!AMR') },
  { type: 'audio/webm', matches: isWebm },
  { type: 'audio/mp4', matches: isMp4 },
  { type: 'audio/wav', matches: (bytes) => says(bytes, 0, 'RIFF') && says(bytes, 8, 'WAVE') },
  { type: 'audio/mpeg', matches: isMp3 },
];

/** EBML of the kind `webm` whose tracks, which stand near its beginning, have a codec of sound (`A_OPUS`) and none of pictures (`V_VP9`). */
function isWebm(bytes: Buffer): boolean {
  const head = headOf(bytes);
  if (head.length < 4 || head.readUInt32BE(0) !== EBML || !head.subarray(0, 64).includes('webm')) return false;
  return /A_(OPUS|VORBIS)/.test(head.toString('latin1')) && !/V_(VP|AV1|MPEG)/.test(head.toString('latin1'));
}

/** ISO media with a handler of sound (`soun`) and none of pictures. Its index may stand at its end. */
function isMp4(bytes: Buffer): boolean {
  if (!says(bytes, 4, 'ftyp')) return false;
  let sound = false;
  for (let at = bytes.indexOf('hdlr'); at >= 0; at = bytes.indexOf('hdlr', at + 4)) {
    // After the box's name: version and flags, then four bytes that say nothing.
    if (says(bytes, at + 12, 'vide') || says(bytes, at + 12, 'pict')) return false;
    sound ||= says(bytes, at + 12, 'soun');
  }
  return sound;
}

/** Two frames of MPEG layer III after each other, behind an ID3 tag or at once: one alone may be chance. */
function isMp3(bytes: Buffer): boolean {
  const first = says(bytes, 0, 'ID3') ? afterTag(bytes) : 0;
  const length = frameAt(bytes, first);
  return length !== undefined && frameAt(bytes, first + length) !== undefined;
}

/** The tag's size has seven bits a byte. */
function afterTag(bytes: Buffer): number {
  return bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 0x7f), 0) + 10;
}

/** Bytes of the frame that begins here; `undefined`: none does. */
function frameAt(bytes: Buffer, at: number): number | undefined {
  if (at + 4 > bytes.length) return undefined;
  const header = bytes.readUInt32BE(at);
  const version = (header >>> 19) & 3;
  const rate = RATES[(header >>> 10) & 3];
  const kilobits = (version === 3 ? KILOBITS : KILOBITS_LOW)[(header >>> 12) & 15];
  if (header >>> 21 !== 0x7ff || version === 1 || ((header >>> 17) & 3) !== 1 || !kilobits || !rate) return undefined;
  // MPEG 2 halves the rate of samples and the samples of a frame, MPEG 2.5 halves the rate again.
  const [samples, hertz] = version === 3 ? [144, rate] : [72, version === 2 ? rate / 2 : rate / 4];
  return Math.floor((samples * kilobits * 1000) / hertz) + ((header >>> 9) & 1);
}

/** By the index in a frame's header; 0 is a rate that is not told. */
const KILOBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KILOBITS_LOW = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES = [44_100, 48_000, 32_000];
const EBML = 0x1a45dfa3;
/** Bytes in which a container tells what it holds. */
const HEAD = 64 * 1024;

function headOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, HEAD);
}

function says(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text;
}
