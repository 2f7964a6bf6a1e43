import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Inbound } from '../../channel.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../log.ts';
import type { Attachment } from '../../message.ts';
import type { FileStore } from '../file-store.ts';
import type { Metrics } from '../metrics.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';
import { Refusal } from '../refusal.ts';
import { sniff } from '../sniff.ts';
import { type Caller, mayOpen } from './caller.ts';
import { type ClientActivity, isMessage, keyOf, localeIn, readLocale, toEvent } from './heard.ts';
import { invalid, noConversation, secretNeeded, tokenNeeded } from './refusals.ts';
import type { DirectlineAccount } from './settings.ts';
import { createTokens, type Token, type Tokens } from './tokens.ts';
import { type ActivitySet, activityId, toActivitySet } from './told.ts';

/**
 * One account's Direct Line: clients that speak Microsoft's protocol hold their conversations here. It keeps nothing of its own. A
 * conversation is the engine's, a token is signed, and a watermark is a sequence number of the transcript.
 */
export interface Directline {
  readonly account: DirectlineAccount;
  readonly tokens: Tokens;
  readonly house: House;
  readonly limits: Readonly<Record<'visitor' | 'network' | 'sessions', RateLimit>>;
  /** A token for a conversation that is yet to be started. For the holder of the secret only. */
  generate(caller: Caller, request: unknown): Promise<Issued>;
  /** A new token for the one that is still good. */
  refresh(caller: Caller): Promise<Issued>;
  /** Starts the token's conversation, or a new one of the secret's holder. The same token again finds it started. */
  start(caller: Caller, request: unknown, visit: Visit): Promise<Opened & { readonly fresh: boolean }>;
  /** Opens the stream of a conversation again, from a watermark on; without one, from now on. */
  reconnect(caller: Caller, conversation: string, watermark: string | undefined, visit: Visit): Promise<Opened>;
  /** The next lines after a watermark; without one, from the first. */
  activities(caller: Caller, conversation: string, watermark: string | undefined, visit: Visit): Promise<ActivitySet>;
  /** Takes what the customer wrote, tapped or sent. The same client's id again changes nothing. */
  post(caller: Caller, conversation: string, activity: ClientActivity, files: readonly File[]): Promise<{ id: string }>;
  /** The engine's conversation behind a public id. @throws `directline.no_conversation` */
  find(conversation: string): Promise<string>;
}

/** What this door shares with others. */
export interface House {
  readonly engine: Engine;
  readonly files: FileStore;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Reverse proxies in front of this server. */
  readonly proxies: number;
  readonly clock: () => number;
}

/** How a client reaches us. */
export interface Visit {
  /** `https://bot.shop.example` */
  readonly base: string;
  /** For its limits. */
  readonly network: string;
}

export interface Issued {
  readonly conversationId: string;
  readonly token: string;
  /** Seconds. */
  readonly expires_in: number;
}

export interface Opened extends Issued {
  readonly streamUrl: string;
  readonly referenceGrammarId: string;
}

/** Lines of one answer to a polling client, which asks again at once when it wants more. */
const PAGE = 100;

export function createDirectline(account: DirectlineAccount, house: House): Directline {
  const { name, settings } = account;
  const { engine, files, metrics, clock } = house;
  const tokens = createTokens(name, settings, clock);
  const limits = {
    visitor: createRateLimit(settings.limits.visitor, clock),
    network: createRateLimit(settings.limits.network, clock),
    sessions: createRateLimit(settings.limits.sessions, clock),
  };

  async function generate(caller: Caller, body: unknown): Promise<Issued> {
    if (caller.kind !== 'server') throw secretNeeded();
    const { user, trustedOrigins } = read(GenerateRequest, body);
    return issue({
      conversation: newConversation(),
      ...(user?.id ? { user: user.id, trusted: true } : {}),
      ...(trustedOrigins?.length ? { origins: trustedOrigins } : {}),
    });
  }

  async function refresh(caller: Caller): Promise<Issued> {
    if (caller.kind !== 'client') throw tokenNeeded();
    return issue(caller.token);
  }

  async function start(caller: Caller, body: unknown, visit: Visit): Promise<Opened & { fresh: boolean }> {
    const request = read(StartRequest, body);
    const token = tokenFor(caller, request.user?.id ?? undefined);
    const started = await engine.find(name, token.conversation);
    if (started === undefined && caller.kind === 'client') limits.sessions.take(visit.network);
    // Also where it was found: an earlier try may have been cut off in the middle.
    const fresh = await begin(token, readLocale(request.locale));
    if (fresh) metrics.count('parley_sessions_total');
    return { ...(await open(token, 0, visit)), fresh };
  }

  /** Whoever starts a conversation may say who she is, unless her token says it already. */
  function tokenFor(caller: Caller, user: string | undefined): Token {
    const server = caller.kind === 'server';
    const token: Token = server ? { conversation: newConversation() } : caller.token;
    if (user === undefined || token.user !== undefined) return token;
    if (!isTrusted(user)) return { ...token, user };
    if (!server) throw reserved();
    return { ...token, user, trusted: true };
  }

  /** The same again changes nothing. Resolves with whether it had not begun before. */
  async function begin({ conversation, user, trusted }: Token, locale: string | undefined): Promise<boolean> {
    const inbound = { account: name, address: conversation, ...(locale === undefined ? {} : { locale }) };
    const { duplicate } = await engine.accept({
      ...inbound,
      key: 'opened',
      event: locale === undefined ? { kind: 'opened' } : { kind: 'opened', locale },
    });
    if (!settings.verifiedUsers || !trusted || user === undefined) return !duplicate;
    const customer = user.slice(TRUSTED.length);
    const key = `identified:${createHash('sha256').update(customer).digest('base64url')}`;
    await engine.accept({ ...inbound, key, event: { kind: 'identified', customer, attributes: {} } });
    return !duplicate;
  }

  async function reconnect(
    caller: Caller,
    conversation: string,
    watermark: string | undefined,
    visit: Visit,
  ): Promise<Opened> {
    mayOpen(caller, conversation);
    const inside = await find(conversation);
    const after = watermark === undefined ? await lastOf(inside) : readWatermark(watermark);
    // A page whose token ran out has its server ask; whom that page is for, the server knows and need not say again.
    return open(caller.kind === 'client' ? caller.token : { conversation, trusted: true }, after, visit);
  }

  async function open(token: Token, after: number, { base }: Visit): Promise<Opened> {
    const { conversation } = token;
    const stream = new URL(`/channels/${name}/v3/directline/conversations/${conversation}/stream`, base);
    stream.protocol = stream.protocol.replace('http', 'ws');
    stream.searchParams.set('watermark', String(after));
    stream.searchParams.set('t', await tokens.ticket(conversation));
    return { ...(await issue(token)), streamUrl: stream.href, referenceGrammarId: name };
  }

  async function activities(
    caller: Caller,
    conversation: string,
    watermark: string | undefined,
    { base }: Visit,
  ): Promise<ActivitySet> {
    mayOpen(caller, conversation);
    const after = readWatermark(watermark);
    const entries = await engine.transcript(await find(conversation), after, PAGE);
    return toActivitySet(entries, after, { account, conversation, base });
  }

  async function post(
    caller: Caller,
    conversation: string,
    activity: ClientActivity,
    uploaded: readonly File[],
  ): Promise<{ id: string }> {
    mayOpen(caller, conversation);
    if (caller.kind === 'client') limits.visitor.take(conversation);
    await find(conversation);
    const user = writerOf(caller, activity);
    if (!isMessage(activity)) return { id: `${conversation}|${randomBytes(9).toString('base64url')}` };
    const attachments = await keep(conversation, uploaded);
    const locale = localeIn(activity);
    const inbound: Inbound = {
      account: name,
      address: conversation,
      key: keyOf(activity, user),
      event: toEvent(activity, attachments),
      ...(locale === undefined ? {} : { locale }),
      ...(attachments.length === 0 ? {} : { attachments }),
    };
    const { seq, duplicate } = await engine.accept(inbound);
    metrics.count(duplicate ? 'parley_duplicate_total' : 'parley_accepted_total', { door: 'directline' });
    return { id: activityId(conversation, seq) };
  }

  async function keep(conversation: string, uploaded: readonly File[]): Promise<readonly Attachment[]> {
    const shelf = `${name}\n${conversation}`;
    const kept: Attachment[] = [];
    for (const file of uploaded) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const type = sniff(bytes);
      if (type === undefined)
        throw new Refusal(415, 'chat.file_type', 'Files of this type are not taken.', {
          hint: 'Send a picture (PNG, JPEG, GIF, WebP), a PDF or plain text.',
        });
      if ((await files.used(shelf)) + bytes.byteLength > account.files.total)
        throw new Refusal(413, 'chat.files_full', 'This conversation has no room for more files.', {
          hint: 'Send a smaller file.',
        });
      kept.push(await files.keep(shelf, { name: file.name, type, bytes }));
    }
    return kept;
  }

  async function find(conversation: string): Promise<string> {
    const inside = await engine.find(name, conversation);
    if (inside === undefined) throw noConversation();
    return inside;
  }

  async function lastOf(inside: string): Promise<number> {
    let last = 0;
    for (;;) {
      const page = await engine.transcript(inside, last, PAGE);
      last = page.at(-1)?.seq ?? last;
      if (page.length < PAGE) return last;
    }
  }

  async function issue(token: Token): Promise<Issued> {
    return { conversationId: token.conversation, token: await tokens.issue(token), expires_in: settings.tokenLife };
  }

  return { account, tokens, house, limits, generate, refresh, start, reconnect, activities, post, find };
}

/** Ids that begin with it are the business's word, not the customer's. */
const TRUSTED = 'dl_';

function isTrusted(user: string): boolean {
  return user.startsWith(TRUSTED);
}

function reserved(): Refusal {
  return invalid(`user ids that begin with ${TRUSTED} come in a token that your server had generated`);
}

/** Her token's word goes before the activity's. */
function writerOf(caller: Caller, { from }: ClientActivity): string {
  const given = from?.id ?? '';
  if (caller.kind === 'server') return given;
  const { user, trusted } = caller.token;
  if (user !== undefined) return user;
  if (isTrusted(given) && !trusted) throw reserved();
  return given;
}

/** Watermarks are read as ours; none, an empty one and the `-` of a first connection are the beginning. */
export function readWatermark(text: string | undefined): number {
  if (text === undefined || text === '' || text === '-') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid('watermark: must be one that we gave');
}

function newConversation(): string {
  return randomBytes(18).toString('base64url');
}

const User = z.object({
  id: z
    .string()
    .max(256)
    .regex(/^\P{Cc}*$/u, 'has control characters')
    .nullish(),
});

const GenerateRequest = z.object({
  user: User.refine(
    ({ id }) => !id || (isTrusted(id) && id.length > TRUSTED.length),
    `its id must begin with ${TRUSTED}`,
  ).nullish(),
  trustedOrigins: z
    .array(z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text))
    .max(20)
    .nullish(),
});

const StartRequest = z.object({ user: User.nullish(), locale: z.unknown().optional() });

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`).join('; '),
  );
}
