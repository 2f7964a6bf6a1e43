import { setTimeout as sleep } from 'node:timers/promises';
import type { Notice } from '../../handoff/desk.ts';
import type { Log } from '../../log.ts';
import { type Posted, type SlackApi, SlackFailure } from './api.ts';
import { button, cardOf, movedCard, titleOf } from './card.ts';
import type { Channels } from './channels.ts';
import { type Entry, faceOf, type Job, type Ledger, type Line, type Standing } from './ledger.ts';
import { fitting, messageOf } from './lines.ts';
import { taskCardOf } from './task-card.ts';
import { escaped, instant, mrkdwn } from './text.ts';
import { fill, type Words } from './words.ts';

/** Milliseconds. */
export interface Pace {
  /** Between two posts in a channel: Slack takes about one a second (https://docs.slack.dev/apis/web-api/rate-limits). */
  readonly post: number;
  /** Between two changes of a card. */
  readonly card: number;
  /** After a call that failed; doubled with each further one, up to thirty times. */
  readonly failed: number;
}

export const PACE: Pace = { post: 1_050, card: 3_000, failed: 1_000 };

export interface PumpParts {
  readonly ledger: Ledger;
  readonly api: SlackApi;
  readonly channels: Channels;
  readonly words: Words;
  readonly people: People;
  readonly pace: Pace;
  readonly now: () => number;
  readonly log: Log;
}

/** Agents as `parley.yaml` knows them now. */
export interface People {
  /** What customers read. */
  shown(agent: string): string;
  /** Her Slack user id. */
  account(agent: string): string | undefined;
}

/**
 * Shows Slack what stands in the book, at the pace that Slack allows: in each conversation in order, between conversations whoever waits
 * longest. What waits for its turn is put into one message. A call that fails is made again; one of which nobody knows whether it was
 * done is looked for first, so nothing is shown twice.
 */
export class Pump {
  readonly #parts: PumpParts;
  /** Channels with a call under way. */
  readonly #busy = new Map<string, Promise<void>>();
  /** When a channel takes the next post. */
  readonly #free = new Map<string, number>();
  /** When a card may change again. */
  readonly #cards = new Map<string, number>();
  #failures = 0;
  #closedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turning: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** There is something to show. */
  wake(): void {
    this.#again = true;
    if (this.#stopped) return;
    this.#turning ??= this.#turn().finally(() => {
      this.#turning = undefined;
    });
  }

  /** Resolves when everything is shown, however long that takes. */
  async settled(): Promise<void> {
    for (;;) {
      this.wake();
      await this.#turning;
      await Promise.all(this.#busy.values());
      const entries = await this.#parts.ledger.live();
      if (this.#stopped || entries.every((entry) => !hasWork(entry))) return;
      await new Promise((next) => setTimeout(next, 5));
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turning;
    // A call that Slack does not answer is not waited for: its mark is in the book.
    await Promise.race([Promise.all(this.#busy.values()), sleep(GOODBYE, undefined, { ref: false })]);
  }

  /** Gives every free channel its next call, and comes back when the first of the others is due. */
  async #turn(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const now = this.#parts.now();
      let next = Number.POSITIVE_INFINITY;
      for (const entry of oldestFirst(await this.#parts.ledger.live())) {
        const channel = this.#parts.channels.of(entry);
        if (!hasWork(entry) || this.#busy.has(channel)) continue;
        const due = Math.max(this.#closedUntil, this.#dueOf(entry, channel));
        if (due <= now) this.#begin(entry, channel);
        else next = Math.min(next, due);
      }
      clearTimeout(this.#timer);
      if (next === Number.POSITIVE_INFINITY) continue;
      this.#timer = setTimeout(() => this.wake(), Math.max(1, next - now));
      this.#timer.unref();
    }
  }

  #begin(entry: Entry, channel: string): void {
    const call = this.#show(entry, channel)
      .then(
        () => {
          this.#failures = 0;
        },
        (error: unknown) => this.#failed(entry, channel, error),
      )
      .catch((error: unknown) => {
        // The book itself could not be written: it is tried again, and the log tells.
        this.#wait();
        this.#parts.log.error('desk.slack_failed', { error });
      })
      .finally(() => {
        this.#busy.delete(channel);
        this.wake();
      });
    this.#busy.set(channel, call);
  }

  /** What agents are told alone and what a card says wait for no post. */
  #dueOf(entry: Entry, channel: string): number {
    const free = this.#free.get(channel) ?? 0;
    const [job] = entry.jobs;
    if (entry.card === undefined) return free;
    const card =
      entry.shown === faceOf(entry.head) ? Number.POSITIVE_INFINITY : (this.#cards.get(entry.conversation) ?? 0);
    if (job === undefined) return card;
    return Math.min(card, SLOW.has(job.do) || entry.doing !== undefined ? free : 0);
  }

  /** The one thing that comes next: who has it, before what was said. */
  async #show(entry: Entry, channel: string): Promise<void> {
    const { now } = this.#parts;
    if (entry.card === undefined) return this.#postCard(entry, channel);
    const mayChange = (this.#cards.get(entry.conversation) ?? 0) <= now();
    if (entry.shown !== faceOf(entry.head) && mayChange && entry.doing === undefined)
      return this.#changeCard(entry, entry.card);
    const [job] = entry.jobs;
    if (job === undefined) return;
    switch (job.do) {
      case 'line':
        return this.#say(entry, entry.card, fitting(entry.jobs));
      case 'offer':
        return this.#offer(entry, entry.card, job);
      case 'change':
        return this.#change(entry, entry.card, job);
      case 'tell':
        await this.#tell(entry.card, job.notice);
        return this.#done(entry, [job]);
      case 'react':
        return this.#react(entry, entry.card.channel, job);
      case 'task':
        return this.#task(entry, entry.card, job);
      case 'leave':
        await this.#leave(job.card, entry.card.channel).catch(ignoreRefused);
        return this.#done(entry, [job]);
    }
  }

  // — The card ————————————————————————————————————————————————————————————————————————————————————————————————

  async #postCard(entry: Entry, channel: string): Promise<void> {
    const face = faceOf(entry.head);
    const ts = await this.#once(entry, 0, { channel, ...this.#faceOf(entry) });
    entry.card = { channel, ts };
    entry.shown = face;
    const { left: card } = entry;
    delete entry.left;
    if (card !== undefined) entry.jobs = [{ do: 'leave', key: `left:${card.ts}`, card }, ...entry.jobs];
    this.#cards.set(entry.conversation, this.#parts.now() + this.#parts.pace.card);
    await this.#done(entry, []);
  }

  async #changeCard(entry: Entry, card: Standing): Promise<void> {
    const face = faceOf(entry.head);
    const mark = { id: `${entry.conversation}:card`, facts: factsOf(entry) };
    await this.#parts.api.update({ ...card, ...this.#faceOf(entry), mark });
    this.#cards.set(entry.conversation, this.#parts.now() + this.#parts.pace.card);
    entry.shown = face;
    await this.#parts.ledger.save(entry);
  }

  #faceOf({ head }: Entry) {
    const { words, people } = this.#parts;
    return { text: escaped(titleOf(head, words)), blocks: cardOf(head, words, people.shown) };
  }

  // — The thread ——————————————————————————————————————————————————————————————————————————————————————————————

  async #say(entry: Entry, { channel, ts: thread }: Standing, lines: readonly Line[]): Promise<void> {
    const these = entry.doing === undefined ? lines : lines.slice(0, entry.doing.jobs);
    const { as, blocks, text } = messageOf(these, this.#parts.words);
    const message = { channel, thread, ...(as === undefined ? {} : { as }), text: escaped(text), blocks };
    const ts = await this.#once(entry, these.length, message);
    for (const { key, text } of these) entry.at[key] = { ts, face: faceOf(text) };
    await this.#done(entry, these);
  }

  async #offer(entry: Entry, { channel, ts: thread }: Standing, job: Extract<Job, { do: 'offer' }>): Promise<void> {
    const { words, people } = this.#parts;
    const { agent, until, version } = job.offer;
    const user = people.account(agent);
    const called = user === undefined ? escaped(people.shown(agent)) : `<@${user}>`;
    const text = fill(words.offered, { agent: called, until: instant(until) });
    const tapped = { conversation: entry.conversation, version };
    const blocks = [
      { type: 'section', text: mrkdwn(text) },
      { type: 'actions', elements: [button('claim', words, tapped), button('decline', words, tapped)] },
    ];
    const ts = await this.#once(entry, 1, { channel, thread, text, blocks }, { offer: agent, version });
    entry.at[job.key] = { ts, face: '' };
    await this.#done(entry, [job]);
  }

  /** A line that shares its message with others is said anew: what the others say is not kept. */
  async #change(entry: Entry, { channel }: Standing, job: Extract<Job, { do: 'change' }>): Promise<void> {
    const known = entry.at[job.key];
    const isAlone = Object.values(entry.at).filter(({ ts }) => ts === known?.ts).length === 1;
    const line: Line = { ...job, do: 'line' };
    if (known === undefined || !isAlone) {
      const said: Line = { ...line, who: `${line.who} (${this.#parts.words.changed})` };
      entry.jobs = [said, ...entry.jobs.slice(1)];
      return this.#parts.ledger.save(entry);
    }
    const { blocks, text } = messageOf([line], this.#parts.words);
    await this.#parts.api.update({ channel, ts: known.ts, text: escaped(text), blocks });
    entry.at[job.key] = { ts: known.ts, face: faceOf(job.text) };
    await this.#done(entry, [job]);
  }

  /** One mark at a time. */
  async #react(entry: Entry, channel: string, job: Extract<Job, { do: 'react' }>): Promise<void> {
    const { api } = this.#parts;
    const { ts, name } = job;
    const before = entry.at[`mark:${ts}`]?.face;
    if (before !== undefined && before !== name) await api.unreact(channel, ts, before).catch(ignoreRefused);
    if (before !== name) await api.react(channel, ts, name).catch(ignoreRefused);
    entry.at[`mark:${ts}`] = { ts, face: name };
    await this.#done(entry, [job]);
  }

  async #task(entry: Entry, { channel, ts: thread }: Standing, job: Extract<Job, { do: 'task' }>): Promise<void> {
    const { api, words, people } = this.#parts;
    const { key, task } = job;
    const { text, blocks } = taskCardOf(task, entry.head, words, people.shown);
    const known = entry.at[key];
    if (known === undefined) {
      const ts = await this.#once(entry, 1, { channel, thread, text, blocks }, { task: task.id });
      entry.at[key] = { ts, face: '' };
    } else await api.update({ channel, ts: known.ts, text, blocks });
    await this.#done(entry, [job]);
  }

  #leave(card: Standing, to: string): Promise<void> {
    const { api, words } = this.#parts;
    return api.update({ ...card, text: fill(words.moved, { channel: `<#${to}>` }), blocks: movedCard(words, to) });
  }

  /** In the thread, or, where she is not in the channel, in her own messages. */
  async #tell({ channel, ts: thread }: Standing, notice: Notice): Promise<void> {
    const { api, people, words } = this.#parts;
    const user = people.account(notice.agent);
    if (user === undefined) return;
    const holder = notice.holder === undefined ? words.nobody : people.shown(notice.holder);
    const told =
      notice.code === 'away'
        ? words.away
        : fill(words.refusals[notice.code] ?? words.failed, { holder: escaped(holder) });
    const blocks = [{ type: 'section', text: mrkdwn(told) }];
    const message = { text: told, blocks };
    try {
      await api.whisper(user, { channel, thread, ...message });
    } catch (error) {
      if (!(error instanceof SlackFailure) || !/user_not_in_channel|not_in_channel/.test(error.code)) throw error;
      await api.post({ channel: user, ...message }).catch(ignoreRefused);
    }
  }

  // — Once and in order ———————————————————————————————————————————————————————————————————————————————————————

  /** The mark is in the book before the call: whoever comes after a crash knows what to look for. */
  async #once(entry: Entry, jobs: number, message: Posted, facts: object = {}): Promise<string> {
    const { api, ledger, now, pace } = this.#parts;
    const { channel, thread } = message;
    const found = entry.doing === undefined ? undefined : await this.#find(channel, entry.doing.mark, thread);
    if (found !== undefined) return found;
    if (entry.doing === undefined) {
      entry.marks += 1;
      entry.doing = { mark: `${entry.conversation}:${entry.marks}`, jobs, channel };
      await ledger.save(entry);
    }
    const mark = { id: entry.doing.mark, facts: { ...factsOf(entry), ...facts } };
    try {
      return await api.post({ ...message, mark });
    } finally {
      // Counted from its end: how long a call is on its way, nobody knows.
      this.#free.set(channel, now() + pace.post);
    }
  }

  async #find(channel: string, mark: string, thread: string | undefined): Promise<string | undefined> {
    try {
      return await this.#parts.api.search(channel, mark, thread);
    } catch (error) {
      // The app may not read here: rather said twice than not at all.
      if (error instanceof SlackFailure && error.code === 'missing_scope') return undefined;
      throw error;
    }
  }

  /** By which they are, and not by how many: others may have come before them meanwhile. */
  async #done(entry: Entry, done: readonly Job[]): Promise<void> {
    entry.jobs = entry.jobs.filter((job) => !done.includes(job));
    delete entry.doing;
    await this.#parts.ledger.save(entry);
  }

  // — When it fails ———————————————————————————————————————————————————————————————————————————————————————————

  async #failed(entry: Entry, channel: string, error: unknown): Promise<void> {
    if (!(error instanceof SlackFailure)) throw error;
    const { log, now } = this.#parts;
    switch (error.kind) {
      case 'flood':
        this.#free.set(channel, now() + error.after);
        return this.#forget(entry);
      case 'gone':
        log.warn('desk.slack_gone', { error, reason: error.code });
        return this.#move(entry, channel, error.code);
      case 'refused':
        log.error('desk.slack_refused', { error, reason: error.code });
        return this.#simplify(entry);
      case 'closed':
        log.error('desk.slack_closed', { error, reason: error.code });
        this.#wait();
        return this.#forget(entry);
      case 'lost':
      case 'down':
        log.warn('desk.slack_unreachable', { error, reason: error.code });
        this.#wait();
    }
  }

  #wait(): void {
    const { now, pace } = this.#parts;
    this.#closedUntil = now() + pace.failed * Math.min(30, 2 ** this.#failures);
    this.#failures += 1;
  }

  /** The call was certainly not done. */
  #forget(entry: Entry): Promise<void> {
    delete entry.doing;
    return this.#parts.ledger.save(entry);
  }

  /** A new card, in the same channel if only the old one is gone; the rest goes on under it. */
  async #move(entry: Entry, channel: string, code: string): Promise<void> {
    const { channels } = this.#parts;
    if (!/^(thread_not_found|message_not_found|cannot_reply_to_message|cant_update_message)$/.test(code)) {
      if (!channels.lose(channel)) this.#wait();
    }
    delete entry.card;
    delete entry.shown;
    await this.#forget(entry);
  }

  /** What Slack will not have as blocks it has as a text; what not even so, is left out, and the log tells. */
  async #simplify(entry: Entry): Promise<void> {
    const [job, ...rest] = entry.jobs;
    if (entry.card === undefined || (entry.shown !== faceOf(entry.head) && job === undefined)) this.#wait();
    else if (job?.do === 'line' && job.text.length > PLAIN)
      entry.jobs = [{ ...job, text: `${job.text.slice(0, PLAIN)}…` }, ...rest];
    else entry.jobs = rest;
    await this.#forget(entry);
  }
}

function hasWork({ jobs, card, shown, head }: Entry): boolean {
  return jobs.length > 0 || card === undefined || shown !== faceOf(head);
}

function oldestFirst(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => urgency(one) - urgency(other) || one.head.opened - other.head.opened);
}

/** A card that says whose it is comes before what was said. */
function urgency({ shown, head }: Entry): number {
  return shown === faceOf(head) ? 1 : 0;
}

function factsOf({ head }: Entry): Readonly<Record<string, unknown>> {
  const { conversation, version, at, agent } = head;
  return { conversation, version, at, ...(agent === undefined ? {} : { agent }) };
}

/** A small thing that Slack will not have is left out. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof SlackFailure) || (error.kind !== 'refused' && error.kind !== 'gone')) throw error;
}

const PLAIN = 2_500;
/** Milliseconds. */
const GOODBYE = 3_000;
/** What takes a channel's one post a second. */
const SLOW: ReadonlySet<Job['do']> = new Set(['line', 'offer', 'task']);
