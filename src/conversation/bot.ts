import type { Reviewing } from '../draft.ts';
import type { Program } from '../flow/program.ts';
import type { MayLink } from '../links.ts';
import type { SlotView, Understanding } from '../understanding/understanding.ts';
import type { MemorySettings } from './memory.ts';

/** Everything a business has written, compiled: what every turn works with. */
export interface Bot {
  /** The current version of every flow, repair flows among them (`repair.cancel`). */
  readonly programs: ReadonlyMap<string, Program>;
  /** Every version that a running conversation may stand in, by its hash. */
  readonly versions: ReadonlyMap<string, Program>;
  readonly understanding: Understanding;
  /** Languages; the first is the default. */
  readonly locales: readonly string[];
  /** IANA zone of the business: `today` depends on it. */
  readonly timezone: string;
  /** What an amount of money is in that a customer names without a currency; absent: she is asked again. ISO 4217. */
  readonly currency?: string;
  /** Built-in texts by locale and name. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Is a desk there, where humans take conversations over? */
  readonly desk: boolean;
  /** The flows a new customer is offered, in this order; default: those with a title. */
  readonly menu?: readonly string[];
  /** Hosts that customers may be sent to; absent: any. */
  readonly mayLink?: MayLink;
  /** Of what was done for customers before; absent: nothing is remembered. */
  readonly memory?: MemorySettings;
  /** After which flows a customer is asked how it was; absent: never. */
  readonly csat?: Csat;
  /** Who judges what it answers; absent: nobody. */
  readonly reviewing?: Reviewing;
  /** What models perceive, of what she sends without words; absent: nothing. */
  readonly senses?: ReadonlySet<'vision' | 'speech'>;
  /** Milliseconds without an answer until the `inactivity` pattern runs; 0 for never. */
  readonly patience: number;
}

export interface Csat {
  readonly after: ReadonlySet<string>;
  /** Milliseconds in which a customer is asked once. */
  readonly every: number;
  /** How many of those that could be asked are, 0 to 1. */
  readonly sample: number;
}

type FlowHeader = Program['header'];

/** What a customer calls the flow: its title, or else the first thing she might say to start it. `undefined` where she cannot. */
export function titleIn(header: FlowHeader, locale: string, locales: readonly string[]): string | undefined {
  if (!isStartable(header)) return undefined;
  const { title, examples } = header;
  const fallback = locales[0] ?? locale;
  const words =
    title[locale] ??
    title['*'] ??
    examples[locale]?.[0] ??
    title[fallback] ??
    examples[fallback]?.[0] ??
    header.description;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** May a customer start it, by words or by a button? */
export function isStartable({ callableOnly, inputs }: FlowHeader): boolean {
  return !callableOnly && Object.values(inputs).every(({ kind }) => kind === 'optional');
}

/** More buttons than this are a wall, not a menu. */
const MENU = 6;
const menus = new WeakMap<Bot['programs'], readonly string[]>();

/** The house's own, which every bot with several accounts has: not what customers come for. */
const ASIDE: ReadonlySet<string> = new Set(['continue_elsewhere', 'add_phone', 'forget_address']);

/** The flows a new customer is shown: those with a title; where none has one, those that words can start. */
export function menuOf({ programs, menu: chosen }: Pick<Bot, 'programs' | 'menu'>): readonly string[] {
  if (chosen) return chosen;
  const known = menus.get(programs);
  if (known) return known;
  const startable = [...programs.values()].filter(({ header }) => isStartable(header));
  const titled = startable.filter(({ header }) => Object.keys(header.title).length > 0);
  const spoken = startable.filter(
    ({ flow, header }) => !ASIDE.has(flow) && Object.values(header.examples).some((texts) => texts.length > 0),
  );
  const menu = (titled.length > 0 ? titled : spoken).slice(0, MENU).map(({ flow }) => flow);
  menus.set(programs, menu);
  return menu;
}

/** The flows that free words may start, as understanding needs them. */
export function catalogueOf(programs: ReadonlyMap<string, Program>): readonly {
  readonly name: string;
  readonly description: string;
  readonly examples: Readonly<Record<string, readonly string[]>>;
  readonly slots: readonly SlotView[];
  readonly unasked: boolean;
}[] {
  return [...programs.values()]
    .filter(({ header }) => isStartable(header))
    .map(({ flow, header, slots, ops }) => ({
      name: flow,
      unasked: ops.some((op) => op.unasked === true),
      description: header.description,
      examples: header.examples,
      slots: Object.values(slots)
        .filter(({ prefill, sensitive }) => prefill && sensitive !== 'secret')
        .map(({ name, type, source, description, sensitive }) => ({
          name,
          type,
          ...(sensitive === 'payment' && { hidden: true }),
          ...(source !== undefined && { pattern: source }),
          ...(description !== undefined && { description }),
        })),
    }));
}
