import { maskSensitive } from '../privacy/masking.ts';
import type { Conversation, Store, StoredEntry } from '../store/store.ts';

export type ExportFormat = 'text' | 'json';

type Reading = Pick<Store, 'find' | 'transcript'>;

/**
 * A conversation as a file: who said what, and when. `undefined`: there is none of that id.
 * @param masked what desks mask is masked here, too
 */
export async function exportTranscript(
  conversation: string,
  { format, masked }: { readonly format: ExportFormat; readonly masked: boolean },
  store: Reading,
): Promise<string | undefined> {
  const found = await store.find(conversation);
  if (found === undefined) return undefined;
  const entries = (await allOf(store, conversation)).map((entry) => (masked ? withoutPersonal(entry) : entry));
  return format === 'json' ? `${JSON.stringify(recordOf(found, entries), null, 2)}\n` : textOf(found, entries);
}

async function allOf(store: Reading, conversation: string): Promise<readonly StoredEntry[]> {
  const all: StoredEntry[] = [];
  for (;;) {
    const page = await store.transcript(conversation, all.at(-1)?.seq ?? 0, PAGE);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

function withoutPersonal(entry: StoredEntry): StoredEntry {
  return { ...entry, message: { ...entry.message, text: maskSensitive(entry.message.text) } };
}

function recordOf({ id, account, locale }: Conversation, entries: readonly StoredEntry[]) {
  return {
    ...{ conversation: id, account, locale },
    entries: entries.map(({ seq, from, at, status, message, attachments }) => ({
      ...{ seq, from, at: new Date(at).toISOString() },
      // Of her own words there is nothing to tell.
      ...(from === 'customer' ? {} : { status }),
      ...{ message, ...(attachments === undefined ? {} : { attachments }) },
    })),
  };
}

function textOf({ id, account, locale }: Conversation, entries: readonly StoredEntry[]): string {
  const head = `${id} · ${account} · ${locale}`;
  return `${[head, '', ...entries.map(lineOf)].join('\n')}\n`;
}

function lineOf({ from, at, message, attachments = [] }: StoredEntry): string {
  const { text, agent, choices = [], image, file } = message;
  const who = from === 'agent' ? (agent ?? from) : from;
  const files = [...attachments.map(({ name }) => name), ...(image ? [image.alt] : []), ...(file ? [file.name] : [])];
  const parts = [text, ...choices.map(({ label }) => `(${label})`), ...files.map((name) => `[${name}]`)];
  // Lines of one message stand under each other, so that nobody writes one that looks like another's.
  const said = parts.filter((part) => part !== '').join(' ');
  return `${new Date(at).toISOString()}  ${who}: ${said.replaceAll('\n', '\n    ')}`;
}

const PAGE = 200;
