import type { DeskLine, DeskTables, StoredStand } from '../store/desk.ts';
import type { DeliveryStatus, Store, StoredEntry } from '../store/store.ts';
import type { Control, Line } from './control.ts';
import type { Desk, Head, ReceiptState } from './desk.ts';
import { findSaid } from './find-said.ts';
import type { Interpreter } from './interpreter.ts';
import { cardOf, type Facts, headOf, lastOf, noteIn, postOf } from './shown.ts';

/** What the mirror needs of the store. */
export type Shown = Pick<Store, 'transcript' | 'find' | 'cursor' | 'keepCursor' | 'identities'> & {
  readonly desk: DeskTables;
};

/**
 * Shows a desk what the log tells, line by line and in order. How far it has come is kept, so that after a crash, or a day without the
 * desk, it goes on where it was: what was shown twice meanwhile has the same key.
 */
export class Mirror {
  readonly #desk: Desk;
  readonly #store: Shown;
  readonly #facts: Facts;
  readonly #interpreter: Pick<Interpreter, 'beside'> | undefined;
  readonly #cursor: string;
  /** Where conversations are shown, as far as this process has learnt. */
  readonly #places = new Map<string, string>();

  constructor(desk: Desk, store: Shown, facts: Facts = {}, interpreter?: Pick<Interpreter, 'beside'>) {
    this.#desk = desk;
    this.#store = store;
    this.#facts = facts;
    this.#interpreter = interpreter;
    this.#cursor = `desk:${desk.kind}`;
  }

  /** Shows all that is new. Rejects with what the desk throws: then it goes on from there the next time. */
  async catchUp(): Promise<void> {
    for (;;) {
      const after = Number((await this.#store.cursor(this.#cursor)) ?? 0);
      const lines = await this.#store.desk.lines(after, PAGE);
      if (lines.length === 0) return;
      for (const line of lines) await this.#show(line);
      await this.#store.keepCursor(this.#cursor, String(lines.at(-1)?.id ?? after));
    }
  }

  async #show({ id, conversation, line: told }: DeskLine): Promise<void> {
    const stand = await this.#store.desk.stand(conversation);
    if (stand === undefined) return;
    const line = told as unknown as Line;
    const known = this.#places.get(conversation);
    // No card changes by it: a desk that counts its calls is spared two.
    if (String(line.on) === 'receipt' && known !== undefined) return this.#showArrival(known, stand, Number(line.seq));
    const head = await headOf(stand, this.#store, this.#facts);
    const shown = await this.#shownOf(conversation);
    const isNew = shown === 0;
    const recent = isNew ? await lastOf(this.#store, conversation, await this.#seqOf(conversation)) : [];
    const place = await this.#desk.open(
      head,
      recent.map((entry) => postOf(entry, this.#facts.publicUrl)),
    );
    this.#remember(conversation, place);
    if (isNew) await this.#keepShown(conversation, recent.at(-1)?.seq ?? 0);
    for (const entry of recent) this.#interpreter?.beside({ desk: this.#desk, place, conversation }, entry);
    await this.#showSaid(place, stand, recent.at(-1)?.seq ?? shown);
    await this.#showLine(place, stand, head, `${id}`, line);
    if (isOver(stand)) await this.#desk.close(place, head);
    else await this.#desk.update(place, head);
  }

  /** Up to where this desk has seen a conversation: each desk for itself, since one may be away while the other is there. */
  async #shownOf(conversation: string): Promise<number> {
    return Number((await this.#store.cursor(`${this.#cursor}:${conversation}`)) ?? 0);
  }

  async #keepShown(conversation: string, seq: number): Promise<void> {
    await this.#store.keepCursor(`${this.#cursor}:${conversation}`, String(seq));
  }

  #remember(conversation: string, place: string): void {
    this.#places.delete(conversation);
    this.#places.set(conversation, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > PLACES && oldest !== undefined) this.#places.delete(oldest);
  }

  async #seqOf(conversation: string): Promise<number> {
    return (await this.#store.find(conversation))?.seq ?? 0;
  }

  /** Everything said since it was last looked at. */
  async #showSaid(place: string, { conversation }: StoredStand, after: number): Promise<void> {
    for (let last = after; ; ) {
      const entries = await this.#store.transcript(conversation, last, PAGE);
      for (const entry of entries) {
        await this.#desk.post(place, postOf(entry, this.#facts.publicUrl));
        this.#interpreter?.beside({ desk: this.#desk, place, conversation }, entry);
        await this.#showReceipt(place, entry);
      }
      const end = entries.at(-1);
      if (end === undefined) return;
      last = end.seq;
      await this.#keepShown(conversation, last);
    }
  }

  /** How far an agent's words have come; what is on its way is told when it has arrived. */
  async #showReceipt(place: string, { seq, message, status }: StoredEntry): Promise<void> {
    if (message.said === undefined || !isKnown(status)) return;
    await this.#desk.receipt(place, { key: `${seq}.${status}`, said: message.said, state: status });
  }

  async #showLine(place: string, stand: StoredStand, head: Head, key: string, line: Line): Promise<void> {
    const { on, by, code, holder } = line;
    if (on === 'offered' && by !== undefined && head.at === 'offered' && head.agent === by) {
      const { stretch } = stand.control as unknown as Control;
      await this.#desk.offer(place, { key, agent: by, until: stretch?.offer ?? 0, version: head.version });
    }
    if (on === 'refused' && by !== undefined) {
      const whose = holder === undefined ? {} : { holder: String(holder) };
      await this.#desk.tell(place, { key, agent: by, code: String(code), ...whose });
    }
    if (String(on) === 'away' && by !== undefined) await this.#desk.tell(place, { key, agent: by, code: 'away' });
    const note = noteIn(key, line, this.#facts.language);
    if (note !== undefined) await this.#desk.note(place, note);
    const card = cardOf(line);
    if (card !== undefined) await this.#desk.task(place, card);
    if (typeof line.said === 'string') await this.#showFate(place, stand, key, line, line.said);
    if (String(on) === 'receipt') await this.#showArrival(place, stand, Number(line.seq));
  }

  /** What an agent has said is kept back, changed or taken back. */
  async #showFate(place: string, { conversation }: StoredStand, key: string, line: Line, said: string): Promise<void> {
    const { by, until, state } = line;
    const now = typeof until === 'number' ? 'held' : (state as ReceiptState | undefined);
    if (now === undefined) return;
    if (now === 'changed') {
      const entry = await findSaid(this.#store, conversation, said);
      if (entry !== undefined) await this.#desk.post(place, { ...postOf(entry, this.#facts.publicUrl), edited: true });
    }
    await this.#desk.receipt(place, {
      ...{ key, said, state: now },
      ...(by === undefined ? {} : { agent: by }),
      ...(typeof until === 'number' ? { until } : {}),
    });
  }

  async #showArrival(place: string, { conversation }: StoredStand, seq: number): Promise<void> {
    const [entry] = await this.#store.transcript(conversation, seq - 1, 1);
    if (entry?.seq === seq) await this.#showReceipt(place, entry);
  }
}

/** The humans' part has ended, and no flow asks for anything. */
function isOver({ at, control }: StoredStand): boolean {
  const { tasks = [] } = control as unknown as Control;
  return (at === 'closed' || at === 'bot') && tasks.length === 0;
}

function isKnown(status: DeliveryStatus): status is Extract<DeliveryStatus, ReceiptState> {
  return status !== 'queued' && status !== 'sending';
}

const PAGE = 100;
const PLACES = 1_000;
