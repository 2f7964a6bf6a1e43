import { expect, test } from '@jest/globals';
import { compileDeployment, loadDeployment } from '../../src/deployment/deployment.ts';
import { riskOf } from '../../src/deployment/review.ts';
import { Folder } from '../cli/deployment-folder.ts';

const DESK = 'desk: {queues: {support: {}}, agents: {mia: {queues: [support]}}}\n';
const FLOW = (head: string, more = '') => `flow: refund
${head}triggers: {examples: {en: [refund please]}}
slots: {words: {type: text, prefill: words}}
steps:
  - collect: words
    ask: What is it about?
${more}  - answer: {query: =words, on_none: continue}
  - end: resolved
`;
const WRITE = '  - action: notes.add\n    with: {text: =words}\n    consent: implied\n';
const CONNECTORS = `connectors:
  notes:
    base: https://x.example
    add: {effect: write, in: {text: string}, out: {ok: boolean}, http: POST /notes}
`;

async function compiled(settings: string, flow: string) {
  using folder = new Folder({
    'parley.yaml': `name: Test\nchannels: {web: {kind: web}}\nknowledge: {help: {folder: knowledge}}\n${settings}`,
    'flows/refund/flow.yaml': flow,
    'flows/connectors.yaml': CONNECTORS,
    'knowledge/a.md': '# A\n\nSomething.\n',
  });
  return compileDeployment(await loadDeployment(folder.path, {}));
}
const problems = async (settings: string, flow = FLOW('')) =>
  (await compiled(settings, flow)).problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, col, code }) => `${line}:${col} ${code}`);

test.each([
  ['review: {mode: sometimes}\n', '5:16 settings.invalid_value'],
  ['review: {queue: suport}\n', '5:17 settings.unknown_queue'],
  ['review: {owners: [tom]}\n', '5:19 settings.unknown_agent'],
  ['review: {knowledge: {terms: approve}}\n', '5:29 settings.unknown_set'],
  ['review: {risk: {high: auto}}\n', '5:23 settings.too_free'],
  ['review: {flows: {refnd: approve}}\n', '1:1 settings.unknown_flow'],
  ['review: {sample: {random: 2}}\n', '5:27 settings.invalid_value'],
])('%j is told with its place', async (review, problem) => {
  expect(await problems(`${DESK}${review}`)).toEqual([problem]);
});

test('nobody reviews without a desk', async () => {
  expect(await problems('review: {mode: approve}\n')).toEqual([
    expect.stringContaining('settings.review_without_desk'),
  ]);
});

test('what is of high risk may not be free, by whoever says so', async () => {
  expect(await problems(`${DESK}review: {mode: auto}\n`, FLOW('risk: high\nreview: auto\n'))).toEqual([
    '3:1 settings.too_free',
  ]);
  expect(await problems(`${DESK}review: {flows: {refund: auto+sample}}\n`, FLOW('risk: high\n'))).toEqual([
    '2:1 settings.too_free',
  ]);
  expect(await problems(`${DESK}review: {flows: {refund: approve}}\n`, FLOW('risk: high\nreview: suggest\n'))).toEqual(
    [],
  );
  expect(await problems('', FLOW('risk: high\n'))).toEqual(['2:1 settings.unreviewed']);
});

test('a flow that writes is of high risk, unless its author says otherwise', async () => {
  const riskIn = async (head: string, more = '') =>
    riskOf((await compiled('', FLOW(head, more))).programs.get('refund'));
  expect(await riskIn('')).toEqual({ risk: 'normal' });
  expect(await riskIn('', WRITE)).toEqual({ risk: 'high' });
  expect(await riskIn('risk: low\nreview: suggest\n', WRITE)).toEqual({ risk: 'low', review: 'suggest' });
});
