/** "No, I meant the lamp", "actually AB999999", "change the reason to damaged", "不对，是灯", "改成三个": a slot that has a value already. */
import { required } from '../type.ts';
import { extract } from './extract/extract.ts';
import type { Found } from './extract/found.ts';
import { Said } from './said.ts';
import type { Command, Context, SlotView } from './understanding.ts';

const OPENING = '(?:(?:oh|oops|wait|hold on|sorry|ah|hmm|no|nope|my bad|my mistake|ups)[,.! ]{1,4}){0,4}';
/** Says that something said before was wrong, whatever comes after. */
const PLAIN = new RegExp(
  `^${OPENING}(?:i meant?|i mean|correction|make (?:it|that)|it should (?:be|have been)|it was supposed to be|i (?:made a mistake|was wrong|mistyped|misspoke)|that(?:'s| is| was) (?:wrong|a mistake|a typo)|(?:(?:can|could|please|i want to|i'd like to|i need to|let me|can i|could you|can you|we)[, ]{1,2}(?:please )?){0,3}(?:change|correct|update|edit|fix|switch|replace) (?:the|my|it|that|this)?)`,
);
/** Says so only together with a value that fits: "actually" opens many a sentence. "No. 2" is a number and denies nothing. */
const FAINT = new RegExp(
  `^(?:${OPENING}(?:actually|rather|instead|not)\\b|(?:oh|oops|wait|sorry|no(?!\\. ?\\d)|nope|ah)[,.! ])|\\b(?:instead|i meant|not [^,.]{1,40},? but)\\b`,
);
const HAN_PLAIN =
  /^(?:哦|啊|等等|等一下|抱歉|不好意思|对不起)?[,.! ]{0,2}(?:不对|不是|错了|我是说|我说的是|我的意思是|应该是|更正)|改成|改为|改一?下|换成|(?:写|说|弄|打|搞|填|输|选)错|更正|修改|纠正/;

export function correction(said: Said, context: Context): Command | undefined {
  if (!context.busy || context.known.length === 0) return undefined;
  const cue = PLAIN.exec(said.text) ?? HAN_PLAIN.exec(said.text);
  const faint = cue === null ? FAINT.exec(said.text) : null;
  const isFree = context.question !== undefined && !context.question.confirm && isFreeText(context.question);
  if (cue === null && (faint === null || isFree)) return undefined;

  const slot = context.known.find((known) => isNamed(said, known));
  const candidates = slot === undefined ? context.known.toReversed() : [slot];
  for (const known of candidates) {
    const found = valueFor(said, known, context, slot !== undefined, cue?.[0] ?? '');
    if (found === undefined) continue;
    const confidence = cue === null ? Math.min(found.confidence, 0.8) : Math.max(found.confidence, 0.8);
    return { do: 'correct', slot: known.name, value: found.value, confidence, span: said.span(found.from, found.to) };
  }
  return slot !== undefined && cue !== null ? { do: 'correct', slot: slot.name, confidence: 0.8 } : undefined;
}

/** What follows the word of change, else the whole: "change the reason from wrong item to damaged" means the latter. */
function valueFor(said: Said, slot: SlotView, context: Context, named: boolean, cue: string): Found | undefined {
  if (isFreeText(slot) && !named) return undefined;
  const kind = required(slot.type).kind;
  if (kind === 'boolean' && !named) return undefined;
  const tail = TAIL.exec(said.text);
  if (tail !== null) {
    const from = said.text.length - (tail[1] ?? '').length;
    const start = said.span(from, from).from;
    const rest = new Said(said.original.slice(start));
    const found = rest.text.trim() === '' ? undefined : extract(rest, slot, context);
    if (found !== undefined) {
      const span = rest.span(found.from, found.to);
      return { ...found, from: forward(said, start + span.from), to: forward(said, start + span.to) };
    }
  }
  if (isFreeText(slot)) return undefined;
  // The words of change are no answer: "change the reason" does not say "I changed my mind".
  const rest = said.text.startsWith(cue) && cue !== '' ? said.text.slice(cue.length) : said.text;
  const found = rest.trim() === '' ? undefined : extract(new Said(rest), slot, context);
  const shift = said.text.length - rest.length;
  return found === undefined ? undefined : { ...found, from: found.from + shift, to: found.to + shift };
}

const TAIL =
  /^.{0,400}?(?:\bto (?!change|correct|update|edit|fix|switch|replace)|\bi meant? |\bi mean |\bmake (?:it|that) |\bit should be |\bit's |\bactually[, ]+|改成|改为|换成|应该是|我是说|我说的是|而是|[,. ]是)(.{1,400})$/;

/** A place in the original back to one in the normalised text: the first that came from there. */
function forward(said: Said, original: number): number {
  for (let at = Math.min(original, said.text.length); at <= said.text.length; at++)
    if (said.span(at, at).from >= original) return at;
  return said.text.length;
}

function isFreeText(slot: SlotView): boolean {
  const { kind } = required(slot.type);
  const typed = slot.pattern !== undefined || (slot.choices?.length ?? 0) > 0;
  return !typed && (kind === 'text' || kind === 'string' || kind === 'any');
}

/** Is the slot called by its name, as in "the reason", "my e-mail", "order number"? */
function isNamed(said: Said, slot: SlotView): boolean {
  const key = ` ${said.key} `;
  const words = slot.name
    .toLowerCase()
    .split('_')
    .filter((word) => word !== 'id');
  if (words.length > 0 && words.every((word) => key.includes(` ${word} `) || key.includes(` ${word}s `))) return true;
  return (NAMES[required(slot.type).kind] ?? []).some((word) => key.includes(word));
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  email: [' email ', ' e mail ', ' mail ', '邮箱', '邮件'],
  phone: [' phone ', ' telephone ', ' mobile ', '电话', '手机'],
  date: [' date ', ' day ', '日期'],
};
