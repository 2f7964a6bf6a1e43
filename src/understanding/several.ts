import type { Command, Context, Understanding } from './understanding.ts';

/**
 * Two wishes in one message: “Where is my order, and I also want to return the mug”. Each part is understood by itself where she says herself
 * that she comes to something else, and where the parts clearly start different flows she is asked with which to begin: none is lost without
 * a word. What she says within one wish is left whole, and while a flow is at work nothing is parted: there it may be an answer.
 */
export function hearingSeveral(understanding: Understanding): Understanding {
  return {
    ...understanding,
    understand(text, context) {
      const whole = understanding.understand(text, context);
      if (context.busy || context.question !== undefined || !whole.some(isWish)) return whole;
      const flows = wishesIn(text, context, understanding);
      return flows.length < 2 ? whole : [{ do: 'clarify', flows: flows.slice(0, MOST) }];
    },
  };
}

/** What each part clearly starts, in the order said. Empty where there are no parts. */
function wishesIn(text: string, context: Context, { understand }: Understanding): string[] {
  const parts = text.split(BREAKS).filter((part) => lettersIn(part) >= LEAST);
  if (parts.length < 2) return [];
  const started = parts.flatMap((part) =>
    understand(part, context).flatMap((command) =>
      command.do === 'start' && command.confidence >= SURE ? [command.flow] : [],
    ),
  );
  return [...new Set(started)];
}

function isWish({ do: move }: Command): boolean {
  return move === 'start' || move === 'clarify';
}

/** Letters; a Chinese character counts for three. */
function lettersIn(part: string): number {
  return [...part].reduce(
    (sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 3 : /\p{L}/u.test(letter) ? 1 : 0),
    0,
  );
}

/** Where somebody says that something else follows. */
const BREAKS =
  /[\s,.;!?，。；！？]*(?:\b(?:and|but|oh),? (?:i |we )?also\b|\b(?:i|we)(?:'\w+| would| have)? also\b|\b(?:besides|in addition|additionally|on top of that|by the way|apart from that)\b|\band another thing\b|\banother question\b|另外|还有|顺便|此外|同时还|再就是|也想)[\s,，:：]*/iu;
const LEAST = 8;
/** A part has less to go by than a whole message, and must be the surer for it. */
const SURE = 0.5;
const MOST = 3;
