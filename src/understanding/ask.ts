import type { Said } from './said.ts';

const ENGLISH =
  /^(?:(?:hi|hey|hello|please|ok|so|and|but|also|sorry|excuse me|by the way|btw|yes|yeah|no|nope|sure|quick question)[,. ]{1,3}){0,4}(?:what|whats|what's|how|why|when|where|where's|who|which|whose|can|could|do|does|did|is|are|am|was|were|will|would|should|may|shall|has|have|any|tell me|i want to know|i wonder|i'd like to know|explain)\b/;
const HAN =
  /吗|么[?？]?$|呢[?？]?$|怎么|怎样|如何|什么|为啥|为何|多少|多久|多长|几[天点号个时]|哪|谁|是否|能不能|可不可以|会不会|是不是|有没有|啥时/;

/** Does it ask something? */
export function isQuestion(said: Said): boolean {
  const text = said.text.trim();
  return text.endsWith('?') || ENGLISH.test(text) || HAN.test(text);
}
