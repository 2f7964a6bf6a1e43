/**
 * What an SMS costs. A phone gets 140 bytes a segment: 160 characters of the GSM-7 alphabet (3GPP TS 23.038), or 70 UTF-16 units when
 * one character is not in it. A text of several segments spends six bytes of each on putting it together again: 153, or 67.
 */
export interface Size {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** What Twilio sends and bills. */
  readonly segments: number;
}

/** Tab is not in it, `Ç` is and `ç` is not. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Two septets each: an escape and a letter, never torn apart. */
const EXTENSION = new Set('\f^{}\\[~]|€');

const LIMITS = { 'GSM-7': { one: 160, each: 153 }, 'UCS-2': { one: 70, each: 67 } };

export function sizeOf(text: string): Size {
  const encoding = encodingOf(text);
  const { one, each } = LIMITS[encoding];
  const costs = [...text].map((letter) => costOf(letter, encoding));
  if (costs.reduce((sum, cost) => sum + cost, 0) <= one) return { encoding, segments: 1 };
  let segments = 1;
  let used = 0;
  for (const cost of costs) {
    // A letter of two units does not straddle a border: the segment before it stays one unit short.
    if (used + cost > each) {
      segments += 1;
      used = 0;
    }
    used += cost;
  }
  return { encoding, segments };
}

export function encodingOf(text: string): Size['encoding'] {
  for (const letter of text) if (!BASIC.has(letter) && !EXTENSION.has(letter)) return 'UCS-2';
  return 'GSM-7';
}

function costOf(letter: string, encoding: Size['encoding']): number {
  if (encoding === 'UCS-2') return letter.length;
  return EXTENSION.has(letter) ? 2 : 1;
}
