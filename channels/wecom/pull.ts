import { z } from 'zod';
import { type Inbound, ParleyError, type PullContext, type Pulled, type Report } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { callApi } from './client.ts';
import { broughtBy } from './events.ts';
import type { Nudge } from './receive.ts';
import type { WecomSettings } from './settings.ts';
import { Page } from './sync.ts';
import { keepWelcome } from './welcome.ts';

type Context = PullContext<WecomSettings>;

/** How far each customer service account has been read: `next_cursor` by `open_kfid`. Ours outlives the process as JSON. */
const Cursors = z.record(z.string(), z.string());

/**
 * Asks for what a callback says has come (https://developer.work.weixin.qq.com/document/path/94670). Without one (after a start, or
 * where callbacks are lost) every account that is known is asked, under WeCom's strict limits for that.
 */
export async function pull(context: Context): Promise<Pulled> {
  const cursors = Cursors.parse(JSON.parse(context.cursor ?? '{}'));
  const nudge = context.nudge as Nudge | undefined;
  const asked =
    nudge === undefined ? [...new Set([...Object.keys(cursors), ...context.settings.serves])] : [nudge.topic];
  const pages = [];
  for (const kf of asked) pages.push({ kf, page: await ask(kf, cursors[kf], nudge?.token, context) });
  const read = pages.map(({ kf, page }) => readPage(page, cursors[kf], nudge, context));
  const moved = pages.flatMap(({ kf, page }) => (page.next_cursor ? [[kf, page.next_cursor]] : []));
  return {
    events: read.flatMap(({ events }) => events),
    reports: read.flatMap(({ reports }) => reports),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
    cursor: JSON.stringify({ ...cursors, ...Object.fromEntries(moved) }),
    // A page may be empty and have more behind it.
    more: pages.some(({ page }) => page.has_more === 1),
  };
}

/** As many as WeCom gives at once. */
const LIMIT = 1_000;
/** 不合法的msgtoken: older than ten minutes, because we were away. */
const TOKEN_GONE = 95_007;

async function ask(kf: string, cursor: string | undefined, token: string | undefined, context: Context) {
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

/** Without a cursor WeCom begins three days ago. What was said long before this bot was there has been answered by somebody else. */
const FRESH = 10 * 60_000;

function readPage(
  { msg_list: entries }: Page,
  cursor: string | undefined,
  nudge: Nudge | undefined,
  { account, settings }: Context,
) {
  const events: Inbound[] = [];
  const reports: Report[] = [];
  const unreadable: ParleyError[] = [];
  const since = cursor === undefined && nudge !== undefined ? nudge.at - FRESH : 0;
  for (const entry of entries) {
    try {
      const { inbound, report, welcome } = broughtBy(entry, { account, locale: settings.locale });
      if (inbound !== undefined && (inbound.sentAt ?? since) >= since) events.push(inbound);
      if (report !== undefined) reports.push(report);
      if (welcome !== undefined) keepWelcome(settings, welcome.address, welcome.code);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      unreadable.push(error);
    }
  }
  return { events, reports, unreadable };
}
