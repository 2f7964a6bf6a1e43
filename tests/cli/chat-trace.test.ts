import { expect, test } from '@jest/globals';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

test('parley chat --trace tells which flows the words are like, and how sure that is', async () => {
  using folder = new Folder(RIGHT);
  const { code, out } = await parley(['chat', '--trace'], {
    cwd: folder.path,
    input: 'i would like the bot to say hello\n/quit\n',
  });
  expect(code).toBe(0);
  expect(out).toMatch(/like hello: confidence 0\.\d\d \(share \d\.\d\d, nearest example 0\.\d\d\)/);
  expect(out).toContain('Hello there');
}, 20_000);
