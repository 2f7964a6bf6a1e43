/**
 * Small words that turn what a sentence says: not, only, at least, must, unless, we for you. A sentence in other words that has another
 * set of them says something else. English and Chinese; read from the text without its figures.
 */
export interface Senses {
  /** How often it denies. */
  readonly denials: number;
  /** Those that must be the same on both sides. */
  readonly turns: ReadonlySet<Turn>;
  /** Under which condition, and what is left out: true of the whole sentence, whichever part is retold. */
  readonly limits: ReadonlySet<Limit>;
  readonly parties: ReadonlySet<'we' | 'you'>;
  /** What stands after `from`, `to`, `without` and their like: there a word cannot change places with another. */
  readonly bound: readonly string[];
  /** Answers yes or no to a question that is not there. */
  readonly affirms: boolean;
}

type Turn = keyof typeof TURNS;
type Limit = keyof typeof LIMITS;

export function sensesOf(text: string): Senses {
  let plain = text.normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'");
  const turns = new Set<Turn>();
  // “No more than” denies nothing: it is taken out before denials are counted.
  for (const [turn, pattern] of Object.entries(BOUNDS) as [Turn, RegExp][])
    plain = plain.replace(pattern, () => {
      turns.add(turn);
      return ' ';
    });
  for (const [turn, pattern] of Object.entries(TURNS) as [Turn, RegExp][]) if (pattern.test(plain)) turns.add(turn);
  const limits = (Object.entries(LIMITS) as [Limit, RegExp][]).flatMap(([limit, pattern]) =>
    pattern.test(plain) ? [limit] : [],
  );
  return {
    denials: plain.replace(NO_DENIAL, ' ').match(DENIAL)?.length ?? 0,
    turns,
    limits: new Set(limits),
    parties: new Set([...(WE.test(plain) ? (['we'] as const) : []), ...(YOU.test(plain) ? (['you'] as const) : [])]),
    bound: [...text.matchAll(BOUND)].map(([, by = '', what = '']) => `${by} ${what.slice(0, STEM)}`.toLowerCase()),
    affirms: AFFIRMS.test(plain),
  };
}

const BOUNDS: Partial<Record<Turn, RegExp>> = {
  most: /\bno(?:t)? (?:more|later|longer|older|larger|heavier) than\b|不超过|不多于|不晚于|不得超过/g,
  least: /\bno(?:t)? (?:less|fewer|earlier|younger) than\b|不少于|不低于|不早于/g,
};

const TURNS = {
  most: /\bwithin\b|\bup to\b|\bat most\b|\bmax(?:imum|imal)?\b|\bless than\b|\bfewer than\b|\bunder\b|\bbelow\b|\buntil\b|\btill\b|\bbefore\b|\bat the latest\b|以内|之内|内|最多|最长|至多|以下|之前|以前|截至|不满|低于|少于/,
  least:
    /\bat least\b|\bmin(?:imum|imal)?\b|\bmore than\b|\bover\b|\babove\b|\bafter\b|\bstarting\b|\bfrom\b|\bexceed(?:s|ing)?\b|\bor more\b|至少|最少|以上|之后|以后|后|起|超过|高于|多于|满(?!意)/,
  must: /\bmust\b|\bha(?:ve|s|d) to\b|\bneed(?:s|ed)? to\b|\brequired?\b|\bshould\b|\bshall\b|\bmandatory\b|\bought\b|必须|需要|须|应当|应该|务必|得先/,
  free: /\bfree\b|\bgratis\b|\bno charge\b|\bcosts? nothing\b|免费|免邮|包邮|免运费/,
  always:
    /\balways\b|\ball\b|\bevery\b|\beach\b|\bany(?:time)?\b|\bguarantee[ds]?\b|所有|一切|任何|每|全部|都|均|一律|总是|保证/,
  sometimes:
    /\bsome(?:times)?\b|\busually\b|\boften\b|\bmost\b|\bmany\b|\bnormally\b|\babout\b|\bapprox(?:imately)?\b|\baround\b|\bmight\b|通常|一般|有时|部分|大约|约|左右|可能/,
  gets: /\b(?:gets?|receives?|earns?|wins?|giv(?:e|es|en|ing)|gifts?|rewards?|bonus(?:es)?|compensat\w*)\b|得到|获得|收到|送|赠|领取|返还|赔|奖/,
  less: /\bhalf\b|\bpart(?:ly|ial|ially)?\b|\breduced\b|\bdiscount(?:ed)?\b|部分|折/,
  future: /\bsoon\b|\bno longer\b|\bnot yet\b|\bused to\b|不再|即将|曾/,
} satisfies Record<string, RegExp>;

const LIMITS = {
  if: /\bif\b|\bprovided\b|\bas long as\b|\bin case\b|\bonce\b|\bwhen\b|如果|若|如需|假如|只要|的话|一旦|时[,，]/,
  except:
    /\bunless\b|\bexcept(?:ions?|ing)?\b|\bexclud(?:es?|ed|ing)\b|\bapart from\b|\bother than\b|\bwithout\b|\bhowever\b|\bbut\b|除|例外|但|不含|不包括/,
  only: /\bonly\b|\bsolely\b|\bexclusively\b|\bjust\b|只|仅|才/,
} satisfies Record<string, RegExp>;

const DENIAL =
  /\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|unable|impossible|refus(?:e|es|ed)|declin(?:e|es|ed)|exclud(?:e|es|ed)|den(?:y|ies|ied)|forbidden|prohibited|un(?:available|used|opened|worn|washed))\b|n't\b|不|没|無|无(?!线|论)|未|勿|别(?!的|处)|禁止|拒绝|莫/g;
/** Looks like a denial and is none. */
const NO_DENIAL = /\bno\.\s*\d|不论|无论|特别|分别|级别|区别|类别|差别|识别|个别/g;
const WE = /\b(?:we|us|our|ours)\b|我们|我司|本店|本公司|商家|店家/;
const YOU = /\b(?:you|your|yours|yourself|customers?|buyers?)\b|您|你|顾客|客户|买家|用户/;
const AFFIRMS =
  /^\s*(?:yes|yeah|sure|certainly|of course|correct|exactly|right|no)\b[\s,.!:;–—-]*|^\s*(?:是的|对的|没错|当然|好的|可以的|不是|不可以|不能|不行)[，,。.!！]/;
/** `to` is mostly half of a verb: it counts before a name. */
const BOUND =
  /\b((?:[Ff]rom|[Bb]y|[Tt]han|[Ww]ithout|[Bb]efore|[Aa]fter|[Ii]nto)(?= )|[Tt]o(?= \p{Lu})) (?:the |an? |our |your |any |its )?(\p{L}+)/gu;
const STEM = 5;
