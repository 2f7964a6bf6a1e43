import { ParleyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { openComfort } from './comfort.ts';
import { type Answer, type Command, Counter, type CounterParts } from './counter.ts';
import type { Desk, Translation } from './desk.ts';
import { openInterpreter } from './interpreter.ts';
import { Mirror } from './mirror.ts';
import { releaseOrphans } from './orphans.ts';
import type { Presence } from './policy.ts';
import type { ReviewBook } from './review/book.ts';
import { recordReviews } from './review/recorder.ts';
import { Reviser, type Revisions } from './reviser.ts';
import { offerWaiting } from './router.ts';
import { openServices, prepared, type ServiceParts, type Services } from './services.ts';

export interface OfficeParts extends CounterParts, ServiceParts {
  readonly store: CounterParts['store'];
  /** Where the humans sit, perhaps at several at once. */
  readonly desks: readonly Desk[];
  readonly log: Log;
  /** What agents judge is written down there. */
  readonly book?: ReviewBook;
  /** The engine's: by it, what agents change later is changed in the customer's app. Absent: nowhere. */
  readonly revisions?: Revisions;
}

/** The humans' side of the house: what happens is shown to their desks, who waits is offered to them, their commands are taken. */
export interface Office extends Services {
  /** As {@link Counter.give}; what her app cannot show is told before anything is said. */
  give(command: Command): Promise<Answer>;
  setPresence(agent: string, presence: Presence): Promise<void>;
  /**
   * What an agent means to say, in the customer's language, for her to read and change before she says it: nothing is sent.
   * `undefined`: they write the same language, no model is configured, or nothing came of it.
   */
  translate(conversation: string, text: string): Promise<Translation | undefined>;
  /** Something has happened at the desk. */
  nudge(): void;
  /** Resolves when everything that was known when it was asked is shown and offered. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Begins at once, with what an earlier process left. */
export function openOffice(parts: OfficeParts): Office {
  const { policy, desks, clock, store, log } = parts;
  const counter = new Counter(parts);
  const interpreter = openInterpreter(store, parts.facts ?? {}, log);
  const mirrors = desks.map((desk) => ({ desk, mirror: new Mirror(desk, store, parts.facts, interpreter) }));
  const services = openServices(parts);
  const reviser = new Reviser({ counter, store, policy, clock, log, revisions: parts.revisions ?? NOWHERE });
  const comfort = openComfort(counter, desks);
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  /** One after the other; asked while it runs, it runs once more. */
  function nudge(): void {
    again = true;
    running ??= round().finally(() => {
      running = undefined;
      // Something has come after the last look, and before this.
      if (again && !stopped) nudge();
    });
  }

  async function round(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        await releaseOrphans(counter, policy());
        await offerWaiting(counter, policy(), clock.now());
        await comfort(clock.now());
      } catch (error) {
        log.error('desk.routing_failed', { error });
      }
      await revise();
      await record();
      await Promise.all(mirrors.map(show));
    }
  }

  async function revise(): Promise<void> {
    try {
      await reviser.catchUp();
    } catch (error) {
      log.error('desk.revising_failed', { error });
    }
  }

  async function record(): Promise<void> {
    try {
      if (parts.book !== undefined) await recordReviews(store, parts.book);
    } catch (error) {
      log.error('desk.reviewing_failed', { error });
    }
  }

  /** A desk that is down keeps nobody waiting but itself. */
  async function show({ desk, mirror }: (typeof mirrors)[number]): Promise<void> {
    try {
      await mirror.catchUp();
    } catch (error) {
      log.warn('desk.unreachable', { error, kind: desk.kind });
    }
  }

  // Teams open, agents come back, desks recover: none of it is news of a conversation.
  const tick = setInterval(nudge, EVERY);
  tick.unref();
  nudge();

  return {
    ...services,
    async give(command) {
      const fit = await prepared(command, parts);
      if ('answer' in fit) return fit.answer;
      const answer = await counter.give(fit.command);
      nudge();
      return answer;
    },
    async setPresence(agent, presence) {
      await counter.setPresence(agent, presence);
      nudge();
    },
    translate: async (conversation, text) => interpreter?.reply(conversation, text),
    nudge,
    async settled() {
      nudge();
      while (running !== undefined) await running;
    },
    async stop() {
      stopped = true;
      clearInterval(tick);
      await running;
      await interpreter?.stop();
    },
  };
}

const NOWHERE: Revisions = {
  async edit() {
    throw fixed();
  },
  async remove() {
    throw fixed();
  },
};

function fixed(): ParleyError {
  return new ParleyError('desk.cannot_revise', 'Nothing that was said can be changed here.');
}

/** Milliseconds. */
const EVERY = 1_000;
