import { againButton } from './again.ts';
import { type Posted, type SlackApi, SlackFailure } from './api.ts';
import { button, cardOf, movedCard, plainCard, titleOf } from './card.ts';
import { type Entry, faceOf, type Job, type Ledger, type Line, type Standing, standOf } from './ledger.ts';
import { fitting, messageOf } from './lines.ts';
import { isPosted, type Step } from './step.ts';
import { taskCardOf } from './task-card.ts';
import { escaped, instant, mrkdwn } from './text.ts';
import { fill, type Words } from './words.ts';

/** Agents as `parley.yaml` knows them now. */
export interface People {
  /** What customers read. */
  shown(agent: string): string;
  /** Her Slack user id. */
  account(agent: string): string | undefined;
}

export interface ShowingParts {
  readonly ledger: Ledger;
  readonly api: SlackApi;
  readonly words: Words;
  readonly people: People;
}

/** Does one thing in Slack, and writes down that it is done. One of which nobody knows whether it was done is looked for first. */
export class Showing {
  readonly #parts: ShowingParts;

  constructor(parts: ShowingParts) {
    this.#parts = parts;
  }

  /** @throws SlackFailure; what the store throws */
  async take(entry: Entry, step: Step, channel: string): Promise<void> {
    const { card } = entry;
    if (card === undefined || step.do === 'post_card') return this.#postCard(entry, channel);
    if (step.do === 'change_card') return this.#changeCard(entry, card);
    const { job } = step;
    switch (job.do) {
      case 'line':
        return this.#say(entry, card, fitting(entry.jobs.filter((one) => isPosted(one, entry))));
      case 'offer':
        return this.#offer(entry, card, job);
      case 'change':
        return this.#change(entry, card, job);
      case 'tell':
        await this.#tell(entry, card, job);
        return this.#done(entry, [job]);
      case 'react':
        return this.#react(entry, card.channel, job);
      case 'task':
        return this.#task(entry, card, job);
      case 'leave':
        await this.#leave(job.card, card.channel).catch(ignoreRefused);
        return this.#done(entry, [job]);
    }
  }

  // — The card ————————————————————————————————————————————————————————————————————————————————————————————————

  async #postCard(entry: Entry, channel: string): Promise<void> {
    const [face, stand] = [faceOf(entry.head), standOf(entry.head)];
    const ts = await this.#once(entry, 0, { channel, ...this.#faceOf(entry) });
    entry.card = { channel, ts };
    entry.shown = face;
    entry.stood = stand;
    const { left: card } = entry;
    delete entry.left;
    if (card !== undefined) entry.jobs = [{ do: 'leave', key: `left:${card.ts}`, card }, ...entry.jobs];
    await this.#done(entry, []);
  }

  async #changeCard(entry: Entry, card: Standing): Promise<void> {
    const [face, stand] = [faceOf(entry.head), standOf(entry.head)];
    const mark = { id: `${entry.conversation}:card`, facts: factsOf(entry) };
    await this.#parts.api.update({ ...card, ...this.#faceOf(entry), mark });
    entry.shown = face;
    entry.stood = stand;
    await this.#parts.ledger.save(entry);
  }

  #faceOf({ head, plain }: Entry) {
    const { words, people } = this.#parts;
    const blocks = plain ? plainCard(head, words) : cardOf(head, words, people.shown);
    return { text: escaped(titleOf(head, words)), blocks };
  }

  // — The thread ——————————————————————————————————————————————————————————————————————————————————————————————

  async #say(entry: Entry, { channel, ts: thread }: Standing, lines: readonly Line[]): Promise<void> {
    const these = entry.doing === undefined ? lines : lines.slice(0, entry.doing.jobs);
    const { as, blocks, text } = messageOf(these, this.#parts.words);
    const message = { channel, thread, ...(as === undefined ? {} : { as }), text: escaped(text), blocks };
    first(entry, these);
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
    first(entry, [job]);
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
      entry.jobs = entry.jobs.map((one) => (one === job ? said : one));
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
      first(entry, [job]);
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
  async #tell(
    { conversation }: Entry,
    { channel, ts: thread }: Standing,
    { notice, said }: Extract<Job, { do: 'tell' }>,
  ): Promise<void> {
    const { api, people, words } = this.#parts;
    const user = people.account(notice.agent);
    if (user === undefined) return;
    const holder = notice.holder === undefined ? words.nobody : people.shown(notice.holder);
    const told =
      notice.code === 'away'
        ? words.away
        : fill(words.refusals[notice.code] ?? words.failed, { holder: escaped(holder) });
    const again = said === undefined ? [] : [againButton(conversation, said, words)];
    const message = { text: told, blocks: [{ type: 'section', text: mrkdwn(told) }, ...again] };
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
    const { api, ledger } = this.#parts;
    const { channel, thread } = message;
    const found = entry.doing === undefined ? undefined : await this.#find(channel, entry.doing.mark, thread);
    if (found !== undefined) return found;
    if (entry.doing === undefined) {
      entry.marks += 1;
      entry.doing = { mark: `${entry.conversation}:${entry.marks}`, jobs, channel };
      await ledger.save(entry);
    }
    const mark = { id: entry.doing.mark, facts: { ...factsOf(entry), ...facts } };
    return api.post({ ...message, mark });
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
}

/** What is under way stands first in the book: after a crash it is known by that. */
function first(entry: Entry, these: readonly Job[]): void {
  entry.jobs = [...these, ...entry.jobs.filter((job) => !these.includes(job))];
}

function factsOf({ head }: Entry): Readonly<Record<string, unknown>> {
  const { conversation, version, at, agent } = head;
  return { conversation, version, at, ...(agent === undefined ? {} : { agent }) };
}

/** A small thing that Slack will not have is left out. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof SlackFailure) || (error.kind !== 'refused' && error.kind !== 'gone')) throw error;
}
