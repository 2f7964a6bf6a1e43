import type { DeskLine, DeskTables, StoredStand } from '../store/desk.ts';
import type { Store, StoredEntry } from '../store/store.ts';
import type { Control, Line } from './control.ts';
import type { Desk, Head, Post } from './desk.ts';

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
    const head = await this.#headOf(stand);
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
    const { on, by, note, text, agent, code, holder } = line;
    if (on === 'offered' && by !== undefined && head.at === 'offered' && head.agent === by) {
      const { stretch } = stand.control as unknown as Control;
      await this.#desk.offer(place, { key, agent: by, until: stretch?.offer ?? 0, version: head.version });
    }
    if (on === 'refused' && by !== undefined) {
      const whose = holder === undefined ? {} : { holder: String(holder) };
      await this.#desk.tell(place, { key, agent: by, code: String(code), ...whose });
    }
    if (String(on) === 'away' && by !== undefined) await this.#desk.tell(place, { key, agent: by, code: 'away' });
    if (on === 'muted') await this.#desk.note(place, { key, text: String(text), kind: 'muted' });
    if (typeof note === 'string' && by !== undefined)
      await this.#desk.note(place, { key, by, text: note, kind: agent === undefined ? 'note' : 'handover' });
  }

  async #headOf({ conversation, control: stored }: StoredStand): Promise<Head> {
    const { at, version, stretch } = stored as unknown as Control;
    const found = await this.#store.find(conversation);
    const { name, attributes = {} } = found?.customer ?? {};
    return {
      ...{ conversation, version, at },
      queue: stretch?.queue ?? '',
      priority: stretch?.priority ?? 'normal',
      reason: stretch?.reason ?? '',
      ...(stretch?.agent === undefined ? {} : { agent: stretch.agent }),
      ...(stretch?.consulted === undefined ? {} : { consulted: stretch.consulted }),
      opened: stretch?.opened ?? 0,
      due: (stretch?.clocks ?? []).flatMap(({ kind, due }) => (due === undefined ? [] : [{ clock: kind, at: due }])),
      customer: {
        ...(name === undefined ? {} : { name }),
        ...{ attributes, locale: found?.locale ?? '', account: found?.account ?? '' },
      },
      attach: stretch?.attach ?? {},
      ...(stretch?.ended === undefined ? {} : { outcome: stretch.ended.outcome }),
    };
  }

  /** The last of what was said before it came to the desk. */
  async #recent(conversation: string): Promise<readonly StoredEntry[]> {
    const { seq = 0 } = (await this.#store.find(conversation)) ?? {};
    return this.#store.transcript(conversation, Math.max(0, seq - RECENT), RECENT);
  }
}

function postOf({ seq, from, message, attachments = [], at }: StoredEntry): Post {
  const name = message.agent === undefined ? {} : { name: message.agent };
  return { key: String(seq), from, ...name, message, attachments, at };
}

const PAGE = 100;
/** Lines of the conversation that an agent sees at once: about six turns. */
const RECENT = 12;
