import { randomBytes } from 'node:crypto';
import { createServer as createProbe } from 'node:net';
import { join, resolve } from 'node:path';
import { openDoors } from '../bot/doors.ts';
import { DeploymentError, openBot, type RunningBot } from '../bot/open-bot.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import { ParleyError } from '../errors.ts';
import { createLog, type Log } from '../log.ts';
import type { Playground } from '../playground/playground.ts';
import type { Command, Input } from './command.ts';
import { demoPage } from './demo-page.ts';
import { type DemoShop, startDemoShop } from './demo-shop.ts';
import { EXIT } from './exit-code.ts';
import { PACKAGE } from './package.ts';
import { DEFAULT_PORT, portOf } from './port.ts';
import { plural, showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';
import { watchFolder } from './watch-folder.ts';

/** Milliseconds that a shutdown may take: what runs ends, what waits is on disk. */
const GRACE = 10_000;

export const command: Command = {
  arguments: '[dir]',
  description:
    'Runs a deployment: its flows, its channels, its database. SIGTERM ends it within ten seconds and loses nothing; a second one at once.',
  options: {
    port: { short: 'p', value: 'number', description: `default: PORT, or ${DEFAULT_PORT}; 0 takes any free one` },
    host: { value: 'address', description: 'default: 127.0.0.1; 0.0.0.0 to be reached from other machines' },
    watch: { short: 'w', description: 'takes up changed flows at once; open conversations go on' },
    demo: { description: 'runs the demo: a shop with orders, returns and bills, and a playground of every channel' },
  },
  examples: [
    { run: 'parley start', does: 'the deployment in this folder' },
    { run: 'parley start --watch --port 8080', does: 'while writing flows' },
    { run: 'parley start --demo', does: 'the shop that ships with Parley' },
  ],
  exits: { 1: 'the flows or settings have errors' },
  async run(input, terminal) {
    const log = await createLog({ level: input.has('watch') || input.has('demo') ? 'warn' : 'info' });
    const house = await open(input, terminal, log).catch((error: unknown) => {
      if (!(error instanceof DeploymentError)) throw error;
      showProblems(error.problems, terminal);
      return undefined;
    });
    if (house === undefined) return EXIT.problems;
    const endWatching = input.has('watch') ? watchFlows(house.bot, terminal) : undefined;
    const why = await endOf(house.bot);
    endWatching?.();
    if (why === 'store') {
      terminal.tell(
        'The database cannot be trusted any more (a failed sync): ending. Start again; everything acknowledged is there.',
      );
      process.exit(EXIT.failed);
    }
    terminal.tell('Ending: what runs may finish …');
    await house.close();
    return EXIT.ok;
  },
};

interface House {
  readonly bot: RunningBot;
  close(): Promise<void>;
}

/** Opens everything from the inside out: business, bot, doors; what was opened is closed again when a later part fails. */
async function open(input: Input, terminal: Terminal, log: Log): Promise<House> {
  const directory = input.has('demo') ? PACKAGE : resolve(input.arguments[0] ?? '.');
  const port = await takePort(portOf(input));
  const secret =
    process.env.PARLEY_EVENTS_SECRET ?? (input.has('demo') ? randomBytes(32).toString('base64url') : undefined);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closers.toReversed()) await one();
  };
  try {
    const shop = input.has('demo') ? await openShop(directory, port, secret ?? '', terminal) : undefined;
    if (shop !== undefined) closers.push(() => shop.stop());
    const playground =
      shop !== undefined && isLoopback(input.get('host')) ? await openPlayground(directory, port) : undefined;
    if (playground !== undefined) closers.push(() => playground.close());
    const environment = {
      ...process.env,
      ...(shop === undefined ? {} : { SHOP_URL: shop.url }),
      ...playground?.environment,
    };
    const bot = await openBot({
      directory,
      environment,
      log,
      ...(playground && {
        code: { accounts: playground.accounts, ...(playground.slack && { slack: playground.slack }) },
        clock: playground.clock,
        witness: playground.witness,
      }),
    });
    closers.push(() => bot.stop(GRACE));
    await bot.engine.start();
    const listening = await openDoors(bot, {
      port,
      host: input.get('host'),
      secret,
      log,
      ...(shop && { demo: { page: demoPage(), shop: shop.url, ...(playground && { playground: playground.fetch }) } }),
      ...(playground && { platformClock: playground.clock.now }),
    });
    closers.push(() => listening.close(GRACE));
    if (playground !== undefined && bot.webDesk !== undefined) {
      bot.webDesk.letAnyoneIn();
      terminal.print(`The agents' desk without Slack: ${terminal.paint('bold', `${listening.url}/console/desk`)}`);
    }
    if (playground !== undefined) {
      await playground.begin(bot.engine);
      closers.push(async () => playground.dismiss());
      terminal.print(
        `Open the playground, all channels and the agents' desk: ${terminal.paint('bold', `${listening.url}/playground`)}`,
      );
    }
    const { problems } = bot.deployment;
    if (problems.length > 0) terminal.tell(`${plural(problems.length, 'warning')}: parley check tells more.`);
    const page = bot.deployment.accounts.some(({ channel }) => channel.kind === 'web') ? '/chat' : '';
    terminal.print(`${bot.deployment.settings.name} is at ${terminal.paint('bold', `${listening.url}${page}`)}`);
    return { bot, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every platform's stand-in. Loaded here alone: a deployment of its own never hears of it. */
async function openPlayground(directory: string, port: number): Promise<Playground> {
  const { openPlayground } = await import('../playground/playground.ts');
  const { settings } = await loadDeployment(directory, process.env);
  const colleagues = Object.entries(settings.desk?.agents ?? {}).map(([name, agent]) => ({
    name,
    shown: agent.name ?? name,
  }));
  return openPlayground({ bot: `http://127.0.0.1:${port}`, colleagues });
}

/** Whoever reaches the playground can be any customer: it is for this machine only. */
function isLoopback(host = '127.0.0.1'): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}

async function openShop(directory: string, port: number, secret: string, terminal: Terminal): Promise<DemoShop> {
  terminal.progress('Opening the demo shop …');
  const { data } = await loadDeployment(directory, process.env);
  const shop = await startDemoShop({
    data: join(data, 'shop'),
    news: { url: `http://127.0.0.1:${port}/events`, secret },
  });
  terminal.done();
  return shop;
}

function watchFlows(bot: RunningBot, terminal: Terminal): () => void {
  const { directory, settings } = bot.deployment;
  // One after the other: a slow reload must not overtake a later one.
  let last = Promise.resolve();
  const reload = async () => {
    const begin = performance.now();
    const problems = await bot.reload();
    if (problems.length === 0) terminal.tell(`Flows taken up in ${Math.ceil(performance.now() - begin)} ms.`);
    else {
      showProblems(problems, terminal);
      terminal.tell('The flows stay as they were until this is mended.');
    }
  };
  const changed = () => {
    last = last
      .then(reload)
      .catch((error: unknown) =>
        terminal.tell(`The flows stay as they were: ${error instanceof Error ? error.message : String(error)}`),
      );
  };
  terminal.tell(`Watching ${settings.flows}/ for changes.`);
  const documents = bot.deployment.knowledge.flatMap(({ folder }) => folder ?? []);
  return watchFolder(directory, settings.flows, changed, documents);
}

/** Resolves when the process is asked to end, or when the store can no longer be trusted. */
function endOf({ store }: RunningBot): Promise<'signal' | 'store'> {
  return new Promise((done) => {
    store.onFatal(() => done('store'));
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      let asked = false;
      process.on(signal, () => {
        if (asked) process.exit(code);
        asked = true;
        done('signal');
      });
    }
  });
}

/** A free port is looked up before anything starts, because the shop must know where to tell its news. */
function takePort(wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createProbe();
    probe.once('error', (cause) =>
      fail(
        new ParleyError('start.port_taken', `Port ${wanted} is taken by another program.`, {
          hint: 'Stop it, or choose another: PORT=3001 npm start, or parley start --port 3001.',
          cause,
        }),
      ),
    );
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}
