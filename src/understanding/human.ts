/** "I'd rather talk to a real person about this": the wish for a human inside a sentence. Whole phrases are in the tables. */
import type { Said } from './said.ts';

const PERSON =
  'human(?: being)?|person|people|agent|representative|rep|operator|advis[oe]r|employee|supervisor|manager|colleague|staff|specialist|customer (?:service|support|care)|support|somebody|someone|human agent';
const ASKING = new RegExp(
  `\\b(?:talk|speak|chat|connect|transfer|switch|hand|put|get|give|need|want|reach|contact|call|have)(?: (?:me|us|this|over|through|on|to|with|a|an|the|your|my|some|real|live|actual|human|customer|service|support|helpful)){0,6} (?:${PERSON})\\b`,
);
/** "get support", "need someone": too vague without talking. */
const VAGUE =
  /\b(?:need|want|get|give|have|call)(?: (?:me|a|an|the|your|my|some))* (?:someone|somebody|people|person|support|staff|employee)\b/;
const DENIED =
  /\b(?:don'?t|do not|not|never|no need to|without|already) (?:[a-z]{1,9} ){0,3}(?:talk|speak|chat|need|want|get|have)|\b(?:talked|spoke|spoken|chatted)\b/;
const HAN =
  /(?:转|找|接|要|换|叫|呼叫|联系|跟|和)(?:一?个|下|你们的?|到)?(?:人工|真人|客服|人工客服|活人)|人工(?:客服|服务)/;
const HAN_DENIED =
  /(?:不|别|没|无需)(?:用|要|想|需要|必)?(?:转|找|接|换|叫|联系|跟|和)|是不是人工|是人工|找过|联系过|打过/;

export function asksForHuman(said: Said): boolean {
  const { text } = said;
  if (HAN.test(text)) return !HAN_DENIED.test(text);
  const match = ASKING.exec(text);
  if (match === null || VAGUE.test(match[0])) return false;
  return !DENIED.test(text.substring(Math.max(0, match.index - 24), match.index + match[0].length));
}
