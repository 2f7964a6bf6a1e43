import { type Extract, type Found, only } from './found.ts';
import { numerals } from './numeral.ts';

/** The one number of the utterance. Places in a row ("second") are no quantity. */
export const extractNumber: Extract = (said, slot) => {
  const integer = slot.type.kind === 'integer' || (slot.type.kind === 'optional' && slot.type.of.kind === 'integer');
  const found: Found[] = [];
  for (const { value, ordinal, from, to } of numerals(said)) {
    if (ordinal || (integer && !Number.isInteger(value))) continue;
    found.push({ value, confidence: 0.85, from, to });
  }
  return only(said, found);
};
