import type { Action } from '../action.ts';
import type { Channel, Inbound } from '../channel.ts';
import type { Accepted, Entry } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { createLog, type Log } from '../log.ts';
import { openDoors } from './doors.ts';
import { openBot } from './open-bot.ts';

export interface BotOptions {
  /** The folder with `parley.yaml` and `flows/`; default: the working directory. */
  readonly directory?: string;
  /** Where secrets and addresses are looked up; default: the process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder of the embedded database; default: as `parley.yaml` says. */
  readonly data?: string;
  /** Actions in code, beside those of `connectors.yaml` and `actions/`. */
  readonly actions?: readonly Action[];
  /** Channels in code, beside those that ship: accounts of `parley.yaml` name them by their `kind`. */
  readonly channels?: readonly Channel[];
  readonly log?: Log;
}

/** A bot that runs: the same one that `parley start` runs. */
export interface Bot {
  /** Opens web chat, webhooks and health. Resolves with the address. Without a port it takes a free one. */
  listen(options?: { port?: number; host?: string }): Promise<string>;
  /** Takes an event in. Resolves when it is on disk; the same key again changes nothing. */
  accept(inbound: Inbound): Promise<Accepted>;
  /** The lines of a conversation after a sequence number, oldest first. */
  transcript(conversation: string, after?: number, limit?: number): Promise<readonly Entry[]>;
  /** Takes changed flows up; open conversations go on. With errors everything stays as it was, and they are the result. */
  reload(): Promise<readonly Problem[]>;
  /**
   * Told once when the database cannot be trusted any more (a sync has failed: `store.unavailable`). By then nothing is acknowledged and the
   * doors are shut; the process should end, with an exit code that is an error, and start again: everything acknowledged is there.
   * With no listener the error is thrown, uncaught.
   */
  onFatal(listener: (error: ParleyError) => void): void;
  /** Lets what runs end within `grace` milliseconds (10,000), then closes everything. */
  stop(grace?: number): Promise<void>;
}

const GRACE = 10_000;

/**
 * Opens a bot from a deployment's folder and takes up the work that an earlier process left.
 * @throws ParleyError `deployment.missing`; `deployment.errors`, whose `problems` tell each mistake with its place;
 *   `store.locked` when another process has the database
 */
export async function createBot(options: BotOptions = {}): Promise<Bot> {
  const { directory = '.', environment = process.env, data, actions = [], channels = [] } = options;
  const log = options.log ?? (await createLog());
  const bot = await openBot({
    directory,
    environment,
    log,
    code: { actions, channels },
    ...(data !== undefined && { data }),
  });
  await bot.engine.start();
  const closers: ((grace: number) => Promise<void>)[] = [(grace) => bot.stop(grace)];
  const close = async (grace: number) => {
    for (const one of closers.splice(0).toReversed()) await one(grace);
  };
  const listeners: ((error: ParleyError) => void)[] = [];
  bot.store.onFatal(() => {
    const error = new ParleyError('store.unavailable', 'A sync has failed: nobody knows what is on disk.', {
      hint: 'End the process and start it again: everything acknowledged is there.',
    });
    log.error('bot.fatal', { error });
    const tell = () => {
      if (listeners.length === 0) throw error;
      for (const listener of listeners) listener(error);
    };
    // Out of the promise, so that what is thrown is uncaught as it is meant to be.
    const told = () => void setImmediate(tell);
    close(0).then(told, told);
  });
  return {
    async listen({ port = 0, host } = {}) {
      const doors = await openDoors(bot, { port, host, secret: environment.PARLEY_EVENTS_SECRET, log });
      closers.push((grace) => doors.close(grace));
      return doors.url;
    },
    accept: (inbound) => bot.engine.accept(inbound),
    transcript: (conversation, after = 0, limit = 100) => bot.engine.transcript(conversation, after, limit),
    reload: () => bot.reload(),
    onFatal: (listener) => void listeners.push(listener),
    stop: (grace = GRACE) => close(grace),
  };
}
