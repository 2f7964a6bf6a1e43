import type { Choice, Phrase } from './control.ts';

/** What the house says to a customer who waits for a human, in her language. `{opens}` is when the team is there again. */
const TEXTS: Readonly<Record<string, Readonly<Record<Phrase | 'closed_for_good' | Choice, string>>>> = {
  en: {
    closed: 'Our team is back on {opens}. What would you like?',
    closed_for_good: 'Our team is not there at the moment. What would you like?',
    long_wait: 'I am sorry, this takes longer than it should. What would you like?',
    still_waiting: 'Thank you. A colleague will write to you here.',
    unreachable: 'I cannot reach our team just now. You keep your place, and a colleague will write to you here.',
    filed: 'I have left a message for our team. You will get an answer here.',
    called_back: 'I have asked our team to call you back.',
    wait: 'Keep waiting',
    ticket: 'Leave a message',
    callback: 'Call me back',
  },
  zh: {
    closed: '人工客服将于{opens}上班。您希望怎样处理？',
    closed_for_good: '目前没有人工客服在线。您希望怎样处理？',
    long_wait: '抱歉让您久等了。您希望怎样处理？',
    still_waiting: '谢谢，同事稍后会在此回复您。',
    unreachable: '暂时联系不上人工客服。您的排队位置会保留，同事稍后会在此回复您。',
    filed: '已为您留言，我们会在此回复您。',
    called_back: '已请同事给您回电。',
    wait: '继续等待',
    ticket: '留言',
    callback: '请回电',
  },
};

const CHOICES: readonly Choice[] = ['wait', 'ticket', 'callback'];
const TOKEN = 'desk.';

export interface Place {
  readonly locale: string;
  /** Where the team is: it says when it opens by its own clock. */
  readonly zone: string;
}

export function phraseOf(phrase: Phrase, place: Place, opens?: number): string {
  if (phrase !== 'closed') return textsFor(place.locale)[phrase];
  if (opens === undefined) return textsFor(place.locale).closed_for_good;
  return textsFor(place.locale).closed.replace('{opens}', () => openingIn(place, opens));
}

/** Buttons; their tokens belong to the desk and to no offer of the bot's. */
export function choicesIn(locale: string): { readonly token: string; readonly label: string }[] {
  const texts = textsFor(locale);
  return CHOICES.map((choice) => ({ token: `${TOKEN}${choice}`, label: texts[choice] }));
}

export function choiceOf(token: string): Choice | undefined {
  return CHOICES.find((choice) => token === `${TOKEN}${choice}`);
}

/** The same in words, or by its number: not every app has buttons. */
export function choiceIn(text: string, locale: string): Choice | undefined {
  const said = text.trim().toLowerCase();
  const texts = textsFor(locale);
  return CHOICES.find((choice, index) => said === String(index + 1) || said === texts[choice].toLowerCase());
}

function openingIn({ locale, zone }: Place, opens: number): string {
  return new Intl.DateTimeFormat(locale.startsWith('zh') ? 'zh' : locale, {
    timeZone: zone,
    ...{ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  }).format(opens);
}

function textsFor(locale: string) {
  const language = Object.keys(TEXTS).find((known) => locale.startsWith(known)) ?? 'en';
  return TEXTS[language] as (typeof TEXTS)[string];
}
