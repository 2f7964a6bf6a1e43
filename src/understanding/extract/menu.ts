/** "2", "２.", "option 2", "the second one", "No. 2", "第二个", "最后一个": a place in what was offered, and nothing else. */
import { keyFor, Said } from '../said.ts';
import { numerals } from './numeral.ts';

const ENGLISH =
  /^(?:(?:option|options|number|no|nr|choice|item|answer|the|its|it is|i|ill|id|take|want|choose|chose|pick|select|go with|will|would|like|please|lets|say) ){0,6}((?:\d{1,3}|[a-z]{3,9})(?:st|nd|rd|th)?)(?: (?:one|option|choice|item|please|thanks|pls)){0,3}$/;
/** "the second bill": a place may be named with what is listed, a mere number may not ("2 mugs"). */
const NAMED =
  /^(?:(?:its|it is|i|want|take|choose|pick|the|my) ){0,4}(first|second|third|fourth|fifth|sixth|\d{1,2}(?:st|nd|rd|th)) (?!of|and|or|time)[a-z]{2,15}$/;
const HAN =
  /^(?:请|我|想|要|选择|选项|选|就|那|是|用|点|看|的){0,5}(第?[零一二两三四五六七八九十\d]{1,4})(?:个|项|号|款|种|条|样|件|只|单|笔|期|张|行|份|套|双|包|次)?(?:的|吧|就好|就行|谢谢|啊|哦){0,2}$/;
const LAST = new Set([
  'last',
  'last one',
  'the last',
  'the last one',
  'the last option',
  'last option',
  '最后一个',
  '最后那个',
  '最后一项',
  '最后一条',
  '选最后一个',
  '最后的',
]);

const LAST_BUT_ONE = /^(?:the )?(?:second (?:to )?last|last but one)(?: one| option)?$|^倒数第二[个项条]?$/;

/** 1-based, or undefined when it is no place among so many. */
export function menuPlace(key: string, count: number): number | undefined {
  if (count === 0 || key.length > 60) return undefined;
  if (LAST.has(key)) return count;
  if (LAST_BUT_ONE.test(key)) return count > 1 ? count - 1 : undefined;
  const spoken = ENGLISH.exec(key)?.[1] ?? NAMED.exec(key)?.[1] ?? HAN.exec(key)?.[1];
  if (spoken === undefined) return undefined;
  const simple = /^\d{1,3}$/.test(spoken) ? Number(spoken) : placeOf(spoken);
  return simple !== undefined && Number.isInteger(simple) && simple >= 1 && simple <= count ? simple : undefined;
}

/** Was a place named as such ("option 2", "the second"), and not a mere number? */
export function isExplicitPlace(text: string): boolean {
  const key = keyFor(text);
  return /^(?:the )?(?:option|choice|item) |第|\d(?:st|nd|rd|th)\b|(?:first|second|third|fourth|fifth|last)\b/.test(
    key,
  );
}

function placeOf(spoken: string): number | undefined {
  const said = new Said(spoken);
  const [first, ...more] = numerals(said);
  if (first === undefined || more.length > 0) return undefined;
  return first.to === said.text.length ? first.value : undefined;
}
