import { createHash, randomUUID } from 'node:crypto';
import { type Action, ActionError } from '../action.ts';
import type { Channel, Inbound } from '../channel.ts';
import type { Conversation, Store, StoredIdentity } from '../store/store.ts';
import type { Json, JsonObject } from '../type.ts';
import { isWeb } from '../web-address.ts';
import { newCode, newNumber, plainCode } from './code.ts';
import { signatureOf } from './signatures.ts';

export interface HouseParts {
  readonly store: Pick<
    Store,
    'find' | 'load' | 'invite' | 'withdraw' | 'challenge' | 'answer' | 'identities' | 'unlink'
  >;
  readonly channels: ReadonlyMap<string, { readonly channel: Channel; readonly settings: unknown }>;
  readonly accept: (inbound: Inbound) => Promise<unknown>;
  readonly clock: { now(): number };
}

/** Milliseconds that a platform has to make a way to it. */
const PATIENCE = 4_000;
/** Milliseconds that a code is good for. */
const LIFE = 600_000;

type Run = (args: JsonObject, here: Conversation) => Promise<Json>;

/** The actions of `signatures.ts`. Each is about the conversation that calls it, and the customer whose that is. */
export function houseActions(parts: HouseParts): readonly Action[] {
  const { store, channels, accept, clock } = parts;
  const own = (name: string, run: Run): Action => ({
    ...signatureOf(name),
    run: async (args, { conversation }) => {
      const here = await store.find(conversation);
      if (here === undefined) throw new ActionError('unavailable', 'The conversation is not there.');
      return run(args, here);
    },
  });

  /** The first account of that kind which is not this one. */
  function accountOf(kind: string, here: Conversation) {
    for (const [name, account] of channels)
      if (account.channel.kind === kind && name !== here.account) return { name, ...account };
    return undefined;
  }

  async function ways(here: Conversation): Promise<Json> {
    const kinds = [...channels].filter(([name]) => name !== here.account).map(([, { channel }]) => channel.kind);
    return [...new Set(kinds)];
  }

  async function invite({ to }: JsonObject, here: Conversation): Promise<Json> {
    const account = accountOf(String(to), here);
    if (account === undefined) throw new ActionError('unavailable', `There is no other account of kind ${to}.`);
    const code = newCode();
    const id = randomUUID();
    const at = clock.now();
    await store.invite({ id, code: plainCode(code), conversation: here.key, until: at + LIFE, at });
    const entrance = (await account.channel.entrance?.(account.settings, code, AbortSignal.timeout(PATIENCE))) ?? {};
    return {
      id,
      code,
      at: entrance.at ?? null,
      url: followed(entrance.url, channels.get(here.account)?.channel) ?? null,
    };
  }

  async function withdraw({ id }: JsonObject, here: Conversation): Promise<Json> {
    await store.withdraw(here.key, String(id));
    return true;
  }

  async function sendCode({ phone }: JsonObject, here: Conversation): Promise<Json> {
    const account = [...channels].find(([, { channel }]) => channel.can.numbers === true)?.[0];
    if (account === undefined) throw new ActionError('unavailable', 'No account writes to telephone numbers.');
    const address = String(phone);
    const code = newNumber();
    const at = clock.now();
    const kept = await store.challenge({ conversation: here.key, account, address, code, until: at + LIFE, at });
    // Whoever has opted out is not told: the engine asks before every send.
    if (kept)
      await accept({
        ...{ account, address, key: `parley:code:${randomUUID()}` },
        ...localeOf(here),
        event: { kind: 'notice', text: 'address_code', values: { code } },
      });
    return true;
  }

  async function confirmCode({ code }: JsonObject, here: Conversation): Promise<Json> {
    const digits = String(code).normalize('NFKC').replace(/\D/g, '');
    return { ok: await store.answer({ conversation: here.key, code: digits, at: clock.now() }) };
  }

  async function addresses(here: Conversation): Promise<Json> {
    const hers = here.customer === undefined ? [] : await store.identities(here.customer.key);
    return hers
      .filter(({ account, address }) => account !== here.account || address !== here.address)
      .map((identity) => ({
        id: idOf(identity),
        app: channels.get(identity.account)?.channel.kind ?? identity.account,
        shown: shownOf(identity, channels.get(identity.account)?.channel),
      }));
  }

  async function unlink({ id }: JsonObject, here: Conversation): Promise<Json> {
    const hers = here.customer === undefined ? [] : await store.identities(here.customer.key);
    const found = hers.find((identity) => idOf(identity) === id);
    return { ok: found !== undefined && (await store.unlink(found.account, found.address)) };
  }

  return [
    own('parley.ways', (_, here) => ways(here)),
    own('parley.invite', invite),
    own('parley.withdraw', withdraw),
    own('parley.send_code', sendCode),
    own('parley.confirm_code', confirmCode),
    own('parley.addresses', (_, here) => addresses(here)),
    own('parley.unlink', unlink),
  ];
}

/** The language that the conversation is held in, for an address where none has been. */
function localeOf({ state, locale }: Conversation): { locale?: string } {
  const held = state === undefined ? undefined : (JSON.parse(state) as { locale?: unknown }).locale;
  const known = typeof held === 'string' ? held : locale;
  return known === '' ? {} : { locale: known };
}

/** What a flow may hold instead of the address itself. */
function idOf({ account, address }: StoredIdentity): string {
  return createHash('sha256').update(`${account}\n${address}`).digest('base64url').slice(0, 16);
}

/** Only what her app here makes a link of: elsewhere `sms:` would be a line of letters. */
function followed(url: string | undefined, here: Channel | undefined): string | undefined {
  return url !== undefined && (isWeb(url) || here?.can.smsLinks === true) ? url : undefined;
}

/** The end of a number is enough for her to know it. What platforms call her tells nobody anything. */
function shownOf({ address }: StoredIdentity, channel: Channel | undefined): string {
  return channel?.can.numbers === true ? `…${address.slice(-4)}` : '';
}
