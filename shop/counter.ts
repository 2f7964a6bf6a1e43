import type { Database } from './books.ts';

/** What stands behind the counter: all that an endpoint may use. */
export interface Shop {
  readonly books: Database;
  /** Epoch milliseconds. */
  now(): number;
  /** Where this shop is reached, for links in its answers. */
  url(): string;
  /** Tells the business's other systems, once the transaction that says so is committed. */
  announce(event: string, data: Readonly<Record<string, string>>): void;
}
