import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Action, defineAction } from '../../src/action.ts';
import type { JsonObject } from '../../src/type.ts';

/** A complaint whose mood a model is asked for, with a write that only the customer's own yes may lead to. */
const FLOW = `flow: complain
description: Takes a complaint
triggers: {examples: {en: [I want to complain, a complaint please]}}
slots: {note: {type: text, prefill: never}}
steps:
  - collect: note
    ask: What happened?
  - llm:
      task: classify
      input: [note]
      out: {mood: "enum(calm,angry)", why: text}
      limits: {timeout: LIMIT}
      on_fail: {mood: calm, why: unknown}
    as: it
  - say: "Noted as {it.mood}: {it.why}."
  - confirm: pay
    ask: "Shall I refund it?"
    binds: [note]
    no: [end: declined]
  - action: refunds.create
    with: {note: =note}
    confirmed_by: pay
  - end: resolved
`;

/** A folder with such a bot, its model at \`\${MODEL_BASE}\`. */
export function modelBot({ limit = '3s', budget = '{}' } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-models-'));
  mkdirSync(join(directory, 'flows'));
  writeFileSync(join(directory, 'flows', 'complain.yaml'), FLOW.replace('LIMIT', limit));
  const models = `{base: "\${MODEL_BASE}", key: "\${MODEL_KEY}", model: m, try: 400ms, retries: 1, cache: 0, budget: ${budget}}`;
  writeFileSync(
    join(directory, 'parley.yaml'),
    `name: Shop\nlocales: [en]\nnotice: false\nchannels: {web: {kind: web}}\nmodels: ${models}\n`,
  );
  return directory;
}

/** The write, done for nobody. */
export function refundAction(told: (args: JsonObject) => void): Action {
  return defineAction({
    name: 'refunds.create',
    effect: 'write',
    in: { note: { kind: 'text' } },
    out: { kind: 'any' },
    async run(args) {
      told(args);
      return null;
    },
  });
}
