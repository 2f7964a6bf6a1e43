import type { Consent } from '#channel';

/**
 * What a customer may say anywhere and at any time by law: stop writing to me, write again, who are you? Read by fixed words before
 * any flow or model sees the message (CTIA Messaging Principles 5.1.3; FCC 47 CFR 64.1200(a)(10): any reasonable wording counts).
 */
export type ConsentWord = Consent['word'];

/** The words that Twilio itself answers, and blocks or opens the number for: the whole message, in any case. */
const TWILIO: Readonly<Record<string, ConsentWord>> = {
  ...words('stop', 'stop stopall unsubscribe cancel end quit revoke optout'),
  ...words('start', 'start unstop'),
  ...words('yes', 'yes'),
  ...words('help', 'help info'),
};

const OURS: Readonly<Record<string, Own>> = {
  ...listed('stop', 'en', 'opt out|opt-out|stop all'),
  ...listed('stop', 'zh', '退订|取消订阅|停止|停|停止发送|退訂|取消訂閱|td|tdhf|拒收'),
  ...listed('stop', 'es', 'alto|parar|baja|cancelar|detener|no más|darme de baja|dar de baja'),
  ...listed('start', 'en', 'resubscribe|subscribe|optin|opt in|opt-in|start again'),
  ...listed('start', 'zh', '订阅|重新订阅|恢复订阅|恢復訂閱|开始接收'),
  ...listed('start', 'es', 'suscribir|suscribirme|reanudar|alta'),
  ...listed('help', 'zh', '帮助|幫助'),
  ...listed('help', 'es', 'ayuda'),
};

interface Own {
  readonly word: ConsentWord;
  readonly locale: string;
}

/** Inside a sentence, spelt as {@link folded} does. Every repetition is bounded. */
const STOPPING: readonly (readonly [locale: string, pattern: RegExp])[] = [
  [
    'en',
    /\b(?:stop|quit|cease|don'?t|do not|never)(?: ever)?(?: please)? (?:text|texting|texts|messag|messaging|message|contact|contacting|spam|spamming|sms)(?:ing)?(?: to)? (?:me|us|this number|my (?:phone|number))\b/,
  ],
  [
    'en',
    /\b(?:stop|quit|don'?t|do not)(?: ever)? send(?:ing)? (?:me |us )?(?:these |any |more |any more |your |all )?(?:text |sms )?(?:messages|texts|sms|spam|notifications|alerts)\b/,
  ],
  [
    'en',
    /\b(?:stop|no more|end|cancel)(?: all)?(?: these| the| your)? (?:messages|texts|text messages|sms|texting|messaging)(?: please)?$/,
  ],
  ['en', /^(?:please )?(?:stop|unsubscribe)(?: it| this| now| please| me| already)?(?: please)?$/],
  ['en', /\b(?:unsubscribe|opt) (?:me|us|out)\b/],
  [
    'en',
    /\b(?:remove|take|delete) (?:me|my (?:phone )?number|this number) (?:from|off)(?: of)? (?:your|this|the|all)(?: \w{1,12})? lists?\b/,
  ],
  ['en', /\b(?:leave me alone|lose my number|wrong number,? (?:please )?stop)\b/],
  [
    'zh',
    /(?:别|不要|不想|停止|请勿|勿)(?:再)?(?:给我|向我|往我这|收到)?(?:发送?|推送|收到)(?:我)?(?:这些|任何|你们的)?(?:消息|短信|信息|广告|通知|了)/,
  ],
  [
    'zh',
    /(?:别|不要|请勿|勿)(?:再)?(?:联系|打扰|骚扰|发)我|(?:我要|我想|请|帮我)(?:给我)?(?:退订(?!单)|取消订阅|退訂(?!單))/,
  ],
  ['es', /\bno (?:quiero|deseo) (?:recibir )?(?:mas )?(?:mensajes|textos|sms)\b|\bno mas (?:mensajes|textos|sms)\b/],
  ['es', /\b(?:dej[ea]n?|par[ae]n?)(?: ya)? de (?:enviarme|mandarme|escribirme|molestarme|contactarme|textearme)\b/],
  [
    'es',
    /\bno (?:me )?(?:escriban|escribas|envien|envies|manden|mandes|contacten|molesten)(?: me)?(?: mas)?(?: (?:mensajes|textos|sms))?(?: mas)?$/,
  ],
  ['es', /\b(?:darme|denme|dame|quiero darme) de baja\b|\bcancelar (?:mi |la )?suscripcion\b/],
];

/** A message that speaks of something else beside it: "don't stop texting me", "did you stop sending messages?" */
const MEANT_OTHERWISE =
  /\b(?:don'?t|do not|never|why did you|did you|did i|didn'?t) (?:stop|unsubscribe|opt)\b|\bno (?:dejes|dejen) de\b|(?:别|不要)(?:停止|退订)|(?:怎么|如何|为什么).{0,6}(?:退订|取消订阅)/;

export interface Understood extends Own {
  /** Twilio knows the word, too, and may have answered it. */
  readonly known: boolean;
}

export function consentWordOf(text: string): Understood | undefined {
  const said = folded(text);
  const bare = said.replaceAll(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');
  if (said.length > LONGEST || bare === '') return undefined;
  const known = Object.hasOwn(TWILIO, bare) ? TWILIO[bare] : undefined;
  // "Stop!" is ours alone: Twilio compares the whole message.
  if (known !== undefined) return { word: known, locale: 'en', known: said === bare };
  const own = Object.hasOwn(OURS, bare) ? OURS[bare] : undefined;
  if (own !== undefined) return { ...own, known: false };
  if (MEANT_OTHERWISE.test(bare)) return undefined;
  const [locale] = STOPPING.find(([, pattern]) => pattern.test(bare)) ?? [];
  return locale === undefined ? undefined : { word: 'stop', locale, known: false };
}

/** A wish to be left alone is short; in a long text the words are likely about something else. */
const LONGEST = 160;

/** One spelling for all: full-width letters, capitals, accents, curly apostrophes, what cannot be seen. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .replaceAll(/[‘’]/g, "'")
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function words(word: ConsentWord, list: string): Record<string, ConsentWord> {
  return Object.fromEntries(list.split(' ').map((each) => [each, word]));
}

function listed(word: ConsentWord, locale: string, list: string): Record<string, Own> {
  return Object.fromEntries(list.split('|').map((each) => [folded(each), { word, locale }]));
}
