import type { Head } from '../../handoff/desk.ts';
import { nameOf } from './customer-name.ts';
import { type Block, escaped, instant, mrkdwn, plain, short, type Text } from './text.ts';
import { inWords } from './value-words.ts';
import { fill, type Words } from './words.ts';

/** Buttons carry which conversation they are of, and what of it their reader saw. */
export interface Tapped {
  readonly conversation: string;
  readonly version: number;
}

/** What a button does; `command.ts`, `buttons.ts` and the forms know these. */
export type Act =
  | 'reply'
  | 'claim'
  | 'decline'
  | 'assign'
  | 'consult'
  | 'hand_over'
  | 'resume'
  | 'hold'
  | 'back'
  | 'close'
  | 'finish'
  | 'profile'
  | 'transcript';

/** The head of a conversation: who waits for what, since when, what has happened, and what can be done. */
export function cardOf(head: Head, words: Words, shown: (agent: string) => string): readonly Block[] {
  const { summary, at } = head;
  const context = contextOf(head, words, shown);
  return [
    { type: 'header', text: plain(titleOf(head, words)) },
    { type: 'section', fields: fieldsOf(head, words) },
    ...(summary.length === 0 ? [] : [{ type: 'section', text: plain(summary.join('\n').slice(0, SUMMARY)) } as const]),
    ...(context.length === 0
      ? []
      : [{ type: 'context', elements: [plain(short(context.join(' · '), CONTEXT))] } as const]),
    { type: 'actions', elements: actsAt(at).map((act) => button(act, words, head)) },
  ];
}

function fieldsOf(head: Head, words: Words): readonly Text[] {
  const { customer, reason, queue, priority, opened, due, flow, position } = head;
  const tier = typeof customer.attributes.tier === 'string' ? ` · ${customer.attributes.tier}` : '';
  const proved = customer.verified === undefined ? '' : ` (${words.verified})`;
  const next = due.toSorted((one, other) => one.at - other.at)[0];
  const place = position === undefined ? '' : ` · ${words.position} ${position}`;
  const promised = next === undefined ? '' : `\n${words.due}: ${instant(next.at)}`;
  const upset = head.mood === undefined ? '' : ` · ${words.upset}`;
  return [
    field(words.customer, `${nameOf(customer) ?? words.unknown}${proved}${tier} · ${customer.locale || '–'}`),
    field(words.channel, [customer.channel, customer.account].filter((part) => part !== '').join(' · ')),
    marked(words.waiting, `${opened === 0 ? '–' : instant(opened)}${promised}`),
    field(words.reason, `${reason || '–'}${upset}`),
    field(words.flow, flow === undefined ? '–' : `${flow.title} › ${flow.step}`),
    field(words.queue, `${queue || '–'} · ${words.priorities[priority]}${place}`),
  ];
}

/** Whose it is, what the flow has found out, how it ended. */
function contextOf(
  { agent, consulted, attach, outcome }: Head,
  words: Words,
  shown: (agent: string) => string,
): readonly string[] {
  return [
    `${words.agent}: ${agent === undefined ? words.nobody : shown(agent)}`,
    ...(consulted === undefined ? [] : [`${words.consult} ${shown(consulted)}`]),
    ...Object.entries(attach).map(([key, value]) => `${key}: ${inWords(value)}`),
    ...(outcome === undefined ? [] : [`${words.outcome}: ${outcome}`]),
  ];
}

/** "#4821 asked · waiting": also what a notification shows. */
export function titleOf({ number, reason, at }: Head, words: Words): string {
  return short(`#${number} ${reason} · ${words.stands[at]}`, HEADER);
}

export function button(act: Act, words: Words, { conversation, version }: Tapped): Block {
  const look = act === 'claim' ? { style: 'primary' } : {};
  const value = JSON.stringify({ conversation, version } satisfies Tapped);
  const label = act === 'assign' ? words.assign : words[act];
  return { type: 'button', action_id: `desk.${act}`, text: plain(label), value, ...look };
}

/** @returns `undefined` for what no button of ours carries */
export function tappedIn(value: unknown): Tapped | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const { conversation, version } = JSON.parse(value) as Partial<Record<keyof Tapped, unknown>>;
    return typeof conversation === 'string' && typeof version === 'number' ? { conversation, version } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of a head that Slack will not have as it should be: what can be done all the same. */
export function plainCard(head: Head, words: Words): readonly Block[] {
  return [
    { type: 'section', text: plain(titleOf(head, words)) },
    { type: 'actions', elements: actsAt(head.at).map((act) => button(act, words, head)) },
  ];
}

/** A post where the card stood before it moved. */
export function movedCard(words: Words, channel: string): readonly Block[] {
  return [{ type: 'section', text: mrkdwn(fill(words.moved, { channel: `<#${channel}>` })) }];
}

function actsAt(at: Head['at']): readonly Act[] {
  switch (at) {
    case 'queued':
    case 'offered':
      return ['claim', 'assign', 'profile', 'transcript', 'back'];
    case 'active':
    case 'waiting_customer':
    case 'on_hold':
      return [
        'reply',
        'assign',
        'consult',
        at === 'on_hold' ? 'resume' : 'hold',
        'profile',
        'transcript',
        'back',
        'close',
      ];
    case 'consult':
      return ['reply', 'hand_over', 'resume', 'profile', 'transcript', 'back', 'close'];
    case 'wrap_up':
      return ['finish', 'profile', 'transcript', 'back'];
    case 'bot':
    case 'closed':
      return ['claim', 'profile', 'transcript'];
  }
}

function field(name: string, value: string): Text {
  return marked(name, escaped(short(value, FIELD)));
}

function marked(name: string, value: string): Text {
  return mrkdwn(`*${name}*\n${value}`);
}

const HEADER = 150;
const SUMMARY = 3_000;
const FIELD = 300;
const CONTEXT = 1_500;
