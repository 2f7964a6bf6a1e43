/** "Thanks!" after all is done is no new question, and brings nobody back from her next customer. */

const THANKS =
  /^(?:(?:ok(?:ay)?|great|perfect|super|cool|alright|bye|good ?bye|cheers|thx|ty|tysm|got it|(?:many |a lot of )?thanks?(?: you)?(?: (?:so|very) much| a lot| again| for (?:your|the) help)?|much appreciated|you too|have a (?:nice|good|great) (?:day|one|evening|weekend)|好的?|好滴|嗯|行|可以|收到|明白了?|知道了|谢谢(?:您|你|啦|了)?|多谢|感谢(?:您|你)?|太感谢了|再见|拜拜|辛苦了)[\s,.!~，。！～、]*)+$/iu;
const SYMBOLS = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f/gu;
/** Nobody says thank you at greater length without saying something else, too. */
const LENGTH = 120;

/** Nothing but thanks, a goodbye, a nod or an emoji. */
export function isBareThanks(text: string): boolean {
  const words = text
    .slice(0, LENGTH + 1)
    .replace(SYMBOLS, ' ')
    .trim();
  if (words.length > LENGTH) return false;
  return words === '' ? text.trim() !== '' : THANKS.test(words);
}
