import { z } from 'zod';
import type { Outcome } from '../../event.ts';
import type { Message } from '../../message.ts';
import type { Json, JsonObject } from '../../type.ts';
import type { Compiler } from '../compiling/compiler.ts';
import { WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, common, Name, Value } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { defineStep } from '../step.ts';

const schema = z.strictObject({
  answer: z.strictObject({
    query: Value,
    from: z
      .array(Name)
      .optional()
      .meta({ description: 'Knowledge sets to look in; default: all that the account has.' }),
    must_cite: z
      .boolean()
      .optional()
      .meta({ description: 'Only what has an address to show as its source is an answer.' }),
    on_none: z.union([z.literal('continue'), Block]),
  }),
  ...common,
});

/**
 * Answers from the business's knowledge, in its own sentences and with their source. Where nothing is known that is near enough it takes
 * `on_none`, never a guess. What a document says is only ever said: it starts no flow and fills no slot.
 */
export const answer = defineStep({
  word: 'answer',
  schema,
  compile({ answer: { query, from, must_cite: mustCite, on_none: onNone } }, c) {
    const asked = c.value(['answer', 'query'], query, { kind: 'text' });
    checkSets(c, from ?? []);
    if (!c.library.knowledge?.size) return knowNothing(c, asked, onNone);
    const step = c.steps[c.step]?.id ?? 'answer';
    const next = { pc: 0 };
    const none = { pc: 0 };
    c.emit({
      reads: asked.reads,
      next,
      enter(run) {
        const args: JsonObject = {
          ...whoAsks(run),
          query: asked.evaluate(run),
          ...(from && { from }),
          ...(mustCite && { must_cite: true }),
        };
        run.call({ action: SEARCH, effect: 'read', args, timeout: TIMEOUT, step, attempt: 1 });
        return WAIT;
      },
      result(run, outcome) {
        delete run.frame.pending;
        const found = foundIn(outcome);
        if (found === undefined) {
          run.record('knowledge.none', { query: asked.evaluate(run) });
          return none.pc;
        }
        const { set, document, title, confidence } = found;
        run.record('knowledge.answered', { query: asked.evaluate(run), set, document, title, confidence });
        run.say(messageOf(run, found));
        return next.pc;
      },
    });
    none.pc = onNone === 'continue' ? c.ops.length : c.aside(['answer', 'on_none'], onNone, { after: next }).pc;
    c.place(next);
  },
});

/** The built-in read of a deployment that has knowledge. */
const SEARCH = 'knowledge.search';
const TIMEOUT = 5_000;

function checkSets(c: Compiler, from: readonly string[]): void {
  const known = c.library.knowledge;
  if (known === undefined) return;
  for (const [index, name] of from.entries()) {
    if (known.has(name)) continue;
    const guess = nearest(name, known);
    c.error(
      'answer.unknown_set',
      `No knowledge set is called \`${name}\`.`,
      ['answer', 'from', index],
      guess ? `Did you mean \`${guess}\`?` : 'Define it under `knowledge:` in parley.yaml.',
    );
  }
}

/** A deployment without knowledge never knows. */
function knowNothing(c: Compiler, asked: ReturnType<Compiler['value']>, onNone: unknown): void {
  const none = { pc: c.ops.length + 1 };
  c.emit({
    reads: asked.reads,
    enter(run) {
      run.record('knowledge.none', { query: asked.evaluate(run) });
      return none.pc;
    },
  });
  if (onNone !== 'continue') c.block(['answer', 'on_none'], onNone);
}

/** Her language, where she writes, and the groups she belongs to: those of her profile, and `customers` once she has proven who she is. */
function whoAsks(run: Run): JsonObject {
  const { audience } = run.customer;
  const groups = [audience ?? []].flat().filter((group) => typeof group === 'string');
  return {
    locale: run.locale,
    account: run.account,
    audience: run.session['verified'] === true ? [...groups, 'customers'] : groups,
    at: run.now,
  };
}

interface Found {
  readonly text: string;
  readonly title: string;
  readonly url?: string;
  readonly page?: number;
  readonly set: Json;
  readonly document: Json;
  readonly confidence: Json;
}

function foundIn(outcome: Outcome): Found | undefined {
  const value = outcome.ok ? outcome.value : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { text, title, url, page, set = null, document = null, confidence = null } = value as JsonObject;
  if (typeof text !== 'string' || text === '' || typeof title !== 'string') return undefined;
  return {
    text,
    title,
    set,
    document,
    confidence,
    ...(typeof url === 'string' && /^https?:\/\//i.test(url) && { url }),
    ...(typeof page === 'number' && { page }),
  };
}

function messageOf(run: Run, { text, title, url, page }: Found): Message {
  const source = page === undefined ? title : run.phrase('knowledge_page', { title, page: String(page) });
  const cited = `${text}\n\n${run.phrase('knowledge_source', { title: source })}`;
  return url === undefined
    ? { text: cited }
    : { text: cited, links: [{ title: run.phrase('knowledge_link'), url: pageOf(url, page) }] };
}

/** Viewers open a PDF at the page that its address names (RFC 8118). */
function pageOf(url: string, page: number | undefined): string {
  return page === undefined || url.includes('#') ? url : `${url}#page=${page}`;
}
