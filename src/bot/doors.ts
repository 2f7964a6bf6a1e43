import { join } from 'node:path';
import { buildWidget } from '../../channels/web/widget/build.ts';
import { ParleyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createFileStore } from '../server/file-store.ts';
import { createIntake } from '../server/intake.ts';
import type { Listening } from '../server/listen.ts';
import type { PageParts } from '../server/page-routes.ts';
import { createServer } from '../server/server.ts';
import type { ChatSettings } from '../server/settings.ts';
import type { RunningBot } from './open-bot.ts';
import { plainPage } from './plain-page.ts';
import { isPulled, startPolling } from './polling.ts';

/** Where a bot's customers come in. */
export interface Doors {
  readonly port: number;
  readonly host: string | undefined;
  /** The pages of a demo and its business; default: a page with nothing but the chat. */
  readonly demo?: PageParts['demo'];
  readonly secret: string | undefined;
  readonly log: Log;
  /** Epoch milliseconds; default: the machine's. */
  readonly clock?: () => number;
}

/** Opens the HTTP server (web chat, webhooks, health), and asks the platforms that do not call. */
export async function openDoors(
  { deployment, engine }: RunningBot,
  { port, host, demo, secret, log, clock = Date.now }: Doors,
): Promise<Listening> {
  const { accounts, settings, data } = deployment;
  const web = accounts.find(({ channel }) => channel.kind === 'web');
  if (web === undefined) {
    throw new ParleyError('start.no_web', 'No account of kind web is in parley.yaml.', {
      hint: 'Add: channels: {web: {kind: web}}',
    });
  }
  const { PARLEY_PUBLIC_URL: publicUrl } = process.env;
  // The web channel reads the settings that the server's door declares.
  const chat = web.settings as ChatSettings;
  const files = createFileStore(join(data, 'files'));
  const server = createServer({
    engine,
    account: web.name,
    settings: chat,
    files,
    webhooks: new Map(
      accounts.filter(({ channel }) => channel.verify !== undefined).map((account) => [account.name, account]),
    ),
    widget: buildWidget,
    demo: demo ?? { page: plainPage(settings.name, settings.locales[0] ?? 'en') },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(secret === undefined ? {} : { eventsSecret: secret }),
    log,
    clock,
  });
  const listening = await server.listen(port, host);
  const intake = createIntake({ engine, files, limits: chat.files, log });
  const polling = startPolling(accounts.filter(isPulled), intake, log);
  return {
    ...listening,
    async close(grace) {
      await polling.end();
      await listening.close(grace);
    },
  };
}
