/** "Please stop sending me these messages": a wish not to be written to, in free wording. The single words are in the phrase tables. */
import type { Said } from './said.ts';

const ENGLISH =
  /\b(?:stop|don'?t|do not|quit|never)(?: ever| please)? (?:text|texting|message|messaging|contact|contacting|spam|spamming|write|writing)(?: to)? (?:me|us|this number)\b|\b(?:stop|don'?t|do not|quit)(?: ever)? send(?:ing)? (?:me |us )?(?:these |any |more |any more |your )?(?:messages|texts|sms|spam|notifications)\b|\b(?:unsubscribe|opt) (?:me|out)\b|\bremove me from (?:your|this|the) list\b/;
const HAN =
  /(?:别|不要|停止)再?(?:给我|向我)?(?:发|推送)(?:这些|任何)?(?:消息|短信|信息|广告|通知)|(?:别|不要)再?(?:联系|打扰|骚扰)我/;

export function asksToStop(said: Said): boolean {
  return ENGLISH.test(said.text) || HAN.test(said.text);
}
