import { expect, test } from '@jest/globals';
import { draftOf } from '../../src/flow/answering.ts';
import type { Run } from '../../src/flow/run.ts';

test('three drafts of the longest kind leave room in the state of a conversation', () => {
  const run = { locale: 'zh', phrase: (name: string) => name } as unknown as Run;
  const long = '退货须知'.repeat(2_000);
  const other = { text: long, title: '退货', url: 'https://shop.example/zh/returns', set: 'help', document: 'zh/b.md' };
  const found = {
    ...{ ...other, text: '退货'.repeat(400), document: 'zh/a.md', confidence: 0.9 },
    evidence: {
      passage: long,
      version: 'v',
      others: [
        { ...other, confidence: 0.5 },
        { ...other, confidence: 0.4 },
      ],
    },
  };
  const draft = draftOf(run, long, found, { flow: 'repair.knowledge', version: 'f', context: 'c' });
  expect(draft.text).toBe(found.text);
  expect(draft.others).toHaveLength(2);
  expect(Buffer.byteLength(JSON.stringify([draft, draft, draft]))).toBeLessThan(28 * 1024);
});
