import type { Bot } from '../conversation/bot.ts';
import type { State } from '../conversation/state.ts';
import type { Call, Effect } from '../effect.ts';
import type { Message } from '../message.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import type { Expectation } from './script.ts';

/** What came of one turn of a test. */
export interface Heard {
  readonly state: JsonObject;
  readonly messages: readonly Message[];
  readonly calls: readonly Call[];
  readonly effects: readonly Effect[];
  readonly bot: Bot;
  readonly customer: JsonObject;
  /** What free words were understood as. */
  readonly commands: readonly Command[];
}

/** Each expectation that was not met, in words that tell what happened instead. */
export function differences(expected: Expectation, heard: Heard): string[] {
  const found: string[] = [];
  const state = heard.state as unknown as State;
  if (expected.asks !== undefined) {
    const asked = questionOf(heard);
    if ((expected.asks ?? undefined) !== asked)
      found.push(
        `expected the question \`${expected.asks ?? 'none'}\`, but ${asked ? `\`${asked}\` is open` : 'none is open'}${said(heard)}`,
      );
  }
  for (const text of list(expected.says)) {
    if (!heard.messages.some((message) => textOf(message).includes(text)))
      found.push(`expected to hear “${text}”${said(heard)}`);
  }
  for (const text of list(expected.not_says)) {
    if (heard.messages.some((message) => textOf(message).includes(text)))
      found.push(`did not expect to hear “${text}”${said(heard)}`);
  }
  const labels = heard.messages.flatMap((message) => (message.choices ?? []).map(({ label }) => label));
  for (const label of expected.offers ?? [])
    if (!labels.includes(label))
      found.push(`expected the choice “${label}”; offered: ${labels.join(', ') || 'nothing'}`);
  for (const source of list(expected.cites)) found.push(...citedDifference(source, heard));
  for (const call of expected.calls ?? []) found.push(...callDifference(call, heard.calls));
  for (const name of expected.not_called ?? [])
    if (heard.calls.some(({ action }) => action === name)) found.push(`\`${name}\` was called`);
  if (expected.hands_off !== undefined) found.push(...handoffDifference(expected.hands_off, heard.effects));
  if (expected.ends !== undefined) {
    const ends = heard.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.name === 'flow.ended' ? [String(effect.data.outcome)] : [],
    );
    if (!ends.includes(expected.ends))
      found.push(
        `expected the flow to end as \`${expected.ends}\`; ${ends.length > 0 ? `it ended as ${ends.join(', ')}` : 'it did not end'}${said(heard)}`,
      );
  }
  for (const wanted of expected.commands ?? []) {
    const { do: kind } = wanted;
    if (typeof kind !== 'string') found.push('each of `commands` needs `do:`, such as {do: start, flow: returns}');
    else if (!heard.commands.some((command) => holds(command as unknown as Json, wanted as Json))) {
      found.push(`expected to understand ${JSON.stringify(wanted)}; understood ${JSON.stringify(heard.commands)}`);
    }
  }
  if (expected.slots) {
    const slots = Object.assign(
      {},
      heard.customer,
      state.shared,
      ...state.frames.map((frame) => frame.slots),
    ) as JsonObject;
    for (const [name, value] of Object.entries(expected.slots)) {
      if (!holds(slots[name] ?? null, value as Json))
        found.push(
          `expected \`${name}\` to be ${JSON.stringify(value)}, but it is ${JSON.stringify(slots[name] ?? null)}`,
        );
    }
  }
  if (expected.session) {
    const session: JsonObject = { customer_id: state.session?.customer ?? null };
    if (!holds(session, expected.session as JsonObject))
      found.push(
        `expected the session to be ${JSON.stringify(expected.session)}, but it is ${JSON.stringify(session)}`,
      );
  }
  return found;
}

function questionOf({ bot, state }: Heard): string | undefined {
  const frame = (state as unknown as State).frames.at(-1);
  if (!frame?.waiting) return undefined;
  const op = bot.programs.get(frame.flow)?.ops[frame.pc];
  return op?.answer && op.asks;
}

function citedDifference(source: string, { effects }: Heard): string[] {
  const cited = effects.flatMap((effect) =>
    effect.kind === 'record' && effect.name === 'knowledge.answered'
      ? [{ document: String(effect.data.document), title: String(effect.data.title) }]
      : [],
  );
  if (cited.some(({ document, title }) => document === source || title === source)) return [];
  const told = cited.map(({ document, title }) => `${document} (${title})`).join(', ');
  return [`expected an answer from “${source}”; answered from: ${told || 'nothing'}`];
}

function callDifference(expected: string | Record<string, unknown>, calls: readonly Call[]): string[] {
  const [name, args] =
    typeof expected === 'string' ? [expected, undefined] : (Object.entries(expected)[0] ?? ['', undefined]);
  const made = calls.filter(({ action }) => action === name);
  if (made.length === 0)
    return [`expected a call of \`${name}\`; called: ${calls.map(({ action }) => action).join(', ') || 'nothing'}`];
  if (args === undefined || made.some((call) => holds(call.args, args as Json))) return [];
  return [`\`${name}\` was called with ${JSON.stringify(made[0]?.args)}, not ${JSON.stringify(args)}`];
}

function handoffDifference(expected: string | Record<string, unknown>, effects: readonly Effect[]): string[] {
  const handoffs = effects.filter((effect) => effect.kind === 'handoff');
  const wanted = (typeof expected === 'string' ? { queue: expected } : expected) as JsonObject;
  if (handoffs.some((handoff) => holds({ ...handoff }, wanted))) return [];
  const made = handoffs.map(({ queue, mode, reason }) => `${mode} to ${queue} (${reason})`).join(', ');
  return [`expected a handoff ${JSON.stringify(expected)}; ${made === '' ? 'there was none' : `there was ${made}`}`];
}

/** Does `actual` have everything of `expected`? Lists must have as many items. */
function holds(actual: Json, expected: Json): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => holds(actual[index] as Json, item as Json))
    );
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
    const record = actual as JsonObject;
    return Object.entries(expected).every(([key, value]) => holds(record[key] ?? null, value as Json));
  }
  return actual === expected;
}

/** All words of a message, wherever they stand. */
function textOf(message: Message): string {
  const cards = [message.card, ...(message.carousel ?? [])].filter((card) => card !== undefined);
  return [
    message.text,
    ...(message.links ?? []).flatMap(({ title, url }) => [title, url]),
    ...cards.flatMap(({ title, text, fields, links }) => [
      title,
      text ?? '',
      ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
      ...(links ?? []).flatMap((link) => [link.title, link.url]),
    ]),
    message.file?.url ?? '',
    message.image?.url ?? '',
  ].join('\n');
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function said({ messages }: Heard): string {
  if (messages.length === 0) return '; nothing was said';
  return `; said: ${messages.map((message) => `“${message.text.replaceAll('\n', ' / ')}”`).join(' ')}`;
}
