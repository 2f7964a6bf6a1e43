import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley, ROOT } from './parley.ts';

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** `parley start`, once it has said where it is. */
class Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lines: string[];

  private constructor(child: ChildProcess, url: string, lines: string[]) {
    this.child = child;
    this.url = url;
    this.lines = lines;
  }

  static async start(folder: string, ...options: string[]): Promise<Started> {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'bin', 'parley.mjs'), 'start', folder, '--port', '0', ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    running.push(child);
    const lines: string[] = [];
    const url = await new Promise<string>((done, fail) => {
      child.once('exit', (code) => fail(new Error(`parley start ended with ${code}: ${lines.join('\n')}`)));
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface(stream).on('line', (line) => {
          lines.push(line);
          const found = /(http:\/\/[\d.:]+)\/chat/.exec(line)?.[1];
          if (found !== undefined) done(found);
        });
      }
    });
    return new Started(child, url, lines);
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await exit;
    return code;
  }

  async said(words: string): Promise<void> {
    await until(() => this.lines.some((line) => line.includes(words)));
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await new Promise((next) => setTimeout(next, 30));
  }
  throw new Error('What this test waits for did not come.');
}

class Visitor {
  private readonly url: string;
  private readonly token: string;
  private count = 0;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  static async at(url: string): Promise<Visitor> {
    const answer = await fetch(`${url}/chat/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"locale":"en"}',
    });
    const { token }: { token: string } = JSON.parse(await answer.text());
    return new Visitor(url, token);
  }

  again(url: string): Visitor {
    return Object.assign(new Visitor(url, this.token), { count: this.count + 1_000 });
  }

  async write(text: string): Promise<number> {
    this.count += 1;
    const body = JSON.stringify({ id: `m${this.count}`, text });
    const answer = await fetch(`${this.url}/chat/messages`, { method: 'POST', headers: this.headers(), body });
    return answer.status;
  }

  async reads(words: string): Promise<boolean> {
    const answer = await fetch(`${this.url}/chat/messages?after=0`, { headers: this.headers() });
    return (await answer.text()).includes(words);
  }

  private headers() {
    return { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
  }
}

const ASKING =
  'flow: hello\nslots: {name: string}\ntriggers: {examples: {en: [hello bot]}}\nsteps:\n  - {collect: name, ask: What may I call you?}\n  - say: "Nice to meet you, {name}"\n';

describe('parley start', () => {
  test('answers a customer, ends on SIGTERM, and goes on where it was', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/hello/flow.yaml': ASKING });
    const first = await Started.start(folder.path);
    const visitor = await Visitor.at(first.url);
    expect(await visitor.write('hello bot')).toBe(202);
    await until(() => visitor.reads('What may I call you?'));
    expect(await first.end('SIGTERM')).toBe(0);

    const second = await Started.start(folder.path);
    const same = visitor.again(second.url);
    expect(await same.write('Ana')).toBe(202);
    await until(() => same.reads('Nice to meet you, Ana'));
    expect(await second.end('SIGTERM')).toBe(0);
  });

  test('takes up a changed flow and keeps the conversation; a broken one changes nothing', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/hello/flow.yaml': ASKING });
    const bot = await Started.start(folder.path, '--watch');
    const open = await Visitor.at(bot.url);
    await open.write('hello bot');
    await until(() => open.reads('What may I call you?'));

    folder.write('flows/hello/flow.yaml', ASKING.replace('Nice to meet you', 'Welcome'));
    await bot.said('Flows taken up');
    await open.write('Ana');
    // Pinned: it ends in the version it began in.
    await until(() => open.reads('Nice to meet you, Ana'));
    const fresh = await Visitor.at(bot.url);
    await fresh.write('hello bot');
    await until(() => fresh.reads('What may I call you?'));

    folder.write('flows/hello/flow.yaml', 'flow: hello\nsteps: [sya: hi]\n');
    await bot.said('flow.unknown_step');
    await bot.said('stay as they were');
    await fresh.write('Bo');
    await until(() => fresh.reads('Welcome, Bo'));
    expect(await bot.end('SIGTERM')).toBe(0);
  });

  test('says which port is taken and how to choose another', async () => {
    using folder = new Folder(RIGHT);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, err } = await parley(['start', folder.path, '--port', String(port)]);
    other.close();
    expect(code).toBe(3);
    expect(err).toContain(`Port ${port} is taken`);
    expect(err).toContain('--port 3001');
  });

  test('does not start with errors in the flows', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/a/flow.yaml': 'flow: a\nsteps: [sya: hi]\n' });
    const { code, out } = await parley(['start', folder.path, '--port', '0']);
    expect(code).toBe(1);
    expect(out).toContain('flows/a/flow.yaml:2:9 error flow.unknown_step');
  });
});

describe('parley deploy --dry-run', () => {
  test('counts what would become of open conversations, and changes nothing', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/hello/flow.yaml': ASKING });
    const bot = await Started.start(folder.path);
    const visitor = await Visitor.at(bot.url);
    await visitor.write('hello bot');
    await until(() => visitor.reads('What may I call you?'));
    folder.write('flows/hello/flow.yaml', `on_update: restart\n${ASKING.replace('Nice', 'Good')}`);
    // The bot is still running: the dry run must not be in its way.
    const { code, out } = await parley(['deploy', '--dry-run', '--json', folder.path]);
    expect(JSON.parse(out)).toMatchObject({
      conversations: 1,
      flows: [{ flow: 'hello', same: 0, pin: 0, restart: 1, handoff: 0 }],
    });
    expect(code).toBe(0);
    await bot.end('SIGTERM');
  });
});
