/** A piece of what the business knows: a few sentences that stand together, with where they are from and for whom. */
export interface Passage {
  /** Which set it belongs to: flows and accounts name sets. */
  readonly set: string;
  /** Id of its document, unique in the set: a file's path, an address, or the id it was pushed under. */
  readonly document: string;
  readonly title: string;
  /** Headings above it, the outermost first; empty for what stands before the first. */
  readonly heading: string;
  /** Other ways to ask for it, which its author has noted: it is found by them, and they are never said. */
  readonly also?: string;
  /** Plain text: no markup, no address that may not be linked to. Paragraphs and list items are lines. */
  readonly text: string;
  /** Where a customer can read it; absent: nowhere. */
  readonly url?: string;
  /** Of a document that has pages: which one, from 1. */
  readonly page?: number;
  /** Of the bot's locales; `*` for what is the same in all of them. */
  readonly locale: string;
  /** The business's own name of this state of the text. */
  readonly version?: string;
  /** Epoch milliseconds: it holds from, and until before. */
  readonly from?: number;
  readonly until?: number;
  /** Groups that may read it; absent: everybody. */
  readonly audience?: readonly string[];
}
