import { type Extract, type Found, only } from './found.ts';

const ADDRESS =
  /(?<![\w@.])(?:https?:\/\/[^\s<>"'\u3000-\uffef]{3,1000}|(?:www\.|(?=[a-z0-9-]{1,63}\.(?:com|org|net|cn|de|io|co|eu|uk|shop)\b))[a-z0-9.-]{3,200}(?:\/[^\s<>"'\u3000-\uffef]{0,800})?)/gi;

/** A web address. Only http and https: whoever opens it must not be handed `javascript:`. */
export const extractUrl: Extract = (said) => {
  const found: Found[] = [];
  for (const match of said.original.matchAll(ADDRESS)) {
    const typed = match[0].replace(/[.,;:!?)\]]{1,5}$/, '');
    const full = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
    if (!URL.canParse(full) || !new URL(full).hostname.includes('.')) continue;
    found.push({ value: full, confidence: 0.95, from: 0, to: said.text.length });
  }
  return only(said, found);
};
