import { join } from 'node:path';
import type { WebSettings } from '../../channels/web/settings.ts';
import { buildWidget } from '../../channels/web/widget/build.ts';
import { fileLimitsOf } from '../deployment/files.ts';
import type { Log } from '../log.ts';
import type { DirectlineSettings } from '../server/directline/settings.ts';
import { createFileStore } from '../server/file-store.ts';
import { createIntake } from '../server/intake.ts';
import type { Listening } from '../server/listen.ts';
import type { PageParts } from '../server/page-routes.ts';
import { createServer } from '../server/server.ts';
import { type ChatSettings, FILE_LIMITS } from '../server/settings.ts';
import type { RunningBot } from './open-bot.ts';
import { plainPage } from './plain-page.ts';
import { asking, startPolling } from './polling.ts';

/** Where a bot's customers come in. */
export interface Doors {
  readonly port: number;
  readonly host: string | undefined;
  /** The pages of a demo and its business; default: a page with nothing but the chat. */
  readonly demo?: PageParts['demo'];
  readonly secret: string | undefined;
  readonly log: Log;
  /** What the platforms go by, in epoch milliseconds; default: the machine's clock. */
  readonly platformClock?: () => number;
}

/**
 * Opens the HTTP server (webhooks and health; where there is an account of kind `web`, its chat and a page to try it on), and asks the
 * platforms that do not call.
 */
export async function openDoors(
  { deployment, engine, store, wayTo, publicUrl, knowledge, webDesk, slackDesk }: RunningBot,
  { port, host, demo, secret, log, platformClock = Date.now }: Doors,
): Promise<Listening> {
  const { accounts, settings, data } = deployment;
  const web = accounts.find(({ channel }) => channel.kind === 'web');
  // The channel reads what the server's door declares; here it shows whether the two agree.
  const chat = web && { account: web.name, settings: web.settings as WebSettings satisfies ChatSettings };
  const files = createFileStore(join(data, 'files'));
  const limits = fileLimitsOf(settings) ?? chat?.settings.files ?? FILE_LIMITS;
  const intake = createIntake({ engine, files, limits, log });
  const polling = startPolling({
    accounts: accounts.filter((account) => asking(account) !== undefined),
    intake,
    cursors: store,
    report: engine.report,
    log,
  });
  const called = accounts.filter((account) => account.channel.verify !== undefined && asking(account) !== 'pull');
  const server = createServer({
    engine,
    files,
    intake,
    webhooks: new Map(called.map((account) => [account.name, account])),
    nudge: polling.nudge,
    wayTo,
    ...(knowledge === undefined ? {} : { knowledge }),
    directline: accounts
      .filter(({ channel }) => channel.kind === 'directline')
      // As with the web channel's.
      .map((account) => ({ ...account, settings: account.settings as DirectlineSettings, files: limits })),
    proxies: settings.proxies ?? chat?.settings.proxies ?? 0,
    ...(chat && {
      chat,
      widget: buildWidget,
      demo: demo ?? { page: plainPage(settings.name, settings.locales[0] ?? 'en') },
    }),
    ...(webDesk === undefined ? {} : { desk: webDesk.fetch }),
    ...(slackDesk === undefined ? {} : { calledDesks: new Map([['slack', slackDesk.fetch]]) }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(secret === undefined ? {} : { eventsSecret: secret }),
    log,
    clock: Date.now,
    platformClock,
  });
  try {
    const listening = await server.listen(port, host);
    return {
      ...listening,
      async close(grace) {
        await polling.end();
        webDesk?.end();
        await listening.close(grace);
      },
    };
  } catch (error) {
    await polling.end();
    throw error;
  }
}
