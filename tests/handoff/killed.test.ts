import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { openBot } from '../../src/bot/open-bot.ts';
import { Folder } from '../cli/deployment-folder.ts';

const FILES = {
  'parley.yaml':
    'name: Shop\nchannels: {web: {kind: web}}\ndesk: {undo_window: 2s, queues: {support: {}}, agents: {mia: {queues: [support]}}}\n',
  'flows/hello/flow.yaml':
    'flow: hello\ntriggers: {examples: {en: [hello bot]}}\nsteps: [say: Hello there, end: resolved]\n',
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('what an agent may still take back outlives a kill, and is said once', async () => {
  using folder = new Folder(FILES);
  const victim = spawn(process.execPath, [join(import.meta.dirname, 'desk-bot.ts'), folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const [line] = (await once(createInterface({ input: victim.stdout }), 'line')) as [string];
  const died = once(victim, 'exit');
  victim.kill('SIGKILL');
  await died;
  const [, conversation = ''] = line.split(' ');
  const bot = await openBot({ directory: folder.path, environment: {}, log: LOG });
  try {
    const said = async () =>
      (await bot.engine.transcript(conversation, 0, 100)).flatMap(({ from, message }) =>
        from === 'agent' ? [message.text] : [],
      );
    expect(await said()).toEqual([]);
    await bot.engine.start();
    while ((await said()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await bot.office?.give({
      ...{ conversation, command: 'c2' },
      happening: { on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'none' },
    });
    expect(await said()).toEqual(['I am here.']);
  } finally {
    await bot.stop(1_000);
  }
});
