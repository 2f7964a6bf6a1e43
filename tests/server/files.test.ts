import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attachment } from '../../src/message.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { type Door, openDoor, refusalOf } from './door.ts';
import { NO_RECORDINGS, RECORDINGS } from './recordings.ts';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

let door: Door;
let token: string;
beforeEach(async () => {
  door = await openDoor({ files: { size: 1000, total: 2500 } });
  ({ token } = await door.open());
});
afterEach(() => door.close());

const upload = (bytes: Uint8Array | string, name = 'photo.png', by = token) =>
  door.post('/chat/files', bytes, by, {
    'content-type': 'application/octet-stream',
    'x-file-name': encodeURIComponent(name),
  });

describe('a file', () => {
  test('is kept, goes along with a message, and is shown to whoever has its address', async () => {
    const answer = await upload(PNG, '破损 photo.png');
    const file = (await answer.json()) as Attachment;
    expect(answer.status).toBe(201);
    expect(file).toEqual({
      id: file.id,
      name: '破损 photo.png',
      type: 'image/png',
      size: 11,
      url: `/chat/files/${file.id}`,
    });
    expect(file.id.length).toBeGreaterThan(40);

    await door.post('/chat/messages', { id: 'm1', files: [file.id] }, token);
    expect(door.engine.inbox.at(-1)?.event).toEqual({ kind: 'message', text: '', attachments: [file] });

    const shown = await door.get(file.url);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(PNG);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    expect(shown.headers.get('content-disposition')).toMatch(/^inline;/);
  });

  test('sent again after a lost answer is the same attachment', async () => {
    expect(await (await upload(PNG)).json()).toEqual(await (await upload(PNG)).json());
  });

  test('is what its bytes say, whatever is claimed, and a download unless it is a picture', async () => {
    const text = (await (await upload('hello, 世界', 'evil.html')).json()) as Attachment;
    expect(text.type).toBe('text/plain');
    const shown = await door.get(text.url);
    expect(shown.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(shown.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''evil.html");
    expect(((await (await upload('%PDF-1.7 x', 'a.pdf')).json()) as Attachment).type).toBe('application/pdf');
  });

  test.each([
    ['a program', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), 415, 'chat.file_type'],
    ['an archive', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 415, 'chat.file_type'],
    ['nothing at all', new Uint8Array(), 415, 'chat.file_type'],
    ['a file over the limit', 'x'.repeat(1001), 413, 'chat.too_large'],
  ])('that is %s is refused', async (_what, bytes, status, code) => {
    expect(await refusalOf(await upload(bytes))).toEqual([status, code]);
  });

  test.each(RECORDINGS)('that is a recording as %s is taken, and served as a download', async (type, bytes) => {
    const file = (await (await upload(bytes, 'page.html')).json()) as Attachment;
    expect(file.type).toBe(type);
    const shown = await door.get(file.url);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(new Uint8Array(bytes));
    expect(shown.headers.get('content-type')).toBe(type);
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  test.each(NO_RECORDINGS)('that only looks like a recording is refused: %s', async (_what, bytes) => {
    expect(await refusalOf(await upload(bytes, 'voice.mp3'))).toEqual([415, 'chat.file_type']);
  });

  test('has a name without folders and tricks', async () => {
    const file = (await (await upload(PNG, '../../etc/in\u202evoice\r\n.png')).json()) as Attachment;
    expect(file.name).toBe('invoice .png');
  });

  test('beyond a conversation’s quota is refused', async () => {
    await upload('a'.repeat(1000));
    await upload('b'.repeat(1000));
    expect(await refusalOf(await upload('c'.repeat(1000)))).toEqual([413, 'chat.files_full']);
    expect((await upload('c'.repeat(1000), 'c.txt', (await door.open()).token)).status).toBe(201);
  });

  test('of another conversation cannot be sent as one’s own', async () => {
    const file = (await (await upload(PNG)).json()) as Attachment;
    const other = await door.open();
    expect(await refusalOf(await door.post('/chat/messages', { id: 'a', files: [file.id] }, other.token))).toEqual([
      422,
      'chat.unknown_file',
    ]);
  });

  test('needs a token to be sent, and a known address to be seen', async () => {
    expect(await refusalOf(await upload(PNG, 'a.png', 'A'.repeat(43)))).toEqual([401, 'chat.unknown_token']);
    for (const id of ['nothing', '..%2f..%2fkey', `${'A'.repeat(16)}.${'A'.repeat(32)}`])
      expect(await refusalOf(await door.get(`/chat/files/${id}`))).toEqual([404, 'chat.unknown_file']);
  });
});

describe('the file store', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('knows its files after a restart, and leaves no drafts', async () => {
    const file = await createFileStore(folder).keep('c1', { name: 'a.png', type: 'image/png', bytes: PNG });
    const again = createFileStore(folder);
    expect(await again.describe(file.id, 'c1')).toEqual(file);
    expect(await again.describe(file.id, 'c2')).toBeUndefined();
    expect(await again.keep('c1', { name: 'b.png', type: 'image/png', bytes: PNG })).toEqual(file);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.draft'))).toEqual([]);
  });

  test('gives the same content in another conversation another id', async () => {
    const store = createFileStore(folder);
    const one = await store.keep('c1', { name: 'a', type: 'image/png', bytes: PNG });
    const two = await store.keep('c2', { name: 'a', type: 'image/png', bytes: PNG });
    expect(one.id.split('.')[1]).not.toBe(two.id.split('.')[1]);
  });

  test('begun by two processes at once has one key', async () => {
    const stores = Array.from({ length: 5 }, () => createFileStore(folder));
    const files = await Promise.all(
      stores.map((store) => store.keep('c1', { name: 'a', type: 'image/png', bytes: PNG })),
    );
    expect(new Set(files.map((file) => file.id)).size).toBe(1);
  });
});
