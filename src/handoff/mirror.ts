import type { DeskLine, DeskTables, StoredStand } from '../store/desk.ts';
import type { Store, StoredEntry } from '../store/store.ts';
import type { Control, Line } from './control.ts';
import type { Desk, Head } from './desk.ts';
import { headOf, noteIn, postOf } from './shown.ts';

/** What the mirror needs of the store. */
export type Shown = Pick<Store, 'transcript' | 'find' | 'cursor' | 'keepCursor'> & { readonly desk: DeskTables };

/**
 * Shows a desk what the log tells, line by line and in order. How far it has come is kept, so that after a crash, or a day without the
 * desk, it goes on where it was: what was shown twice meanwhile has the same key.
 */
export class Mirror {
  readonly #desk: Desk;
  readonly #store: Shown;
  readonly #cursor: string;

  constructor(desk: Desk, store: Shown) {
    this.#desk = desk;
    this.#store = store;
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
    const head = await headOf(stand, this.#store);
    const isNew = stand.mirrored === 0;
    const recent = isNew ? await this.#recent(conversation) : [];
    const place = await this.#desk.open(head, recent.map(postOf));
    if (isNew) await this.#store.desk.mirrored(conversation, recent.at(-1)?.seq ?? 0);
    await this.#showSaid(place, stand, recent.at(-1)?.seq ?? stand.mirrored);
    await this.#showLine(place, stand, head, `${id}`, line);
    if (head.at === 'closed' || head.at === 'bot') await this.#desk.close(place, head);
    else await this.#desk.update(place, head);
  }

  /** Everything said since it was last looked at. */
  async #showSaid(place: string, { conversation }: StoredStand, after: number): Promise<void> {
    for (let last = after; ; ) {
      const entries = await this.#store.transcript(conversation, last, PAGE);
      for (const entry of entries) await this.#desk.post(place, postOf(entry));
      const end = entries.at(-1);
      if (end === undefined) return;
      last = end.seq;
      await this.#store.desk.mirrored(conversation, last);
    }
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
    const note = noteIn(key, line);
    if (note !== undefined) await this.#desk.note(place, note);
  }

  /** The last of what was said before it came to the desk. */
  async #recent(conversation: string): Promise<readonly StoredEntry[]> {
    const { seq = 0 } = (await this.#store.find(conversation)) ?? {};
    return this.#store.transcript(conversation, Math.max(0, seq - RECENT), RECENT);
  }
}

const PAGE = 100;
/** Lines of the conversation that an agent sees at once: about six turns. */
const RECENT = 12;
