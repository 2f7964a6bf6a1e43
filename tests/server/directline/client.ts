import { ConnectionStatus, DirectLine } from 'botframework-directlinejs';
import { until } from '../../support/until.ts';
import { Xhr } from './xhr.ts';

Object.assign(globalThis, { XMLHttpRequest: Xhr });

/** As much of an activity as tests look at. */
export interface Heard {
  readonly type: string;
  readonly id: string;
  readonly text?: string;
  readonly from: { readonly id: string; readonly role?: string };
  readonly suggestedActions?: { readonly actions: readonly Action[] };
  readonly attachments?: readonly {
    readonly contentType: string;
    readonly contentUrl?: string;
    readonly content?: {
      readonly buttons?: readonly Action[];
      readonly body?: readonly { readonly choices: readonly { readonly title: string; readonly value: string }[] }[];
    };
  }[];
  readonly [more: string]: unknown;
}

interface Action {
  readonly type: string;
  readonly title: string;
  readonly value: unknown;
}

/** Microsoft's own client, which Web Chat is built on, and all it has heard. */
export class Client {
  readonly directline: DirectLine;
  readonly heard: Heard[] = [];
  status = ConnectionStatus.Uninitialized;
  readonly #end: () => void;

  constructor(options: object) {
    // Its pause before it connects again is three seconds and something; without the something.
    this.directline = new DirectLine({ pollingInterval: 200, random: () => 0, ...options } as never);
    const activities = this.directline.activity$.subscribe(
      (activity) => this.heard.push(activity as unknown as Heard),
      () => undefined,
    );
    const status = this.directline.connectionStatus$.subscribe((now) => {
      this.status = now;
    });
    this.#end = () => {
      activities.unsubscribe();
      status.unsubscribe();
      this.directline.end();
    };
  }

  get conversation(): string {
    return (this.directline as unknown as { conversationId: string }).conversationId;
  }

  get watermark(): string {
    return (this.directline as unknown as { watermark: string }).watermark;
  }

  get texts(): (string | undefined)[] {
    return this.heard.filter(({ type }) => type === 'message').map(({ text }) => text);
  }

  /** What the other side has said. */
  get said(): string[] {
    return this.heard.flatMap(({ from, text }) => (from.role === 'bot' && text !== undefined ? [text] : []));
  }

  post(activity: object): Promise<string> {
    return new Promise((resolve, reject) =>
      this.directline.postActivity(activity as never).subscribe(resolve, (error: unknown) => reject(error)),
    );
  }

  say(text: string, clientActivityID?: string): Promise<string> {
    return this.post({ type: 'message', from: { id: 'anna' }, text, channelData: { clientActivityID } });
  }

  /** Taps the last button of that label, and posts what Web Chat posts then. */
  tap(label: string): Promise<string> {
    const action = this.heard
      .flatMap(({ suggestedActions }) => suggestedActions?.actions ?? [])
      .findLast(({ title }) => title === label);
    if (action === undefined) throw new Error(`no button ${label} in ${JSON.stringify(this.heard.at(-1))}`);
    return this.post({
      type: 'message',
      from: { id: 'anna' },
      text: label,
      value: action.value,
      channelData: { messageBack: { displayText: label } },
    });
  }

  /** Ticks these of the last list and submits it. */
  pick(...labels: string[]): Promise<string> {
    const listed = this.heard
      .flatMap(({ attachments }) => attachments ?? [])
      .flatMap(({ content }) => content?.body ?? [])
      .at(-1)?.choices;
    const tokens = labels.map((label) => listed?.find(({ title }) => title.includes(label))?.value);
    if (tokens.includes(undefined)) throw new Error(`not all of ${labels} in ${JSON.stringify(listed)}`);
    const value = { choice: tokens.join(',') };
    return this.post({ type: 'message', from: { id: 'anna' }, value, channelData: { postBack: true } });
  }

  /** Waits until the other side has said this for the `times`-th time; the whole text. */
  async hears(words: string | RegExp, times = 1): Promise<string> {
    const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
    await until(
      () => this.said.filter(fits).length >= times,
      () => `${words} in\n${this.texts.join('\n')}`,
      15_000,
    );
    return this.said.filter(fits)[times - 1] ?? '';
  }

  /** Waits for her own words, or anybody's. */
  async sees(text: string): Promise<void> {
    await until(
      () => this.texts.includes(text),
      () => `${text} in\n${this.texts.join('\n')}`,
    );
  }

  end(): void {
    this.#end();
  }
}
