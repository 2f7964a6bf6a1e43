import { maskNamed, maskSensitive } from '../privacy/masking.ts';
import type { StoredStand } from '../store/desk.ts';
import type { Conversation, Store, StoredEntry } from '../store/store.ts';
import type { JsonObject } from '../type.ts';
import type { Control, Line, Task } from './control.ts';
import type { Head, Note, Post, TaskCard } from './desk.ts';
import { PRIORITIES, type Priority } from './policy.ts';
import { type FlowFacts, flowIn, type Summarise, summaryOf } from './summary.ts';
import { type Translate, writesOtherwise } from './translation.ts';

/** What desks are told beside what the store knows. */
export interface Facts {
  /** Of what the house writes for agents. Default: `en`. */
  readonly language?: string;
  readonly flowOf?: (flow: string) => FlowFacts | undefined;
  /** By account: its channel's kind. */
  readonly channelOf?: (account: string) => string | undefined;
  /** Where the world reaches us: addresses are made from it. Absent: nobody can. */
  readonly publicUrl?: string;
  readonly summarise?: Summarise;
  /** Between the customer's language and `language`; absent: nothing translates. */
  readonly translate?: Translate;
}

/** What a card is made from. */
export type Reading = Pick<Store, 'find' | 'transcript' | 'identities'> & {
  readonly desk: Pick<Store['desk'], 'stands'>;
};

/** All that an agent is given of a conversation, with what she need not see masked. */
export async function headOf(stored: StoredStand, store: Reading, facts: Facts = {}): Promise<Head> {
  const control = stored.control as unknown as Control;
  const { conversation } = stored;
  const { at, version, stretch, tasks = [] } = control;
  const found = await store.find(conversation);
  const recent = found === undefined ? [] : await lastOf(store, conversation, found.seq);
  const state = JSON.parse(found?.state ?? '{}') as JsonObject;
  const flowOf = facts.flowOf ?? (() => undefined);
  const flow = flowIn(state, flowOf);
  // Nobody has it, but a flow asks for something: that is what it is about.
  const about = at === 'bot' ? tasks[0] : stretch;
  const { name, attributes = {} } = found?.customer ?? {};
  const verified = found && (await proofOf(found, store));
  const position = at === 'queued' ? await positionOf(stored, store) : undefined;
  const { publicUrl } = facts;
  const link =
    publicUrl === undefined
      ? undefined
      : new URL(`/console/desk#c=${encodeURIComponent(conversation)}`, publicUrl).href;
  const attach = about?.attach ?? {};
  const opened = stretch?.opened ?? 0;
  const told = { conversation, opened, attributes, state, recent, language: facts.language ?? 'en', flowOf };
  const summary = await (facts.summarise ?? summaryOf)(told);
  return {
    ...{ conversation, number: found?.key ?? 0, version, at },
    ...{ queue: about?.queue ?? '', priority: about?.priority ?? 'normal', reason: about?.reason ?? '' },
    ...(stretch?.agent === undefined || at === 'bot' ? {} : { agent: stretch.agent }),
    ...(stretch?.consulted === undefined ? {} : { consulted: stretch.consulted }),
    opened: (at === 'bot' ? tasks[0]?.at : undefined) ?? stretch?.opened ?? 0,
    due: (stretch?.clocks ?? []).flatMap(({ kind, due }) => (due === undefined ? [] : [{ clock: kind, at: due }])),
    customer: {
      ...(name === undefined ? {} : { name }),
      ...{ attributes: masked(attributes), locale: localeOf(state, found), account: found?.account ?? '' },
      channel: facts.channelOf?.(found?.account ?? '') ?? '',
      ...(verified === undefined ? {} : { verified }),
    },
    attach: masked(attach),
    summary: summary.map(maskSensitive),
    ...(flow === undefined ? {} : { flow }),
    ...(isUpset(state, stretch?.opened) ? { mood: 'upset' as const } : {}),
    ...(position === undefined ? {} : { position }),
    ...(facts.translate !== undefined && writesOtherwise(localeOf(state, found), told.language)
      ? { translates: true as const }
      : {}),
    ...(link === undefined ? {} : { link }),
    masked: [
      ...maskedIn(attributes).map((name) => `customer.${name}`),
      ...maskedIn(attach).map((name) => `attach.${name}`),
    ],
    ...(stretch?.ended === undefined ? {} : { outcome: stretch.ended.outcome }),
  };
}

/**
 * What was said, as a line of the conversation.
 * @param publicUrl what addresses of our own files are made whole by; absent: they stay as they are
 */
export function postOf({ seq, from, message, attachments = [], at }: StoredEntry, publicUrl?: string): Post {
  const text = maskSensitive(message.text);
  const { agent, said } = message;
  const whole = <Of extends { readonly url: string }>(file: Of): Of =>
    publicUrl === undefined ? file : { ...file, url: new URL(file.url, publicUrl).href };
  return {
    ...{ key: String(seq), from, attachments: attachments.map(whole), at },
    message: {
      ...{ ...message, text },
      ...(message.image === undefined ? {} : { image: whole(message.image) }),
      ...(message.file === undefined ? {} : { file: whole(message.file) }),
    },
    ...(agent === undefined ? {} : { name: agent }),
    ...(said === undefined ? {} : { said }),
    ...(text === message.text ? {} : { masked: true }),
  };
}

/**
 * What only the humans read of a line of the log; `undefined`: nothing.
 * @param key of the line
 * @param language of what the house says
 */
export function noteIn(key: string, line: Line, language = 'en'): Note | undefined {
  const { on, by, note, text, agent, task, command } = line;
  const gone = goneIn(line, language.startsWith('zh') ? 'zh' : 'en');
  if (gone !== undefined) return { key, text: gone, kind: 'note' };
  if (on === 'muted') return { key, text: maskSensitive(String(text)), kind: 'muted' };
  if (typeof note !== 'string' || by === undefined || task !== undefined) return undefined;
  const said = command === undefined ? {} : { said: command };
  return { key, by, text: note, kind: agent === undefined ? 'note' : 'handover', ...said };
}

/** Somebody has gone home while she had a customer: those who find her in the queue again are told why. */
function goneIn({ on, by, from, to }: Line, language: 'en' | 'zh'): string | undefined {
  if (on !== 'left' || by === undefined || from === 'offered' || from === 'wrap_up') return undefined;
  if (to === 'queued') return GONE[language].requeued(by);
  return GONE[language].alone(by);
}

const GONE = {
  en: {
    requeued: (agent: string) => `${agent} is not there any more: the conversation is back in the queue.`,
    alone: (agent: string) => `${agent}, who was asked, is not there any more.`,
  },
  zh: {
    requeued: (agent: string) => `${agent} 已离开：会话已退回队列。`,
    alone: (agent: string) => `被咨询的 ${agent} 已离开。`,
  },
};

/** What a flow asks for, and what became of it; `undefined`: the line is about something else. */
export function cardOf({ on, by, note, outcome, why, verdict, task }: Line): TaskCard | undefined {
  if (task === undefined) return undefined;
  const { listener: _, ...card } = task as unknown as Task;
  const hidden = maskedIn(card.attach).map((name) => `task:${card.id}:${name}`);
  const shown = {
    ...{ ...card, attach: masked(card.attach) },
    ...(hidden.length === 0 ? {} : { masked: hidden }),
  };
  if (on === 'filed' || on === 'swapped') return shown;
  const ends = { done: 'done', lapsed: why, review_over: 'over', reviewed: verdict, decided: outcome };
  const how = ends[on as keyof typeof ends] as NonNullable<TaskCard['ended']>['how'];
  return {
    ...shown,
    ended: { how, ...(by === undefined ? {} : { by }), ...(typeof note === 'string' ? { note } : {}) },
  };
}

/** The last of what was said. */
export function lastOf(store: Pick<Store, 'transcript'>, conversation: string, seq: number) {
  return store.transcript(conversation, Math.max(0, seq - RECENT), RECENT);
}

/** Only texts are masked, by their name and by what they look like. */
export function masked(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? maskNamed(name, value) : value]),
  );
}

function maskedIn(values: JsonObject): string[] {
  const shown = masked(values);
  return Object.keys(values).filter((name) => shown[name] !== values[name]);
}

/** In which she writes now; what her app reported once is all that is known before she has written. */
export function localeOf({ locale }: JsonObject, found: Pick<Conversation, 'locale'> | undefined): string {
  return typeof locale === 'string' ? locale : (found?.locale ?? '');
}

/** The address that she writes from is hers, by a trusted door's word or by a code. */
async function proofOf({ customer, account, address }: Conversation, store: Reading) {
  if (customer === undefined) return undefined;
  const identities = await store.identities(customer.key);
  const identity = identities.find((one) => one.account === account && one.address === address);
  return identity && { by: identity.proof, at: identity.at };
}

async function positionOf({ conversation, queue }: StoredStand, store: Reading): Promise<number | undefined> {
  const waiting = await store.desk.stands(['queued', 'offered'], MOST);
  const urgency = (one: StoredStand): number => {
    const { stretch } = one.control as unknown as Control;
    return PRIORITIES.indexOf(stretch?.priority ?? ('normal' satisfies Priority));
  };
  const line = waiting
    .filter((one) => one.queue === queue)
    .toSorted((one, other) => urgency(other) - urgency(one) || one.opened - other.opened);
  const index = line.findIndex((one) => one.conversation === conversation);
  return index === -1 ? undefined : index + 1;
}

/** She was heard to be, shortly before humans came in or since. */
function isUpset({ calmed }: JsonObject, opened = 0): boolean {
  return typeof calmed === 'number' && calmed >= opened - SHORTLY;
}

/** Lines of the conversation that an agent sees at once: about six turns. */
const RECENT = 12;
/** Further back in the line nobody counts. */
const MOST = 200;
/** Milliseconds. */
const SHORTLY = 3_600_000;
