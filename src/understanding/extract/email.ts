import { type Extract, type Found, only } from './found.ts';

const LOCAL = /[a-z0-9._%+'-]{1,64}$/;
const DOMAIN = /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/;

/** An e-mail address, lower case: mailboxes that tell "Ann" from "ann" apart are not met in practice, and look-ups must agree. */
export const extractEmail: Extract = (said) => {
  const text = said.text.includes('@') ? said.text : spoken(said.text);
  const found: Found[] = [];
  for (let at = text.indexOf('@'); at >= 0 && found.length < 10; at = text.indexOf('@', at + 1)) {
    const local = LOCAL.exec(text.substring(Math.max(0, at - 64), at))?.[0].replace(/^[.'-]+/, '');
    const domain = DOMAIN.exec(text.substring(at + 1, at + 256))?.[0];
    if (!local || local.endsWith('.') || local.includes('..') || domain === undefined) continue;
    if (text === said.text)
      found.push({ value: `${local}@${domain}`, confidence: 1, from: at - local.length, to: at + 1 + domain.length });
    else found.push({ value: `${local}@${domain}`, confidence: SPOKEN, from: 0, to: said.text.length });
  }
  return only(said, found);
};

const SPOKEN = 0.85;

/** "ann at example dot com". */
function spoken(text: string): string {
  if (!text.includes(' at ') || !text.includes(' dot ')) return text;
  return text.replaceAll(' at ', '@').replaceAll(' dot ', '.');
}
