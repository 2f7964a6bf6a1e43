import type { JsonObject } from '../type.ts';

/** A canned reply, by locale; `*` for all of them. */
export type Reply = Readonly<Record<string, string>>;

/** A canned reply as it would be sent. */
export interface RenderedReply {
  readonly name: string;
  readonly text: string;
  /** What it names and nobody knows of this customer: the agent fills it in. */
  readonly missing: readonly string[];
}

/** What a reply may name besides `customer.…` and `attach.…`. */
export const REPLY_VARIABLES = ['agent', 'business', 'number'] as const;
const GROUPS = ['customer', 'attach'];
const VARIABLE = /\{([^{}]*)\}/g;

/** Names in it that stand for nothing. */
export function unknownVariables(text: string): readonly string[] {
  return namesIn(text).filter((name) => {
    const [group = '', ...path] = name.split('.');
    if (GROUPS.includes(group)) return path.length !== 1 || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(path[0] ?? '');
    return !REPLY_VARIABLES.some((known) => known === name);
  });
}

export interface ReplyScene {
  readonly locale: string;
  /** As customers know her. */
  readonly agent: string;
  readonly business: string;
  readonly number: number;
  readonly customer: JsonObject;
  readonly attach: JsonObject;
}

/** In the customer's language; a reply that has none of it is not offered. */
export function renderReplies(replies: Readonly<Record<string, Reply>>, scene: ReplyScene): RenderedReply[] {
  return Object.entries(replies).flatMap(([name, reply]) => {
    const text = inLocale(reply, scene.locale);
    return text === undefined ? [] : [{ name, ...render(text, scene) }];
  });
}

/** What is missing stays as it is written, so that nobody sends "Hello ,". */
function render(text: string, scene: ReplyScene): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const said = text.replace(VARIABLE, (written, inner: string) => {
    const value = variable(inner.trim(), scene);
    if (value !== undefined) return value;
    missing.push(inner.trim());
    return written;
  });
  return { text: said, missing };
}

function variable(name: string, scene: ReplyScene): string | undefined {
  if (name === 'agent' || name === 'business') return scene[name];
  if (name === 'number') return String(scene.number);
  const [group, key = ''] = name.split('.');
  const values = group === 'customer' ? scene.customer : group === 'attach' ? scene.attach : undefined;
  const value = values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function inLocale(reply: Reply, locale: string): string | undefined {
  const [language = locale] = locale.split('-');
  return reply[locale] ?? reply[language] ?? reply['*'];
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, name = '']) => name.trim());
}
