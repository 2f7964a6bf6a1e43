import type { Said } from '../said.ts';
import { type Extract, type Found, whole } from './found.ts';

/** Free text is taken as it was said. */
export const extractText: Extract = (said) => {
  const text = said.original.trim();
  return text === '' ? undefined : whole(said, text, 0.7);
};

/** A short line, such as a name. A longer one was not an answer to a short question. */
export const extractString: Extract = (said, slot): Found | undefined => {
  const text = said.original.trim();
  if (text === '' || text.length > 120) return undefined;
  const lead = leadLength(said, `${slot.name} ${slot.description ?? ''}`);
  const value = said.original
    .slice(lead)
    .trim()
    .replace(/[.。!！]+$/, '');
  return value === '' ? whole(said, text, 0.6) : { value, confidence: 0.6, from: lead, to: said.text.length };
};

const LEAD =
  /^\s*(?:it's|its|it is|that's|that is|my ([a-z]{2,20}) is|the ([a-z]{2,20}) is|i'm|i am|call me|我叫|我是|叫|名字是|是)\s*(?=\S)/;

/** "my name is Anna" → where "Anna" begins; "my dog is ill" is left alone when no dog was asked for. */
function leadLength(said: Said, about: string): number {
  const match = LEAD.exec(said.text);
  if (match === null) return 0;
  const noun = match[1] ?? match[2];
  const asked = about.toLowerCase();
  if (noun !== undefined && !asked.includes(noun)) return 0;
  if (/i'm|i am|call me|我|叫/.test(match[0]) && !/name|姓名|名字/.test(asked)) return 0;
  return said.span(match[0].length, match[0].length).from;
}
