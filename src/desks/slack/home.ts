import type { Presence } from '../../handoff/policy.ts';
import { button } from './card.ts';
import type { Inside } from './inside.ts';
import type { Entry } from './ledger.ts';
import { type Block, escaped, instant, mrkdwn, plain, short } from './text.ts';
import { fill, type Words } from './words.ts';

/** As an agent may set it; `/desk` knows them with a hyphen. */
export const PRESENCES: readonly Presence[] = ['available', 'busy', 'away', 'transfer_only', 'offline'];

/** Which page of her own conversations, and of those that wait. */
interface Pages {
  readonly mine: number;
  readonly waiting: number;
}

/** The app's own page: how she is, what is hers by what is due first, and who waits. */
export async function publishHome(inside: Inside, user: string, pages: Pages = { mine: 0, waiting: 0 }): Promise<void> {
  const { api, words, staff, log } = inside;
  const agent = staff.of(user);
  const blocks =
    agent === undefined
      ? [{ type: 'section', text: mrkdwn(fill(words.no_agent, { user })) }]
      : await deskOf(inside, agent, pages);
  try {
    await api.publishHome(user, { type: 'home', blocks });
  } catch (error) {
    // It is drawn anew whenever she looks.
    log.warn('desk.slack_home_failed', { error });
  }
}

export async function changePresence(inside: Inside, user: string, chosen: string): Promise<void> {
  const agent = inside.staff.of(user);
  const presence = PRESENCES.find((known) => known === chosen);
  if (agent === undefined || presence === undefined) return;
  await inside.house.setPresence(agent, presence);
  await publishHome(inside, user);
}

export async function turnHome(inside: Inside, user: string, value: string | undefined): Promise<void> {
  const [, mine = '0', waiting = '0'] = /^(\d{1,4}):(\d{1,4})$/.exec(value ?? '') ?? [];
  await publishHome(inside, user, { mine: Number(mine), waiting: Number(waiting) });
}

/** How she is, as far as the house knows. */
export async function presenceOf({ house }: Inside, agent: string): Promise<Presence> {
  const known = (await house.tables.agents()).find(({ name }) => name === agent)?.presence;
  return PRESENCES.find((presence) => presence === known) ?? 'offline';
}

/** By what is due first; what has no clock comes last, the longest waiting first. */
export async function hersOf({ ledger }: Inside, agent: string): Promise<readonly Entry[]> {
  const entries = await ledger.live();
  return entries
    .filter(({ head }) => head.agent === agent && HERS.has(head.at))
    .toSorted((one, other) => dueOf(one) - dueOf(other));
}

async function deskOf(inside: Inside, agent: string, pages: Pages): Promise<readonly Block[]> {
  const { words, house, ledger } = inside;
  const queues = house.policy().agents.find(({ name }) => name === agent)?.queues ?? [];
  const waiting = (await ledger.live())
    .filter(({ head }) => head.at === 'queued' && queues.includes(head.queue))
    .toSorted((one, other) => one.head.opened - other.head.opened);
  return [
    {
      type: 'section',
      text: mrkdwn(`*${words.presence}*`),
      accessory: presenceList(words, await presenceOf(inside, agent)),
    },
    { type: 'divider' },
    ...listOf(words.mine, await hersOf(inside, agent), pages.mine, `${pages.mine + 1}:${pages.waiting}`, words),
    { type: 'divider' },
    ...listOf(words.waiting_list, waiting, pages.waiting, `${pages.mine}:${pages.waiting + 1}`, words),
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'home.next', text: plain(words.refresh), value: '0:0' }],
    },
  ];
}

function presenceList(words: Words, presence: Presence): object {
  const options = PRESENCES.map((value) => ({ value, text: plain(words.presences[value]) }));
  const initial = options.find(({ value }) => value === presence);
  return { type: 'static_select', action_id: 'home.presence', options, ...(initial && { initial_option: initial }) };
}

/** Slack takes 100 blocks in all: so many rows of each list, and the rest by `Next`. */
function listOf(title: string, entries: readonly Entry[], page: number, next: string, words: Words): readonly Block[] {
  const rows = entries.slice(page * ROWS, (page + 1) * ROWS).map(({ head }): Block => {
    const { number, reason, customer, at, due, opened } = head;
    const name = escaped(short(customer.name ?? words.unknown, 60));
    const when =
      due.length === 0 ? instant(opened) : `${words.due}: ${instant(Math.min(...due.map((clock) => clock.at)))}`;
    const text = `*#${number}* ${name} · ${escaped(short(reason, 60))} · ${words.stands[at]} · ${when}`;
    return {
      type: 'section',
      text: mrkdwn(text),
      accessory: button(at === 'queued' ? 'claim' : 'transcript', words, head),
    };
  });
  const left = entries.length - (page + 1) * ROWS;
  const more: Block = {
    type: 'section',
    text: plain(fill(words.more, { count: left })),
    accessory: { type: 'button', action_id: 'home.next', text: plain(words.next), value: next },
  };
  return [
    { type: 'header', text: plain(`${title} (${entries.length})`) },
    ...(rows.length === 0 ? [{ type: 'section', text: plain(words.empty) } as const] : rows),
    ...(left > 0 ? [more] : []),
  ];
}

function dueOf({ head }: Entry): number {
  return Math.min(...head.due.map(({ at }) => at), 1e14 + head.opened);
}

const HERS: ReadonlySet<string> = new Set(['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up']);
const ROWS = 20;
