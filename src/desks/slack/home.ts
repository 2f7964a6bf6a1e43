import type { Head } from '../../handoff/desk.ts';
import type { Presence } from '../../handoff/policy.ts';
import { button } from './card.ts';
import { nameOf } from './customer-name.ts';
import type { Inside } from './inside.ts';
import { numbersOf } from './numbers.ts';
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
export async function hersOf(inside: Inside, agent: string): Promise<readonly Head[]> {
  const heads = await headsAt(inside, HERS);
  return heads.filter((head) => head.agent === agent).toSorted((one, other) => dueOf(one) - dueOf(other));
}

/** Whose they are as things are now: a card may be a moment late. */
export async function headsAt({ house, ledger }: Inside, at: readonly Head['at'][]): Promise<readonly Head[]> {
  const stands = await house.tables.stands(at, MOST);
  const heads = await Promise.all(
    stands.map(async ({ conversation, at, version, queue, agent }) => {
      const known = (await ledger.find(conversation))?.head;
      const { agent: _, ...head } = known ?? {};
      return known && ({ ...head, at, version, queue, ...(agent === undefined ? {} : { agent }) } as Head);
    }),
  );
  return heads.filter((head) => head !== undefined);
}

async function deskOf(inside: Inside, agent: string, pages: Pages): Promise<readonly Block[]> {
  const { words, house } = inside;
  const queues = house.policy().agents.find(({ name }) => name === agent)?.queues ?? [];
  const waiting = (await headsAt(inside, ['queued'])).filter(({ queue }) => queues.includes(queue));
  return [
    {
      type: 'section',
      text: mrkdwn(`*${words.presence}*`),
      accessory: presenceList(words, await presenceOf(inside, agent)),
    },
    { type: 'context', elements: [plain(await numbersOf(inside, agent))] },
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
function listOf(title: string, heads: readonly Head[], page: number, next: string, words: Words): readonly Block[] {
  const rows = heads.slice(page * ROWS, (page + 1) * ROWS).map((head): Block => {
    const { number, reason, customer, at, due, opened } = head;
    const name = escaped(short(nameOf(customer) ?? words.unknown, 60));
    const when =
      due.length === 0 ? instant(opened) : `${words.due}: ${instant(Math.min(...due.map((clock) => clock.at)))}`;
    const text = `*#${number}* ${name} · ${escaped(short(reason, 60))} · ${words.stands[at]} · ${when}`;
    return {
      type: 'section',
      text: mrkdwn(text),
      accessory: button(at === 'queued' ? 'claim' : 'transcript', words, head),
    };
  });
  const left = heads.length - (page + 1) * ROWS;
  const more: Block = {
    type: 'section',
    text: plain(fill(words.more, { count: left })),
    accessory: { type: 'button', action_id: 'home.next', text: plain(words.next), value: next },
  };
  return [
    { type: 'header', text: plain(`${title} (${heads.length})`) },
    ...(rows.length === 0 ? [{ type: 'section', text: plain(words.empty) } as const] : rows),
    ...(left > 0 ? [more] : []),
  ];
}

function dueOf({ due, opened }: Head): number {
  return Math.min(...due.map(({ at }) => at), 1e14 + opened);
}

const HERS = ['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'] as const;
const MOST = 1_000;
const ROWS = 20;
