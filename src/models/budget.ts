import { codeOf } from '../errors.ts';
import { ModelError } from './failure.ts';
import type { Usage } from './model.ts';
import type { Layer } from './provider.ts';

/** How much may be used; absent: as much as is wanted. */
export interface Limits {
  readonly asks?: number;
  /** In and out together. */
  readonly tokens?: number;
  /** In the currency of the prices. */
  readonly cost?: number;
}

export interface Budget {
  /** Of one conversation in one day. */
  readonly conversation?: Limits;
  readonly day?: Limits;
}

/** Where what has been used is written down, so that a restart does not forget it. */
export interface Ledger {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

export interface Spent {
  readonly asks: number;
  readonly tokens: number;
  readonly cost: number;
}

export interface Spending {
  /** Takes one question from the budgets, on disk before it is asked: a process that dies over it cannot ask for ever. @throws `model.budget` */
  begin(conversation: string | undefined): Promise<void>;
  end(conversation: string | undefined, usage: Usage): Promise<void>;
  /** Of today. */
  total(): Promise<Spent>;
}

/** What all the models of a deployment use together. `today` is the business's own day, at whose end the budgets are new. */
export function createSpending(budget: () => Budget, ledger: Ledger, today: () => string): Spending {
  let book: Promise<Book> | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function page(): Promise<Book> {
    book ??= ledger.read().then(readBook);
    const known = await book.catch((error: unknown) => {
      book = undefined;
      throw error;
    });
    if (known.day === today()) return known;
    const fresh: Book = { day: today(), all: { ...NOTHING }, conversations: new Map() };
    book = Promise.resolve(fresh);
    return fresh;
  }

  /** One after the other, each with all that is known by then. */
  function write(): Promise<void> {
    writing = writing.catch(() => undefined).then(async () => ledger.write(writeBook(await page())));
    return writing;
  }

  function count(known: Book, conversation: string | undefined, by: Spent): void {
    add(known.all, by);
    if (conversation === undefined) return;
    const own = known.conversations.get(conversation) ?? { ...NOTHING };
    add(own, by);
    // Last in line, as the one that is forgotten last.
    known.conversations.delete(conversation);
    known.conversations.set(conversation, own);
    const [oldest] = known.conversations.keys();
    if (known.conversations.size > CONVERSATIONS && oldest !== undefined) known.conversations.delete(oldest);
  }

  return {
    async begin(conversation) {
      const { day, conversation: each } = budget();
      const known = await page();
      const own = conversation === undefined ? undefined : (known.conversations.get(conversation) ?? NOTHING);
      if (isUsedUp(known.all, day)) throw usedUp('of the day');
      if (own !== undefined && isUsedUp(own, each)) throw usedUp('of the conversation');
      count(known, conversation, { asks: 1, tokens: 0, cost: 0 });
      await write();
    },
    async end(conversation, { input, output, cost }) {
      if (input + output === 0 && cost === 0) return;
      count(await page(), conversation, { asks: 0, tokens: input + output, cost });
      await write();
    },
    total: async () => ({ ...(await page()).all }),
  };
}

/** Counts what is asked. What is answered from the cache has not come here. */
export function withBudget(spending: Spending): Layer {
  const begin = (conversation: string | undefined) => spending.begin(conversation).catch(refuse);
  const end = (conversation: string | undefined, usage: Usage) => spending.end(conversation, usage).catch(refuse);
  return (inner) => ({
    ...inner,
    async ask(request, call) {
      await begin(call.conversation);
      const reply = await inner.ask(request, call);
      await end(call.conversation, reply.usage);
      return reply;
    },
    async *stream(request, call) {
      await begin(call.conversation);
      for await (const part of inner.stream(request, call)) {
        if ('usage' in part) await end(call.conversation, part.usage);
        yield part;
      }
    },
  });
}

/** What cannot be written down is not spent. */
function refuse(error: unknown): never {
  if (codeOf(error) === 'model.budget') throw error;
  throw new ModelError('model.unavailable', { detail: 'What it uses cannot be written down.', cause: error });
}

interface Book {
  readonly day: string;
  readonly all: Sum;
  readonly conversations: Map<string, Sum>;
}

type Sum = { -readonly [K in keyof Spent]: Spent[K] };

const NOTHING: Spent = { asks: 0, tokens: 0, cost: 0 };
/** Conversations of a day whose use is known, the last ones. */
const CONVERSATIONS = 1_000;

function add(sum: Sum, by: Spent): void {
  sum.asks += by.asks;
  sum.tokens += by.tokens;
  sum.cost += by.cost;
}

function isUsedUp(spent: Spent, limits: Limits | undefined): boolean {
  if (limits === undefined) return false;
  const { asks = Infinity, tokens = Infinity, cost = Infinity } = limits;
  return spent.asks >= asks || spent.tokens >= tokens || spent.cost >= cost;
}

function usedUp(whose: string): ModelError {
  return new ModelError('model.budget', {
    detail: `That ${whose}.`,
    hint: 'It is new tomorrow; `budget` under `models:` in parley.yaml sets it.',
  });
}

function writeBook({ day, all, conversations }: Book): string {
  const row = ({ asks, tokens, cost }: Spent) => [asks, tokens, cost];
  return JSON.stringify({
    day,
    all: row(all),
    conversations: [...conversations].map(([id, spent]) => [id, row(spent)]),
  });
}

/** Nobody writes it but {@link writeBook}. */
function readBook(text: string | undefined): Book {
  const empty: Book = { day: '', all: { ...NOTHING }, conversations: new Map() };
  if (text === undefined) return empty;
  const { day, all, conversations } = JSON.parse(text) as Written;
  return { day, all: sumOf(all), conversations: new Map(conversations.map(([id, row]) => [id, sumOf(row)])) };
}

type Row = readonly [asks: number, tokens: number, cost: number];
interface Written {
  readonly day: string;
  readonly all: Row;
  readonly conversations: readonly (readonly [string, Row])[];
}

function sumOf([asks, tokens, cost]: Row): Sum {
  return { asks, tokens, cost };
}
