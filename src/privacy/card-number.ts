import type { Event } from '../event.ts';

/**
 * Payment card numbers that customers send unasked. They must reach no disk, no log, no model and no agent (PCI DSS 4.2.2), so they are
 * masked before an event is accepted; the last four digits stay, by which she knows her card.
 */
export function withoutCards(event: Event): Event {
  if (event.kind === 'form' && event.values !== undefined) {
    const values = Object.entries(event.values).map(([name, text]) => [name, maskCards(text)] as const);
    return { ...event, values: Object.fromEntries(values) };
  }
  if (event.kind !== 'message') return event;
  const text = maskCards(event.text);
  return text === event.text ? event : { ...event, text };
}

export function maskCards(text: string): string {
  if (!MANY_DIGITS.test(text)) return text;
  return text.replace(CANDIDATE, (found) => {
    const digits = found.normalize('NFKC').replace(/\D/g, '');
    return isCard(digits) ? `•••• ${digits.slice(-4)}` : found;
  });
}

const MANY_DIGITS = /(?:\p{Nd}[ -]?){13}/u;
/** 13 to 19 digits as people write them: bare, or in groups, full-width ones too. Longer runs are something else. */
const CANDIDATE = /(?<![\d０-９-])[\d０-９](?:[ -]?[\d０-９]){12,18}(?![ -]?[\d０-９])/g;

/** First digits of the card networks (ISO/IEC 7812): order numbers and phone numbers rarely begin so and pass the check digit too. */
const NETWORKS =
  /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|3(?:0[0-5]|[68])|35|6(?:011|4[4-9]|5|2)|50|5[6-8]|6[0-9])/;

export function isCard(digits: string): boolean {
  return NETWORKS.test(digits) && passesLuhn(digits);
}

/** ISO/IEC 7812-1: every second digit from the right doubled, the sum divisible by ten. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
