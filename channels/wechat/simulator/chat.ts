import { Quota } from './quota.ts';

/** What stands on a follower's screen. */
export interface Shown {
  readonly id: string;
  readonly from: 'me' | 'account' | 'system';
  /** As the account wrote it: with its links. */
  readonly text: string;
  readonly menu?: readonly Entry[];
  readonly article?: Article;
  /** A picture's or a file's media id. */
  readonly media?: string;
  /** As the answer to a webhook. */
  readonly passive?: true;
  readonly at: number;
}

/** A line that can be tapped: it is said with its id beside it. */
export interface Entry {
  readonly id: string;
  readonly content: string;
}

export interface Article {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly picurl: string;
}

/** A conversation between the account and one person. */
export class Chat {
  readonly openid: string;
  readonly shown: Shown[] = [];
  readonly quota: Quota;
  following = false;
  /** Served by people in WeChat's own customer service: what she says goes to them. */
  served = false;
  /** How often the account has shown that it types. */
  typing = 0;
  readonly #listeners = new Set<() => void>();

  constructor(openid: string, now: () => number) {
    this.openid = openid;
    this.quota = new Quota(now);
  }

  /** The account's words, in order. */
  get heard(): readonly string[] {
    return this.shown.filter(({ from }) => from === 'account').map(wordsOf);
  }

  add(shown: Shown): void {
    this.shown.push(shown);
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** As she reads it: without the markup of links, and with what a menu or an article says. */
export function wordsOf({ text, menu = [], article }: Shown): string {
  const plain = text.replaceAll(/<a [^>]*>([^<]*)<\/a>/g, '$1');
  const card = article === undefined ? [] : [article.title, article.description];
  return [plain, ...menu.map(({ content }) => content), ...card].filter((line) => line !== '').join('\n');
}

const TAP = /<a href="weixin:\/\/bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">[^<]*<\/a>/g;

/** Everything in a message that can be tapped and says something: the entries of a menu, and links that are as good as one. */
export function entriesOf({ text, menu = [] }: Shown): readonly Entry[] {
  const links = [...text.matchAll(TAP)].map(([, content = '', id = '']) => ({
    id: decodeURIComponent(id),
    content: decodeURIComponent(content),
  }));
  return [...menu, ...links];
}
