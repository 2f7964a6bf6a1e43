import type { Answer, Command } from '../../handoff/counter.ts';
import type { Head } from '../../handoff/desk.ts';
import type { Office } from '../../handoff/office.ts';
import type { Policy, Presence } from '../../handoff/policy.ts';
import type { Log } from '../../log.ts';
import type { Attachment } from '../../message.ts';
import type { DeskTables } from '../../store/desk.ts';
import type { StoredEntry } from '../../store/store.ts';
import type { SlackApi } from './api.ts';
import type { Keep, Ledger } from './ledger.ts';
import type { Pump } from './pump.ts';
import type { SlackDeskSettings } from './settings.ts';
import type { Words } from './words.ts';

/** What the desk needs of the house, once that stands. */
export interface House {
  give(command: Command): Promise<Answer>;
  setPresence(agent: string, presence: Presence): Promise<void>;
  policy(): Policy;
  readonly replies: Office['replies'];
  readonly reveal: Office['reveal'];
  /** As things are now; `undefined`: no human ever had to do with it. */
  head(conversation: string): Promise<Head | undefined>;
  transcript(conversation: string, after: number, limit: number): Promise<readonly StoredEntry[]>;
  /** What an agent said under this command, as the transcript has it; `undefined`: too long ago, or never. */
  said(conversation: string, command: string): Promise<StoredEntry | undefined>;
  readonly tables: Pick<DeskTables, 'stand' | 'stands' | 'ended' | 'answer' | 'agents'>;
  readonly keep: Keep;
  /** Puts a file of an agent's into our own store. @throws ParleyError where it is refused; its hint is for the agent */
  keepFile(conversation: string, file: { readonly name: string; readonly bytes: Uint8Array }): Promise<Attachment>;
}

/** What everything that agents do in Slack works with. */
export interface Inside {
  readonly house: House;
  readonly ledger: Ledger;
  readonly pump: Pump;
  readonly api: SlackApi;
  readonly settings: SlackDeskSettings;
  readonly words: Words;
  readonly staff: Staff;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** Agents by their Slack user ids, never by e-mail: https://github.com/chatwoot/chatwoot/pull/13624 */
export interface Staff {
  of(user: string): string | undefined;
  account(agent: string): string | undefined;
  shown(agent: string): string;
}

/** Where `agents:` of `parley.yaml` has an agent's user id. */
export const KIND = 'slack';

export function staffOf(policy: () => Policy): Staff {
  const find = (agent: string) => policy().agents.find(({ name }) => name === agent);
  return {
    of: (user) => policy().agents.find(({ accounts }) => accounts[KIND] === user)?.name,
    account: (agent) => find(agent)?.accounts[KIND],
    shown: (agent) => find(agent)?.shown ?? agent,
  };
}
