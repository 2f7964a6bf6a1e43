import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, defineAction } from '../../src/action.ts';
import { type Bot, catalogueOf } from '../../src/conversation/bot.ts';
import { compileFlows, type FlowText } from '../../src/flow/flows.ts';
import type { Type } from '../../src/type.ts';
import { createUnderstanding } from '../../src/understanding/embedded.ts';
import { findOrder, quoteReturn } from '../business.ts';

const FLOWS = join(import.meta.dirname, '..', 'flows');
const REPAIR = join(import.meta.dirname, '..', '..', 'flows', 'repair');
const LOCALES = ['en'];

const string: Type = { kind: 'string' };
const money: Type = { kind: 'money' };
const line: Type = { kind: 'object', name: 'Line', fields: { sku: string, name: string, price: money } };
const order: Type = {
  kind: 'object',
  name: 'Order',
  fields: {
    id: string,
    status: string,
    carrier: string,
    eta: { kind: 'date' },
    total: money,
    lines: { kind: 'list', of: line },
  },
};
const quote: Type = {
  kind: 'object',
  name: 'Quote',
  fields: { rma: string, refund: money, until: { kind: 'date' }, label_url: { kind: 'url' } },
};

/** The business's actions, answered at once. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    defineAction({
      name: 'orders.find',
      effect: 'read',
      in: { order_id: string },
      out: { kind: 'optional', of: order },
      run: async ({ order_id }) => findOrder(String(order_id)),
    }),
    defineAction({
      name: 'returns.quote',
      effect: 'read',
      in: { order_id: string, sku: string, outcome: string },
      out: quote,
      run: async ({ order_id }) => quoteReturn(String(order_id)),
    }),
  ].map((action) => [action.name, action]),
);

/** The flows of `bench/flows`, compiled, among as many others as make `flows` of them. */
export function benchBot(flows = 10): Bot {
  const compiled = compileFlows(
    [...own(), ...Array.from({ length: Math.max(0, flows - 2) }, (_, index) => other(index))],
    {
      actions: ACTIONS,
      types: new Map([
        ['Line', line],
        ['Order', order],
        ['Quote', quote],
      ]),
      locales: LOCALES,
      channels: [],
    },
  );
  const wrong = compiled.problems.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0)
    throw new Error(wrong.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'));
  const { programs } = compiled;
  return {
    programs,
    versions: new Map([...programs.values()].map((program) => [program.version, program])),
    understanding: createUnderstanding({ flows: catalogueOf(programs), locales: LOCALES }),
    locales: LOCALES,
    timezone: 'Europe/Berlin',
    texts: { en: { yes: 'Yes', no: 'No' } },
    desk: false,
    patience: 0,
  };
}

/** The two flows and their greeting, and the repair flows that ship but for those that would speak where the script does not. */
function own(): FlowText[] {
  const shipped = readdirSync(REPAIR)
    .filter((name) => name.endsWith('.yaml') && !SILENT.includes(name))
    .map((name) => ({ ...read(REPAIR, name), pattern: name.replace('.yaml', '') }));
  return [
    read(FLOWS, 'order-status.yaml'),
    read(FLOWS, 'returns.yaml'),
    { ...read(FLOWS, 'chitchat.yaml'), pattern: 'chitchat' },
    ...shipped,
  ];
}

const SILENT = ['texts.yaml', 'chitchat.yaml', 'session_start.yaml', 'completed.yaml'];

function read(folder: string, name: string): FlowText {
  return { file: name, text: readFileSync(join(folder, name), 'utf8') };
}

/** A flow that nobody asks for, with words of its own. */
function other(index: number): FlowText {
  const word = `w${(index * 7_919).toString(36)}`;
  return {
    file: `other-${index}.yaml`,
    text: `flow: other_${index}
description: Customer wants a ${word} to be changed
triggers: {examples: {en: [change my ${word}, "I would like to change the ${word}", "what about ${word}?"]}}
slots: {code: string, again: boolean}
steps:
  - {collect: code, ask: "What is the code of the ${word}?"}
  - {collect: again, ask: "Shall I look at {code} again?"}
  - if: again
    then: [{say: "Then I look again at {code}."}]
    else: [{say: "Fine."}]
  - end: resolved
`,
  };
}
