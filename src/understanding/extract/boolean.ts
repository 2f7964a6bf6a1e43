/** Yes or no: as a set phrase, or as the first word of a longer answer ("yes, I got it yesterday"). */
import { meanings } from '../phrase.ts';
import type { Said } from '../said.ts';
import { type Extract, whole } from './found.ts';

export const extractBoolean: Extract = (said) => {
  for (const meaning of meanings(said.key || said.text.trim())) {
    if (meaning.means === 'yes') return whole(said, true);
    if (meaning.means === 'no') return whole(said, false);
    if (meaning.means === 'unsure') return undefined;
  }
  return leading(said);
};

const YES =
  /^(?:(?:yes|yeah|yep|yup|sure|ok|okay|correct|right|exactly|definitely|absolutely|of course|go ahead|please do)\b|是的|对的|好的|可以的?|没错|没问题|确认|确定|嗯+|行|同意|👍|✅)/;
const NO =
  /^(?:(?:no|nope|nah|not really|don't|do not|never)\b|不用|不要|不需要|不行|不可以|不是|不对|不了|没有|还没|👎|❌)/;
/** "yes but …", "no problem", "可以吗": the first word is taken back. */
const REVERSAL =
  /^(?:[ ,.!]{0,3}(?:(?:no|yes)\b(?! problem| worries| doubt| matter)|(?:wait|actually|sorry)\b|but|and no|or no|though|problem|worries|doubt|matter|idea)\b|[ ,.]{0,3}(?:但|不过|可是|吗|么|呢|还是|问题))/;

function leading(said: Said) {
  const text = said.text.trimStart();
  const skipped = said.text.length - text.length;
  for (const [start, value] of [
    [YES, true],
    [NO, false],
  ] as const) {
    const match = start.exec(text)?.[0];
    if (match === undefined) continue;
    if (REVERSAL.test(text.substring(match.length, match.length + 24))) return undefined;
    return { value, confidence: 0.8, from: skipped, to: skipped + match.length };
  }
  return undefined;
}
