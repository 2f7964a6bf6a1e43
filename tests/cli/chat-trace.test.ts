import { expect, test } from '@jest/globals';
import { ModelServer } from '../support/model-server.ts';
import { proposing } from '../support/opinion-bot.ts';
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

test('parley chat --trace tells why the model was asked, what it understood, and what of that was left out', async () => {
  const server = new ModelServer();
  const base = await server.listen();
  server.script = [proposing({ do: 'start', flow: 'hello' }, { do: 'cancel' }), { fault: 'bad_key' }];
  using folder = new Folder({
    ...RIGHT,
    'parley.yaml': `${RIGHT['parley.yaml']}models: {base: "${base}", model: m}\n`,
  });
  const input = 'a wee word of welcome would be appreciated by me\nsome more of that, if you would be so kind\n/quit\n';
  const { out } = await parley(['chat', '--trace'], { cwd: folder.path, input });
  await server.close();
  expect(out).toMatch(/the model is asked: .+ \(confidence 0\.\d\d\)/);
  expect(out).toContain('understood by the model: start hello');
  expect(out).toContain('left out: cancel: not_now');
  expect(out).toMatch(/the model did not help \(model\.refused\); understood without it: /);
}, 30_000);
