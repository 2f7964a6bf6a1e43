import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { DeploymentError, openBot, type RunningBot } from '../bot/open-bot.ts';
import type { State } from '../conversation/state.ts';
import { createBot } from '../deployment/bot.ts';
import { compileDeployment } from '../deployment/deployment.ts';
import type { Entry, News } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import type { Event } from '../event.ts';
import { createLog } from '../log.ts';
import type { Choice } from '../message.ts';
import type { Witness, Witnessed } from '../turn.ts';
import type { Understanding } from '../understanding/understanding.ts';
import { showCloseness, showHearing } from './chat-hearing.ts';
import { type Command, type Input, UsageError } from './command.ts';
import { startDemoShop } from './demo-shop.ts';
import { EXIT } from './exit-code.ts';
import { PACKAGE } from './package.ts';
import { showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';

export const command: Command = {
  arguments: '[flow] [dir]',
  description:
    'Talks to the bot in the terminal, as a customer would: words, or the number of an offered answer. The conversation is forgotten at the end. /quit ends it.',
  options: {
    locale: {
      short: 'l',
      value: 'tag',
      description: 'the language the customer comes with; default: the first of parley.yaml',
    },
    trace: {
      short: 't',
      description: 'shows after each turn which flows the words are like, which step waits, and what every slot holds',
    },
    demo: { description: 'talks to the demo, with its shop' },
  },
  examples: [
    { run: 'parley chat', does: 'the bot of this folder' },
    { run: 'parley chat returns --trace', does: 'begins with a flow, and shows what happens' },
    { run: 'parley chat --demo -l zh', does: 'the demo, in Chinese' },
  ],
  async run(input, terminal) {
    const [flow, folder = '.'] = input.arguments;
    const scratch = mkdtempSync(join(tmpdir(), 'parley-chat-'));
    const shop = input.has('demo') ? await startDemoShop({ data: join(scratch, 'shop') }) : undefined;
    try {
      if (shop !== undefined) terminal.tell(`The shop, with the mailbox where its codes arrive: ${shop.url}`);
      const environment = { ...process.env, ...(shop === undefined ? {} : { SHOP_URL: shop.url }) };
      const directory = input.has('demo') ? PACKAGE : resolve(folder);
      const log = await createLog({ level: 'error' });
      const turns: Witnessed[] = [];
      const witness: Witness = (turn) => void turns.push(turn);
      const bot = await openBot({ directory, environment, log, data: scratch, witness });
      try {
        await converse(bot, flow, input, terminal, turns);
      } finally {
        await bot.stop(1_000);
      }
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      showProblems(error.problems, terminal);
      return EXIT.problems;
    } finally {
      await shop?.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

async function converse(
  bot: RunningBot,
  flow: string | undefined,
  input: Input,
  terminal: Terminal,
  turns: Witnessed[],
): Promise<void> {
  const account = accountOf(bot);
  const locale = input.get('locale') ?? bot.deployment.settings.locales[0] ?? 'en';
  if (flow !== undefined && !bot.flows.has(flow)) {
    throw new UsageError(`There is no flow "${flow}".`, `There are: ${[...bot.flows].join(', ')}.`);
  }
  const understanding = input.has('trace') ? understandingOf(bot) : undefined;
  await bot.engine.start();
  const say = (event: Event) => bot.engine.accept({ account, address: 'terminal', key: randomUUID(), event, locale });
  const first: Event =
    flow === undefined
      ? { kind: 'opened', locale }
      : { kind: 'commands', commands: [{ do: 'start', flow, confidence: 1 }] };
  const { conversation } = await say(first);
  const screen = new Screen(terminal);
  screen.show(await bot.engine.transcript(conversation, 0, 100));
  const endWatching = bot.engine.watch(conversation, (news: News) => {
    if (news.kind === 'entries') screen.show(news.entries);
  });
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    prompt: '› ',
    terminal: process.stdin.isTTY,
  });
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === '/quit') break;
    if (text !== '') {
      turns.length = 0;
      await say(screen.eventOf(text));
      await settled(bot, conversation, screen);
      if (input.has('trace')) {
        showCloseness(understanding?.rank?.(text) ?? [], terminal);
        showHearing(turns, terminal);
        await trace(bot, conversation, terminal);
      }
    }
    if (isTerminal) lines.prompt();
  }
  lines.close();
  endWatching();
}

/** Any account will do: the terminal fetches what is said from the transcript, as the web chat does. */
function accountOf({ deployment }: RunningBot): string {
  const fetched = deployment.accounts.find(({ channel }) => channel.send === undefined);
  if (fetched !== undefined) return fetched.name;
  throw new ParleyError('chat.no_account', 'No account of kind web is in parley.yaml.', {
    hint: 'Add: channels: {web: {kind: web}}',
  });
}

/** Shows what the bot says, each entry once, with numbers before offered answers. */
class Screen {
  private readonly terminal: Terminal;
  private shown = 0;
  private choices: readonly Choice[] = [];

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  get last(): number {
    return this.shown;
  }

  show(entries: readonly Entry[]): void {
    for (const { seq, from, message } of entries) {
      if (seq <= this.shown) continue;
      this.shown = seq;
      if (from === 'customer') continue;
      const { print, paint } = this.terminal;
      print(`${paint('cyan', from)} ${message.text}`);
      for (const link of message.links ?? []) print(`      ${link.title}: ${link.url}`);
      for (const field of message.card?.fields ?? []) print(`      ${field.name}: ${field.value}`);
      this.choices = message.choices ?? [];
      for (const [index, { label }] of this.choices.entries()) print(`   ${paint('dim', `${index + 1}.`)} ${label}`);
    }
  }

  /** A number that is on offer is a tap; everything else is said. */
  eventOf(text: string): Event {
    const choice = /^\d{1,2}$/.test(text) ? this.choices[Number(text) - 1] : undefined;
    return choice === undefined
      ? { kind: 'message', text }
      : { kind: 'choice', token: choice.token, label: choice.label };
  }
}

/** Milliseconds, longer than the grace in which a turn awaits what it reads. */
const QUIET = 300;
/** Longer than a model may take. */
const PATIENCE = 25_000;

/** Until nothing has been said for a moment, and no call is under way that may still say something. */
async function settled({ engine, store }: RunningBot, conversation: string, screen: Screen): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (let before = -1; performance.now() < end; ) {
    screen.show(await engine.transcript(conversation, screen.last, 100));
    const state = await stateOf(store, conversation);
    const calling = state?.frames.some(({ pending }) => pending !== undefined) ?? false;
    const isAsking = state?.doubt !== undefined;
    if (screen.last === before && !calling && !isAsking) return;
    before = screen.last;
    await new Promise((next) => setTimeout(next, QUIET));
  }
}

async function stateOf(store: RunningBot['store'], conversation: string): Promise<State | undefined> {
  const state = (await store.find(conversation))?.state;
  return state === undefined ? undefined : (JSON.parse(state) as State);
}

/** The same that the bot has: it does not hand its own out. */
function understandingOf({ deployment }: RunningBot): Understanding {
  return createBot(deployment, compileDeployment(deployment)).understanding;
}

async function trace({ store }: RunningBot, conversation: string, { print, paint }: Terminal): Promise<void> {
  const state = await stateOf(store, conversation);
  for (const { flow, step, slots } of state?.frames ?? []) {
    const values = Object.entries(slots).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    print(paint('dim', `  ${flow} at ${step}  ${values.join(' ')}`));
  }
  if (state?.frames.length === 0) print(paint('dim', '  no flow is running'));
}
