import { z } from 'zod';
import { type Inbound, ParleyError, type PullContext, type Pulled, type Report } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { accountsOf } from './accounts.ts';
import { callApi } from './client.ts';
import { broughtBy } from './events.ts';
import type { Nudge } from './receive.ts';
import { heardBy, type Served, servedAfter } from './served.ts';
import type { WecomSettings } from './settings.ts';
import { Page } from './sync.ts';
import { keepWelcome } from './welcome.ts';

type Context = PullContext<WecomSettings>;

/** How far a customer service account has been read. */
const Place = z.object({
  next_cursor: z.string().optional(),
  /** Epoch milliseconds: while it is read for the first time, what is older is left out. */
  since: z.number().optional(),
  served: z.record(z.string(), z.number()).optional(),
});
type Place = z.infer<typeof Place>;

/** By `open_kfid`. It outlives the process as JSON. */
const Places = z.record(z.string(), Place);

/**
 * Asks for what a callback says has come (https://developer.work.weixin.qq.com/document/path/94670). Without one (after a start, or
 * where callbacks get lost) every account that is ours is asked, under WeCom's strict limits for that: the first callback of all may have
 * been answered by a process that died before it asked.
 */
export async function pull(context: Context): Promise<Pulled> {
  const places = Places.parse(JSON.parse(context.cursor ?? '{}'));
  const nudge = context.nudge as Nudge | undefined;
  const asked = nudge === undefined ? await ours(places, context) : [nudge.topic];
  const read = [];
  for (const kf of asked) {
    const place = places[kf] ?? { since: (nudge?.at ?? Date.now()) - FRESH };
    const page = await ask(kf, place, nudge?.token, context);
    const { served, ...brought } = readPage(page, place, context);
    read.push({ kf, place: { ...placeAfter(place, page), served }, ...brought });
  }
  return {
    events: read.flatMap(({ events }) => events),
    reports: read.flatMap(({ reports }) => reports),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
    cursor: JSON.stringify({ ...places, ...Object.fromEntries(read.map(({ kf, place }) => [kf, place])) }),
    more: read.some(({ more }) => more),
  };
}

/** Without a cursor WeCom begins three days ago. What was said long before this bot was there has been answered by somebody else. */
const FRESH = 10 * 60_000;

/** Those that have been read before, and those that the settings name; of a bot that knows of none, all that WeCom lets it serve. */
async function ours(places: Readonly<Record<string, Place>>, context: Context): Promise<readonly string[]> {
  const known = new Set([...Object.keys(places), ...context.settings.serves]);
  return known.size > 0 ? [...known] : (await accountsOf(context)).map(({ open_kfid: id }) => id);
}

function placeAfter({ next_cursor: before, since }: Place, { next_cursor: after = '', has_more: more }: Page): Place {
  const next = after === '' ? before : after;
  return {
    ...(next === undefined ? {} : { next_cursor: next }),
    ...(since !== undefined && (more === 1 || next === undefined) ? { since } : {}),
  };
}

/** As many as WeCom gives at once. */
const LIMIT = 1_000;
/** 不合法的msgtoken: older than ten minutes, because we were away. */
const TOKEN_GONE = 95_007;

async function ask(kf: string, { next_cursor: cursor }: Place, token: string | undefined, context: Context) {
  const question = { open_kfid: kf, limit: LIMIT, voice_format: 0, ...(cursor === undefined ? {} : { cursor }) };
  if (token === undefined) return await askUnasked(question, context);
  try {
    return Page.parse(await callApi('kf/sync_msg', { ...question, token }, context));
  } catch (error) {
    if (!isRefused(error, TOKEN_GONE)) throw error;
    return await askUnasked(question, context);
  }
}

/** 接口请求次数超频: the next callback brings a token, and must not have to wait for what this one rests. */
const TOO_OFTEN = 45_009;

async function askUnasked(question: object, context: Context): Promise<Page> {
  try {
    return Page.parse(await callApi('kf/sync_msg', question, context));
  } catch (error) {
    if (!isRefused(error, TOO_OFTEN)) throw error;
    return Page.parse({});
  }
}

function isRefused(error: unknown, errcode: number): boolean {
  return error instanceof Refusal && error.errcode === errcode;
}

function readPage({ msg_list: entries, has_more: more }: Page, place: Place, { account, settings }: Context) {
  const { since = 0 } = place;
  let served: Served = place.served ?? {};
  const events: Inbound[] = [];
  const reports: Report[] = [];
  const unreadable: ParleyError[] = [];
  for (const entry of entries) {
    try {
      const { inbound, report, welcome } = broughtBy(entry, { account, locale: settings.locale });
      if (inbound !== undefined) {
        if ((inbound.sentAt ?? since) >= since) events.push(heardBy(served, inbound));
        served = servedAfter(served, inbound);
      }
      if (report !== undefined) reports.push(report);
      if (welcome !== undefined) keepWelcome(settings, welcome.address, welcome.code);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      unreadable.push(error);
    }
  }
  // A page may be empty and have more behind it.
  return { events, reports, unreadable, served, more: more === 1 };
}
