import { numberingPlans } from '../../phone-number.ts';

/** One `@`, no spaces or list separators, a domain with a dot: the shape only. Whether it exists, a sent code tells. */
const EMAIL = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]{1,190}$/;

/** The address with its domain in lower case (the part before the `@` may legally depend on case), or nothing. */
export function readEmail(text: string): string | undefined {
  if (!EMAIL.test(text)) return undefined;
  const at = text.indexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  const labels = domain.split('.');
  const complete = labels.length > 1 && labels.every((label) => label !== '') && labels.at(-1)!.length > 1;
  return complete ? `${text.slice(0, at)}@${domain}` : undefined;
}

/**
 * E.164 (`+14155550132`) of a number that carries its country code, or nothing: a bare national number could be
 * anybody's. Only the length is checked, not the block: new blocks are opened faster than metadata ships.
 */
export function readPhone(text: string): string | undefined {
  if (!text.startsWith('+') || text.length > 40) return undefined;
  const number = numberingPlans().parsePhoneNumberFromString(text);
  return number?.isPossible() ? number.number : undefined;
}

/** The normal form of a web address, or nothing. No `javascript:`, and no `user:password@`, which exists to mislead. */
export function readUrl(text: string): string | undefined {
  if (text.length > 2_048) return undefined;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return url.username === '' && url.password === '' ? url.href : undefined;
}
