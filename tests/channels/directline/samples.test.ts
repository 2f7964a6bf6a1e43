import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ROOT } from '../../journeys/process.ts';
import { type Line, openLine, SECRET } from '../../server/directline/line.ts';

const FOLDER = join(ROOT, 'channels/directline/samples');

/** What comes of each sample; `undefined`: it is heard, and nothing comes of it. */
const EVENTS: Readonly<Record<string, object | undefined>> = {
  'message.json': { kind: 'message', text: 'where is my order?' },
  'message-zh.json': { kind: 'message', text: '我的订单到哪了' },
  'dotnet-message.json': { kind: 'message', text: 'where is my order?' },
  'suggested-action.json': { kind: 'choice', token: 'o1.1' },
  'card-submit.json': { kind: 'choice', token: 'o2.0,o2.1' },
  'typing.json': undefined,
  'join-event.json': undefined,
};
/** Goes with a file, in a form. */
const UPLOADED = 'upload-activity.json';

let line: Line;
beforeEach(async () => {
  line = await openLine();
});
afterEach(() => line.close());

const sample = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const events = () => line.engine.inbox.map(({ event }) => event).filter(({ kind }) => kind !== 'opened');

test('every sample is looked at', () => {
  const there = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(there.toSorted()).toEqual([...Object.keys(EVENTS), UPLOADED].toSorted());
});

test.each(Object.entries(EVENTS))('%s is taken for what it is, once', async (name, event) => {
  const { conversationId } = await line.start();
  for (const _ of name.startsWith('dotnet') ? [1] : [1, 2]) {
    const path = `/conversations/${conversationId}/activities`;
    expect((await line.call('POST', path, SECRET, JSON.parse(sample(name)))).status).toBe(200);
  }
  expect(events()).toEqual(event === undefined ? [] : [event]);
  expect(line.engine.inbox.at(-1)?.locale).toBe(
    name.includes('zh') ? 'zh-CN' : event && !name.startsWith('dotnet') ? 'en-US' : undefined,
  );
});

test('the activity of an upload goes with its file', async () => {
  const { conversationId } = await line.start();
  const form = new FormData();
  form.append('activity', new Blob([sample(UPLOADED)], { type: 'application/vnd.microsoft.activity' }), 'blob');
  form.append('file', new Blob([Buffer.from('89504e470d0a1a0a', 'hex')], { type: 'image/png' }), 'mug.png');
  await line.call('POST', `/conversations/${conversationId}/upload?userId=dl_cus_0042`, SECRET, form);
  expect(events()).toMatchObject([
    { kind: 'message', text: '', attachments: [{ name: 'mug.png', type: 'image/png' }] },
  ]);
});
