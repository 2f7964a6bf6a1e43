import { ParleyError } from '../../errors.ts';
import type { Desk, Head, Receipt, ReceiptState } from '../../handoff/desk.ts';
import type { Log } from '../../log.ts';
import { openApi, type SlackApi } from './api.ts';
import { openChannels } from './channels.ts';
import { type Door, openDoor } from './door.ts';
import { type House, KIND, staffOf } from './inside.ts';
import { type Entry, faceOf, type Job, Ledger, type Line } from './ledger.ts';
import { linesOf, linesOfNote, linesOfTranslation } from './lines.ts';
import { ALARM, type Alarm, PACE, type Pace, Pump } from './pump.ts';
import { isOfSlack, writtenAt } from './said.ts';
import type { SlackDeskSettings } from './settings.ts';
import { wordsIn } from './words.ts';

/** Humans in Slack. What is shown to it is on disk when that resolves, and in Slack as soon as Slack takes it. */
export interface SlackDesk extends Desk {
  /** The house stands: from now on Slack is shown what happens, and heard. */
  begin(house: House): void;
  /** What Slack calls with, of a desk that is called: events, taps, forms and commands. */
  fetch(request: Request): Promise<Response>;
  /** Resolves when Slack shows all that the desk was shown. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface SlackDeskParts {
  readonly settings: SlackDeskSettings;
  readonly log: Log;
  /** Epoch milliseconds; default: the machine's. */
  readonly now?: () => number;
  /** Where what waits for its time is waited for, by the same clock; default: the machine's. */
  readonly alarm?: Alarm;
  readonly pace?: Pace;
  /** Default: the vendor's client. */
  readonly api?: SlackApi;
}

/** Opens nothing until it {@link SlackDesk.begin}s. */
export function openSlackDesk(parts: SlackDeskParts): SlackDesk {
  const { settings, log, now = Date.now, alarm = ALARM, pace = PACE } = parts;
  const words = wordsIn(settings.locale);
  const api = parts.api ?? openApi({ token: settings.botToken, apiRoot: settings.apiRoot });
  let pumping: Pump | undefined;
  const begun = Promise.withResolvers<Begun>();
  // Nobody may be waiting when it is stopped before it has begun.
  begun.promise.catch(() => undefined);

  function begin(house: House): void {
    const ledger = new Ledger(house.keep);
    const staff = staffOf(house.policy);
    const channels = openChannels(settings, () => ledger.known);
    const pump = new Pump({ ledger, api, channels, words, people: staff, pace, now, alarm, log });
    const door = openDoor({ house, ledger, pump, api, settings, words, staff, now, log });
    pumping = pump;
    begun.resolve({ ledger, pump, door, staff, channels });
    pump.wake();
    door.open();
  }

  /** The book is changed at once and without a pause, so that nothing comes between looking and writing. */
  async function change(place: string, what: (entry: Entry, at: Begun) => void): Promise<void> {
    const at = await begun.promise;
    const entry = await at.ledger.find(place);
    if (entry === undefined) {
      throw new ParleyError('desk.unknown_place', `Slack was never shown the conversation ${place}.`, {
        hint: 'Open it first.',
      });
    }
    what(entry, at);
    await at.ledger.save(entry);
    at.pump.wake();
  }

  return {
    kind: KIND,
    begin,
    async open(head, recent) {
      const { ledger, pump, channels } = await begun.promise;
      const known = await ledger.find(head.conversation);
      const entry = known ?? ledger.begin(head);
      if (known === undefined) entry.jobs = recent.flatMap((post) => linesOf(post, head, words, 'before'));
      if (known?.isOpen && faceOf(known.head) === faceOf(head)) return head.conversation;
      entry.isOpen = true;
      show(entry, head, channels.fits);
      await ledger.save(entry);
      pump.wake();
      return head.conversation;
    },
    async update(place, head) {
      const entry = await (await begun.promise).ledger.find(place);
      // Most lines change nothing that a card shows.
      if (entry?.isOpen && faceOf(entry.head) === faceOf(head)) return;
      await change(place, (own, { channels }) => show(own, head, channels.fits));
    },
    close: (place, head) =>
      change(place, (entry) => {
        entry.head = head;
        entry.isOpen = false;
      }),
    post: (place, post) =>
      change(place, (entry) => {
        // What she wrote in the thread stands there already.
        if (post.said !== undefined && writtenAt(post.said) !== undefined) return;
        // The original stands there already.
        const isTranslated = post.translation !== undefined;
        const lines = isTranslated
          ? linesOfTranslation(post, entry.head, words)
          : linesOf(post, entry.head, words, 'post');
        for (const line of lines) say(entry, line);
      }),
    note: (place, note) =>
      change(place, (entry, { staff }) => {
        if (note.said !== undefined && writtenAt(note.said) !== undefined) return;
        const by = note.by === undefined ? undefined : staff.shown(note.by);
        for (const line of linesOfNote(note, by, words)) say(entry, line);
      }),
    offer: (place, offer) => change(place, (entry) => once(entry, { do: 'offer', key: `o:${offer.key}`, offer })),
    tell: (place, notice) =>
      change(place, (entry) => {
        once(entry, { do: 'tell', key: `t:${notice.key}`, notice });
        // Whoever saw something else than what is, sees what is.
        if (entry.isOpen) delete entry.shown;
      }),
    receipt: (place, receipt) =>
      change(place, (entry) => {
        for (const job of marksOf(receipt, entry.head.agent))
          if (job.do === 'tell') once(entry, job);
          else put(entry, job);
      }),
    task: (place, task) => change(place, (entry) => put(entry, { do: 'task', key: `k:${task.id}`, task })),
    health() {
      const since = pumping?.downSince;
      return since === undefined ? { is: 'manned' } : { is: 'down', since };
    },
    async fetch(request) {
      return (await begun.promise).door.fetch(request);
    },
    async settled() {
      await (await begun.promise).pump.settled();
    },
    async stop() {
      begun.reject(new ParleyError('desk.stopped', 'The Slack desk has been stopped.', { retryable: true }));
      await begun.promise.then(
        async ({ door, pump }) => {
          await door.close();
          await pump.stop();
        },
        () => undefined,
      );
    },
  };
}

interface Begun {
  readonly ledger: Ledger;
  readonly pump: Pump;
  readonly door: Door;
  readonly staff: ReturnType<typeof staffOf>;
  readonly channels: ReturnType<typeof openChannels>;
}

/** Given to a queue that is shown elsewhere, it goes there. */
function show(entry: Entry, head: Head, fits: (entry: Entry) => boolean): void {
  entry.head = head;
  if (head.at !== 'queued' || entry.card === undefined || entry.doing !== undefined || fits(entry)) return;
  entry.left = entry.card;
  delete entry.card;
  delete entry.shown;
}

/** New, the same as before, or another text in its place. */
function say(entry: Entry, line: Line): void {
  const face = faceOf(line.text);
  const underWay = entry.doing?.jobs ?? 0;
  const waiting = entry.jobs.findLastIndex(
    ({ do: what, key }) => key === line.key && (what === 'line' || what === 'change'),
  );
  const known = entry.jobs[waiting];
  if (known?.do === 'line' || known?.do === 'change') {
    if (known.text === line.text) return;
    entry.jobs =
      waiting < underWay
        ? [...entry.jobs, { ...line, do: 'change' }]
        : entry.jobs.with(waiting, { ...line, do: known.do });
    return;
  }
  const shown = entry.at[line.key];
  if (shown?.face !== face) entry.jobs = [...entry.jobs, shown === undefined ? line : { ...line, do: 'change' }];
}

/** Whatever comes under this key again is the same. */
function once(entry: Entry, job: Job): void {
  if (entry.at[job.key] !== undefined || entry.jobs.some(({ key }) => key === job.key)) return;
  if (job.do === 'tell') entry.at[job.key] = { ts: '', face: '' };
  put(entry, job);
}

/** The last one under this key counts. */
function put(entry: Entry, job: Job): void {
  const underWay = entry.doing?.jobs ?? 0;
  const first = entry.jobs.slice(0, underWay);
  const rest = entry.jobs.slice(underWay).filter(({ key }) => key !== job.key);
  entry.jobs = [...first, ...rest, job];
}

/** @param holder is told where it is not known who said it */
function marksOf({ said, state, key, ...receipt }: Receipt, holder: string | undefined): readonly Job[] {
  const { agent = holder } = receipt;
  const written = writtenAt(said);
  const news: readonly Job[] =
    agent === undefined || (state !== 'old_text' && state !== 'failed') || !isOfSlack(said)
      ? []
      : [{ do: 'tell', key: `t:${key}`, notice: { key, agent, code: state }, ...(state === 'failed' ? { said } : {}) }];
  // From a form: there is nothing to put a mark at.
  if (written === undefined) return news;
  const { ts, part } = written;
  // The words stand for the whole, unless it is a file that did not come.
  if (part && state !== 'failed') return [];
  return [{ do: 'react', key: `mark:${ts}`, ts, name: MARKS[state] }, ...news];
}

/** Slack's names of what stands beside an agent's words. */
const MARKS: Readonly<Record<ReceiptState, string>> = {
  held: 'hourglass_flowing_sand',
  cancelled: 'x',
  replaced: 'pencil2',
  sent: 'heavy_check_mark',
  delivered: 'white_check_mark',
  read: 'eyes',
  failed: 'warning',
  unknown: 'grey_question',
  changed: 'pencil2',
  removed: 'wastebasket',
  old_text: 'warning',
};
