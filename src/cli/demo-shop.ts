import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ParleyError } from '../errors.ts';
import { PACKAGE } from './package.ts';

export interface DemoShop {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  stop(): Promise<void>;
}

const PATIENCE = 30_000;
const GRACE = 3_000;

/**
 * Starts the demo's business as a process of its own, as a real one would be, and waits until it answers. It ends with this process,
 * however that ends: the channel between the two breaks.
 * @param options.news where it tells what happens in its world, signed with a secret
 */
export async function startDemoShop(options: {
  data: string;
  news?: { url: string; secret: string };
}): Promise<DemoShop> {
  const { data, news } = options;
  const webhook = news === undefined ? [] : ['--webhook', news.url];
  const child = spawn(process.execPath, [join(PACKAGE, 'shop', 'main.ts'), '--data', data, ...webhook], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...(news === undefined ? {} : { SHOP_WEBHOOK_SECRET: news.secret }) },
  });
  const url = await addressOf(child);
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const end = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), GRACE);
      await end;
      clearTimeout(late);
    },
  };
}

/** Its first line says where it is: `{"url": "http://127.0.0.1:4000"}`. */
async function addressOf(child: ChildProcess): Promise<string> {
  const failed = (why: string, cause?: unknown) =>
    new ParleyError('demo.shop_failed', `The demo shop did not start: ${why}.`, { cause });
  return new Promise((done, fail) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      fail(failed('it gave no sign of life'));
    }, PATIENCE);
    const settle = (end: () => void) => {
      clearTimeout(late);
      end();
    };
    child.once('error', (error) => settle(() => fail(failed('it could not be run', error))));
    child.once('exit', (code) => settle(() => fail(failed(`it ended with exit code ${code}`))));
    if (child.stdout === null) return;
    createInterface(child.stdout).once('line', (line) =>
      settle(() => {
        const { url }: { url: string } = JSON.parse(line);
        done(url);
      }),
    );
  });
}
