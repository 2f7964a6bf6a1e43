import type { Bubble, Button, Phone } from '../../src/simulator.ts';
import { mailsTo, readCode } from './mailbox.ts';
import type { Neighbour } from './neighbours.ts';
import { until } from './process.ts';
import type { Town } from './town.ts';

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Where she lives, as far as she needs it. */
type Place = Pick<Town, 'mailbox' | 'complaints'>;

/**
 * A customer with an app in her hand. She sees what her screen shows and nothing else: she taps where there are buttons, and writes a
 * number where there are only words. Bubbles are read once, in order.
 */
export class Shopper {
  readonly has: Neighbour;
  readonly phone: Phone;
  /** Forms that she has filled in. */
  forms = 0;
  readonly #town: Place;
  /** How far she has read: a bubble of the bot's, and the letters of it. */
  #read = { bubble: 0, letter: 0 };

  constructor(phone: Phone, has: Neighbour, town: Place) {
    this.phone = phone;
    this.has = has;
    this.#town = town;
  }

  /** Follows the account, installs the bot, presses Start: where the app has such a thing. */
  async opens(): Promise<void> {
    await this.phone.open?.();
  }

  async says(text: string): Promise<void> {
    await this.phone.write(text);
  }

  async sendsAPhoto(): Promise<void> {
    await this.phone.attach?.({ name: 'mug.png', type: 'image/png', bytes: PHOTO });
  }

  /** Waits for these words behind those that she has heard. The words themselves. */
  async hears(words: string | RegExp): Promise<string> {
    let found: string | undefined;
    await until(
      () => {
        found = this.#find(words);
        return found !== undefined;
      },
      () => `${words} in\n${this.heard.join('\n— ')}\n${this.#town.complaints()}`,
      45_000,
    );
    return found ?? '';
  }

  /** Gives her address, and the code that is mailed to it. */
  async proves(ask: string, sent: string): Promise<void> {
    const { email } = this.has;
    const seen = (await mailsTo(this.#town.mailbox, email)).length;
    await this.hears(ask);
    await this.says(email);
    await this.hears(sent);
    await this.says(await readCode(this.#town.mailbox, email, seen));
  }

  /** Takes the newest answer on offer that begins so: by a tap, from a list, or by its number. */
  async picks(label: string): Promise<void> {
    const bubbles = this.phone.screen.filter(({ from }) => from === 'bot').toReversed();
    const taken = bubbles.map((bubble) => takeFrom(bubble, label)).find((way) => way !== undefined);
    if (taken === undefined) throw new Error(`Nobody offers "${label}":\n${this.heard.join('\n— ')}`);
    if ('number' in taken) await this.says(taken.number);
    else await this.phone.tap(taken.bubble, taken.button, taken.chosen);
  }

  /** Answers several questions: in the form of this name, where her app shows one, else one after the other. */
  async answers(name: string, answers: Readonly<Record<string, string>>): Promise<void> {
    const [question = ''] = Object.keys(answers);
    const heard = await this.hears(new RegExp([name, question].map(literally).join('|')));
    if (heard === name) return this.#fillsIn(answers);
    for (const [asked, answer] of Object.entries(answers)) {
      if (asked !== question) await this.hears(asked);
      const [newest] = this.phone.screen.filter(({ from }) => from === 'bot').slice(-1);
      if (newest && takeFrom(newest, answer)) await this.picks(answer);
      else await this.says(answer);
    }
  }

  /** The form stands in the newest bubble, or opens when its button is tapped. */
  async #fillsIn(answers: Readonly<Record<string, string>>): Promise<void> {
    const opener = this.phone.screen
      .at(-1)
      ?.buttons?.flat()
      .find(({ fields, url }) => !fields && !url);
    if (opener) await this.phone.tap(this.phone.screen.at(-1)?.id ?? '', opener.id);
    let form: { bubble: Bubble; button: Button } | undefined;
    await until(
      () => {
        form = formIn(this.phone.screen);
        return form !== undefined;
      },
      () => `a form in\n${this.heard.join('\n— ')}\n${this.#town.complaints()}`,
      45_000,
    );
    if (form === undefined) return;
    const fields = form.button.fields ?? [];
    const filled = Object.entries(answers).map(([label, answer]) => {
      const field = fields.find((each) => begins(each.label, label));
      const option = field?.options?.find((each) => begins(each.label, answer));
      return [field?.name ?? label, option?.value ?? answer] as const;
    });
    await this.phone.tap(form.bubble.id, form.button.id, Object.fromEntries(filled));
    this.forms += 1;
  }

  /** The bot's words. */
  get heard(): readonly string[] {
    return this.phone.screen.filter(({ from }) => from === 'bot').map(wordsOf);
  }

  #find(words: string | RegExp): string | undefined {
    for (let at = this.#read.bubble; at < this.heard.length; at++) {
      const from = at === this.#read.bubble ? this.#read.letter : 0;
      const text = (this.heard[at] ?? '').slice(from);
      const [found] = typeof words === 'string' ? [text.includes(words) ? words : ''] : (words.exec(text) ?? ['']);
      if (found === '') continue;
      this.#read = { bubble: at, letter: from + text.indexOf(found) + found.length };
      return found;
    }
    return undefined;
  }
}

function formIn(screen: readonly Bubble[]): { bubble: Bubble; button: Button } | undefined {
  const bubble = screen.at(-1);
  const button = bubble?.buttons?.flat().find(({ fields = [] }) => fields.length > 1);
  return bubble && button && { bubble, button };
}

type Way =
  | { readonly bubble: string; readonly button: string; readonly chosen?: Readonly<Record<string, string>> }
  | { readonly number: string };

function takeFrom(bubble: Bubble, label: string): Way | undefined {
  const buttons = [...(bubble.buttons ?? []).flat(), ...(bubble.cards ?? []).flatMap((card) => card.buttons ?? [])];
  const number = numberOf(label, bubble);
  // Where a label is too long for a button, the button has its number.
  const button = buttons.find((each) => each.url === undefined && (begins(each.label, label) || each.label === number));
  if (button !== undefined) return { bubble: bubble.id, button: button.id };
  const way = buttons.map((each) => listed(bubble, each, label)).find((each) => each !== undefined);
  return way ?? (number === undefined ? undefined : { number });
}

function listed(bubble: Bubble, { id: button, fields = [] }: Button, label: string): Way | undefined {
  for (const { name, options = [] } of fields) {
    const option = options.find((each) => begins(each.label, label));
    if (option !== undefined) return { bubble: bubble.id, button, chosen: { [name]: option.value } };
  }
  return undefined;
}

function numberOf(label: string, bubble: Bubble): string | undefined {
  const lines = wordsOf(bubble).split('\n');
  return lines.map((line) => /^(\d+)\. (.*)$/.exec(line)).find((line) => line && begins(line[2] ?? '', label))?.[1];
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** In letters and digits: an SMS has other punctuation. */
function begins(whole: string, label: string): boolean {
  const bare = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '');
  return bare(whole).startsWith(bare(label));
}

function wordsOf({ text, cards = [] }: Bubble): string {
  const said = (runs: Bubble['text']) => runs.map((run) => run.text).join('');
  return [said(text), ...cards.flatMap((card) => [said(card.title), said(card.text ?? [])])]
    .filter((words) => words !== '')
    .join('\n');
}
