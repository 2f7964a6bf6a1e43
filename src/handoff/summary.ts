import type { StoredEntry } from '../store/store.ts';
import type { Json, JsonObject } from '../type.ts';

/** A flow that stands in a conversation, as its author and its customers know it. */
export interface FlowFacts {
  readonly title: string;
  /** Slots that no human need see: secrets, and what pays. */
  readonly hidden: readonly string[];
}

export interface Told {
  readonly conversation: string;
  /** When humans came in, in epoch milliseconds; 0: none has yet. */
  readonly opened: number;
  /** Of her profile. */
  readonly attributes: JsonObject;
  /** The conversation's. */
  readonly state: JsonObject;
  /** The last of what was said. */
  readonly recent: readonly Pick<StoredEntry, 'from' | 'message'>[];
  /** The desk's, such as `en`. */
  readonly language: string;
  readonly flowOf: (flow: string) => FlowFacts | undefined;
}

/**
 * What an agent must know before she says hello, in a few lines: where the flow stands, what it has found out, what went wrong, and the
 * customer's last words. Whoever is put in its place must not keep a card waiting.
 */
export type Summarise = (told: Told) => readonly string[] | Promise<readonly string[]>;

/** Made of what is known, so it takes no time and invents nothing. */
export const summaryOf = (told: Omit<Told, 'conversation' | 'opened' | 'attributes'>): readonly string[] => {
  const words = WORDS[told.language.startsWith('zh') ? 'zh' : 'en'];
  const frames = framesIn(told.state);
  return [
    ...frames.toReversed().flatMap((frame) => lineOf(frame, told, words)),
    ...triedIn(frames, told.state, words),
    ...lastWords(told, words),
  ].slice(0, MOST);
};

/** The flow on top, where one stands. */
export function flowIn(state: JsonObject, flowOf: Told['flowOf']) {
  const frame = framesIn(state).findLast(({ flow }) => !flow.startsWith('repair.'));
  if (frame === undefined) return undefined;
  return { name: frame.flow, title: flowOf(frame.flow)?.title ?? frame.flow, step: frame.step };
}

/** What is read of a flow's frame: see `flow/frame.ts`. */
interface Frame {
  readonly flow: string;
  readonly step: string;
  readonly slots: JsonObject;
  readonly tries: number;
}

function framesIn({ frames, parked }: JsonObject): readonly Frame[] {
  const stacks = [...(Array.isArray(parked) ? parked.flat() : []), ...(Array.isArray(frames) ? frames : [])];
  return stacks.flatMap((frame) => {
    if (!isObject(frame) || typeof frame.flow !== 'string') return [];
    const { flow, step, slots, tries } = frame;
    return [
      {
        ...{ flow, step: typeof step === 'string' ? step : '', slots: isObject(slots) ? slots : {} },
        tries: typeof tries === 'number' ? tries : 0,
      },
    ];
  });
}

function lineOf({ flow, slots }: Frame, { flowOf }: Pick<Told, 'flowOf'>, words: Words): string[] {
  if (flow.startsWith('repair.')) return [];
  const { title = flow, hidden = [] } = flowOf(flow) ?? {};
  const known = Object.entries(slots).flatMap(([name, value]) => {
    const text = hidden.includes(name) || name.startsWith('_') ? undefined : plain(value);
    return text === undefined ? [] : [`${name}: ${text}`];
  });
  return [known.length === 0 ? title : `${title}${words.colon}${known.slice(0, SLOTS).join(', ')}`];
}

function triedIn(frames: readonly Frame[], { lost }: JsonObject, words: Words): string[] {
  const asked = frames.filter(({ tries }) => tries > 0).map(({ step, tries }) => words.asked(step, tries));
  return typeof lost === 'number' && lost > 0 ? [...asked, words.lost(lost)] : asked;
}

function lastWords({ recent }: Pick<Told, 'recent'>, words: Words): string[] {
  const said = recent.filter(({ from, message }) => from === 'customer' && message.text.trim() !== '');
  return said.slice(-SAID).map(({ message }) => words.said(shortened(message.text.trim())));
}

function plain(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : shortened(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).toWellFormed()}…`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Words {
  readonly colon: string;
  readonly asked: (step: string, tries: number) => string;
  readonly lost: (times: number) => string;
  readonly said: (text: string) => string;
}

const WORDS: Readonly<Record<'en' | 'zh', Words>> = {
  en: {
    colon: ': ',
    asked: (step, tries) =>
      `Tried: asked for ${step}, and ${tries === 1 ? 'one answer' : `${tries} answers`} did not fit`,
    lost: (times) =>
      `Tried: ${times === 1 ? 'her last message was' : `her last ${times} messages were`} not understood`,
    said: (text) => `She wrote: “${text}”`,
  },
  zh: {
    colon: '：',
    asked: (step, tries) => `已尝试：询问 ${step}，${tries} 次回答不符合要求`,
    lost: (times) => `已尝试：最近 ${times} 条消息未能理解`,
    said: (text) => `客户说：“${text}”`,
  },
};

const MOST = 8;
const SLOTS = 8;
/** Of her own words. */
const SAID = 2;
/** UTF-16 units. */
const LONGEST = 160;
