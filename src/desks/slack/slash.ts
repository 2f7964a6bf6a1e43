import type { Happening } from '../../handoff/control.ts';
import { nameOf } from './customer-name.ts';
import { hersOf, PRESENCES, presenceOf } from './home.ts';
import type { Inside } from './inside.ts';
import type { Entry } from './ledger.ts';
import { numbersOf } from './numbers.ts';
import { escaped, short } from './text.ts';
import { fill, type Words } from './words.ts';

/** `/desk …`, by whom, under the id that Slack gave it. */
export interface Slash {
  readonly user: string;
  readonly text: string;
  readonly id: string;
}

/** What a command does; resolves with what its author reads. */
export async function perform(inside: Inside, { user, text, id }: Slash): Promise<string> {
  const { staff, words, house } = inside;
  const agent = staff.of(user);
  if (agent === undefined) return fill(words.no_agent, { user });
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const presence = PRESENCES.find((known) => known.replace('_', '-') === word.toLowerCase().replace('_', '-'));
  if (presence !== undefined) {
    await house.setPresence(agent, presence);
    return nowOf(inside, agent);
  }
  switch (word.toLowerCase()) {
    case 'find':
      return find(inside, rest.join(' '));
    case 'claim':
      return command(inside, rest[0], id, () => ({ on: 'claimed', agent }));
    case 'assign':
      return command(inside, rest[0], id, () => assignment(inside, agent, rest[1] ?? '', rest.slice(2).join(' ')));
    case 'close':
      return command(inside, rest[0], id, () => ({
        on: 'wrapped',
        agent,
        outcome: rest[1] ?? '',
        topic: rest.slice(2).join(' '),
      }));
    case 'snooze': {
      const pause = durationIn(rest[1] ?? USUAL);
      if (pause === undefined) return words.help;
      return command(inside, rest[0], id, () => ({ on: 'held', agent, for: pause }));
    }
    case 'kpi':
      return numbersOf(inside, agent);
    case '':
      return `${await nowOf(inside, agent)}\n${words.help}`;
    default:
      return words.help;
  }
}

async function nowOf(inside: Inside, agent: string): Promise<string> {
  const { words } = inside;
  const hers = await hersOf(inside, agent);
  return fill(words.now, { presence: words.presences[await presenceOf(inside, agent)], count: hers.length });
}

/** Of the conversations that humans have or wait for. */
async function find({ ledger, words }: Inside, text: string): Promise<string> {
  const wanted = text.trim().replace(/^#/, '').toLowerCase();
  const found = (await ledger.live()).filter(({ head }) => wanted !== '' && searchable(head).includes(wanted));
  if (found.length === 0) return words.no_conversation;
  const rows = found.slice(0, ROWS).map((entry) => row(entry, words));
  return [...rows, ...(found.length > ROWS ? [fill(words.more, { count: found.length - ROWS })] : [])].join('\n');
}

function searchable({ number, reason, queue, customer, attach, summary }: Entry['head']): string {
  const { name = '', attributes } = customer;
  return [number, reason, queue, name, JSON.stringify(attributes), JSON.stringify(attach), ...summary]
    .join('\n')
    .toLowerCase();
}

function row({ head }: Entry, words: Words): string {
  const name = escaped(short(nameOf(head.customer) ?? words.unknown, 60));
  return `#${head.number} · ${name} · ${escaped(short(head.reason, 60))} · ${words.stands[head.at]}`;
}

async function command(
  { house, ledger, words, staff }: Inside,
  number: string | undefined,
  id: string,
  happening: (entry: Entry) => Happening,
): Promise<string> {
  const wanted = number?.replace(/^#/, '');
  const entry = (await ledger.live()).find(({ head }) => String(head.number) === wanted);
  if (entry === undefined) return words.no_conversation;
  const { conversation } = entry;
  const answer = await house.give({ conversation, command: `slack:${id}`, happening: happening(entry) });
  if (answer.ok) return words.done;
  const holder = answer.holder === undefined ? words.nobody : staff.shown(answer.holder);
  return fill(words.refusals[answer.code] ?? words.failed, { holder: escaped(holder) });
}

/** A colleague by her name or what customers call her, or else a queue. */
function assignment({ house }: Inside, agent: string, to: string, note: string): Happening {
  const { agents, queues } = house.policy();
  const wanted = to.replace(/^@/, '').toLowerCase();
  const colleague = agents.find(({ name, shown = name }) => name === wanted || shown.toLowerCase() === wanted);
  if (colleague === undefined && Object.hasOwn(queues, to)) return { on: 'requeued', agent, queue: to, note };
  return { on: 'assigned', agent, to: colleague?.name ?? to, note };
}

/** `30m`, `2h`, `1d`: milliseconds. */
function durationIn(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,3})([mhd])$/i.exec(text) ?? [];
  const length = UNITS[unit.toLowerCase()];
  return length === undefined || Number(count) === 0 ? undefined : Number(count) * length;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const USUAL = '30m';
const ROWS = 20;
