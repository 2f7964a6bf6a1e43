import { ParleyError } from '../../errors.ts';
import type { ReviewEntry, ReviewRow, ReviewTable } from '../../store/review.ts';
import { type Mark, mustDemote, type Standing, standingOf } from './promotion.ts';
import type { Extent, ReviewRecord } from './record.ts';
import { asData, type KnowledgeProposal, proposalIn } from './routing.ts';

/** How the answers of one flow from one set fare. */
export interface SubjectFigures extends Standing {
  readonly subject: string;
  /** Acceptance, of all that was judged. */
  readonly judged: Readonly<Record<Extent, number>>;
  readonly freed: boolean;
}

/** All that was judged, read in order: what holds now. */
export interface ReviewSummary {
  readonly subjects: readonly SubjectFigures[];
  /** That nobody has said yes or no to. */
  readonly proposals: readonly KnowledgeProposal[];
  /** Rules of style as agents have noted them. */
  readonly style: readonly { readonly note: string; readonly before: string; readonly after: string }[];
  /** What flows lack, the most often missed first. */
  readonly backlog: readonly { readonly flow: string; readonly count: number; readonly notes: readonly string[] }[];
}

interface Subject {
  marks: Mark[];
  readonly judged: Record<Extent, number>;
  freed: boolean;
}

/** The book of reviews: adds rows and knows what they come to. One process has it open. */
export class ReviewBook {
  readonly #table: ReviewTable;
  readonly #subjects = new Map<string, Subject>();
  readonly #proposals = new Map<string, KnowledgeProposal>();
  readonly #style: { note: string; before: string; after: string }[] = [];
  readonly #backlog = new Map<string, string[]>();
  #last = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(table: ReviewTable) {
    this.#table = table;
  }

  /** Reads what has been added since. One after the other: a row counts once. */
  catchUp(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /** An agent has judged: what comes of it is written down with it. Again, it changes nothing. */
  async judged(entry: ReviewEntry): Promise<void> {
    await this.#add(entry);
    const proposal = proposalIn(entry);
    if (proposal !== undefined)
      await this.#add({
        key: `proposed:${proposal.id}`,
        at: entry.at,
        what: 'proposed',
        ...ofIt(entry),
        data: asData(proposal),
      });
    const { subject } = entry.data as unknown as ReviewRecord;
    const { freed, marks } = this.#of(subject);
    if (freed && mustDemote(marks))
      await this.#add({ key: `demoted:${entry.key}`, at: entry.at, what: 'demoted', data: { subject, by: entry.key } });
  }

  /** Does the bot answer these by itself, though `parley.yaml` says approve? */
  isFreed(subject: string): boolean {
    return this.#subjects.get(subject)?.freed ?? false;
  }

  /**
   * An owner signs that the bot answers these by itself from now on.
   * @throws ParleyError `review.not_ready` with what is missing
   */
  async promote(subject: string, by: string, at: number): Promise<Standing> {
    await this.catchUp();
    const standing = standingOf(this.#of(subject).marks);
    if (standing.missing !== undefined) throw notReady(subject, standing);
    await this.#add({ key: `promoted:${subject}:${at}`, at, what: 'promoted', data: { subject, by } });
    return standing;
  }

  /** An owner takes it back. */
  async demote(subject: string, by: string, at: number): Promise<void> {
    await this.#add({ key: `demoted:${subject}:${at}`, at, what: 'demoted', data: { subject, by } });
  }

  /** @throws ParleyError `review.unknown_proposal`: there is none, or somebody has said yes or no to it */
  async proposal(id: string): Promise<KnowledgeProposal> {
    await this.catchUp();
    const found = this.#proposals.get(id);
    if (found !== undefined) return found;
    throw new ParleyError('review.unknown_proposal', `There is no open proposal ${id}.`, {
      hint: 'Somebody may have decided already: list them again.',
    });
  }

  async decide(id: string, what: 'approved' | 'declined', by: string, at: number): Promise<void> {
    await this.proposal(id);
    await this.#add({ key: `decided:${id}`, at, what, data: { id, by } });
  }

  summary(): ReviewSummary {
    return {
      subjects: [...this.#subjects]
        .map(([subject, { marks, judged, freed }]) => ({ subject, ...standingOf(marks), judged: { ...judged }, freed }))
        .toSorted((one, other) => one.subject.localeCompare(other.subject)),
      proposals: [...this.#proposals.values()],
      style: [...this.#style],
      backlog: [...this.#backlog]
        .map(([flow, notes]) => ({ flow, count: notes.length, notes: notes.filter((note) => note !== '') }))
        .toSorted((one, other) => other.count - one.count),
    };
  }

  async #add(entry: ReviewEntry): Promise<void> {
    await this.#table.reviewed(entry);
    await this.catchUp();
  }

  async #read(): Promise<void> {
    for (;;) {
      const rows = await this.#table.reviews(this.#last, PAGE);
      for (const row of rows) this.#take(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      this.#last = last.id;
    }
  }

  #take({ what, data }: ReviewRow): void {
    switch (what) {
      case 'judged':
        return this.#count(data as unknown as ReviewRecord);
      case 'proposed': {
        const proposal = data as unknown as KnowledgeProposal;
        this.#proposals.set(proposal.id, proposal);
        return;
      }
      case 'approved':
      case 'declined':
        this.#proposals.delete(String(data.id));
        return;
      case 'promoted':
        this.#of(String(data.subject)).freed = true;
        return;
      case 'demoted':
        Object.assign(this.#of(String(data.subject)), { freed: false, marks: [] });
        return;
    }
  }

  #count(record: ReviewRecord): void {
    const { subject, extent, reason, how, why, note = '', draft, final = '' } = record;
    const own = this.#of(subject);
    own.judged[extent] += 1;
    const unsafe = reason === 'unsafe';
    // What was picked because it went wrong tells no rate; that it is unsafe it tells all the same.
    const isFair = how === 'approve' || why === 'random';
    if (unsafe || (isFair && reason !== 'not_needed'))
      own.marks = [...own.marks, { clean: extent === 'as_is', unsafe }].slice(-MOST);
    if (reason === 'tone') this.#style.push({ note, before: draft, after: final });
    if (reason === 'missing_step') this.#backlog.set(record.flow, [...(this.#backlog.get(record.flow) ?? []), note]);
  }

  #of(subject: string): Subject {
    const known = this.#subjects.get(subject);
    if (known !== undefined) return known;
    const fresh: Subject = { marks: [], judged: { as_is: 0, light: 0, rewrite: 0, rejected: 0 }, freed: false };
    this.#subjects.set(subject, fresh);
    return fresh;
  }
}

function ofIt({ conversation }: ReviewEntry): { readonly conversation?: string } {
  return conversation === undefined ? {} : { conversation };
}

function notReady(subject: string, { reviews, clean, bound, unsafe, missing }: Standing): ParleyError {
  const said = `${clean} of ${reviews} sent as they were, ${(bound * 100).toFixed(1)} % or more by 95 %`;
  const hints = {
    reviews: 'It takes 50 judgements of answers that had to be approved.',
    bound: 'It takes a lower bound of 90 %.',
    unsafe: `${unsafe} of them unsafe: mend what made them so. A demotion begins the count anew.`,
  };
  return new ParleyError('review.not_ready', `${subject} is not ready to be answered without being asked: ${said}.`, {
    hint: hints[missing ?? 'bound'],
  });
}

const PAGE = 500;
/** Judgements of a subject that are remembered: older ones say nothing of what it is now. */
const MOST = 500;
