import { join } from 'node:path';
import { type Bot, titleIn } from '../conversation/bot.ts';
import { createTurn } from '../conversation/turn.ts';
import type { Account } from '../deployment/accounts.ts';
import { languageOf, repliesOf } from '../deployment/desk.ts';
import { fileLimitsOf } from '../deployment/files.ts';
import type { Settings } from '../deployment/settings.ts';
import type { EngineParts } from '../engine/parts.ts';
import type { Program } from '../flow/program.ts';
import { fenced } from '../handoff/fence.ts';
import { type Office, type OfficeParts, openOffice } from '../handoff/office.ts';
import type { ReviewBook } from '../handoff/review/book.ts';
import { withDesk } from '../handoff/with-desk.ts';
import type { Models } from '../models/model.ts';
import { createFileStore } from '../server/file-store.ts';
import { FILE_LIMITS } from '../server/settings.ts';
import type { TakeTurn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { deskFiles } from './desk-files.ts';
import { policyOf, reviewingOf } from './review.ts';
import { summariseBy } from './summarising.ts';
import { translateBy } from './translating.ts';

/** How a bot converses that can give conversations to humans, if `parley.yaml` describes any. */
export function conversingWith(bot: Bot, settings: Settings, book: ReviewBook): TakeTurn {
  const { desk, timezone: zone } = settings;
  if (desk === undefined) return createTurn(bot);
  const reviewing = reviewingOf(settings, bot.programs, book);
  const turn = createTurn(reviewing === undefined ? bot : { ...bot, reviewing });
  return withDesk(turn, { policy: policyOf(settings), zone, busy: isBusy });
}

/** What the engine must know of a desk; nothing where there is none. */
export function fenceOf({ desk }: Settings, office: () => Office | undefined): Pick<EngineParts, 'fence' | 'onDesk'> {
  return desk === undefined ? {} : { fence: fenced, onDesk: () => office()?.nudge() };
}

export interface DeskHouse extends Pick<OfficeParts, 'store' | 'accept' | 'desks' | 'clock' | 'log' | 'book'> {
  /** As they are now: a reload changes hours, agents and flows. */
  readonly settings: () => Settings;
  readonly programs: () => ReadonlyMap<string, Program>;
  readonly channels: ReadonlyMap<string, Account>;
  readonly revisions: NonNullable<OfficeParts['revisions']>;
  /** Folder of the deployment's data. */
  readonly data: string;
  readonly publicUrl?: string;
  /** They may sum up what was said; absent: what is known is told. */
  readonly models?: Models;
}

/** Where humans take conversations over; `undefined`: `parley.yaml` describes no desk. */
export function officeOf({
  settings,
  programs,
  channels,
  data,
  publicUrl,
  models,
  book,
  ...parts
}: DeskHouse): Office | undefined {
  const { desk, locales, review } = settings();
  if (desk === undefined) return undefined;
  const limits = fileLimitsOf(settings()) ?? FILE_LIMITS;
  const reached = publicUrl === undefined ? {} : { publicUrl };
  const model = models?.for('llm');
  return openOffice({
    ...parts,
    ...reached,
    // Where nothing is reviewed, the log need not be read for it.
    ...(book === undefined || review === undefined ? {} : { book }),
    policy: () => policyOf(settings()),
    files: deskFiles(createFileStore(join(data, 'files')), limits),
    canOf: (account) => channels.get(account)?.channel.can,
    canned: () => ({ business: settings().name, replies: repliesOf(settings().desk ?? {}) }),
    facts: {
      ...reached,
      language: languageOf(desk, locales),
      channelOf: (account) => channels.get(account)?.channel.kind,
      flowOf: (flow) => factsOf(programs().get(flow), settings().locales),
      ...(models !== undefined && { summarise: summariseBy(() => models, parts.log) }),
      ...(model !== undefined && { translate: translateBy(model, parts.log) }),
    },
  });
}

/** What agents are told of a flow. */
function factsOf(program: Program | undefined, locales: readonly string[]) {
  if (program === undefined) return undefined;
  const { header, slots } = program;
  const hidden = Object.values(slots).flatMap(({ name, sensitive }) =>
    sensitive === 'secret' || sensitive === 'payment' ? [name] : [],
  );
  return { title: titleIn(header, locales[0] ?? 'en', locales) ?? header.flow, hidden };
}

/** Does a flow stand on top, which may have asked her something? */
function isBusy({ frames }: JsonObject): boolean {
  return Array.isArray(frames) && frames.length > 0;
}
