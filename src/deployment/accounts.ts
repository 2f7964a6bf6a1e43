import type { Channel } from '../channel.ts';
import { codeOf, ParleyError } from '../errors.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import type { YamlFile } from '../flow/reading/yaml.ts';
import { CHANNELS } from './channels.ts';
import type { Settings } from './settings.ts';

/** One entry of `channels:` in `parley.yaml`, ready to be opened. */
export interface Account {
  readonly name: string;
  readonly channel: Channel;
  /** As the channel's own `settings` read them. */
  readonly settings: unknown;
}

/** Has each account's settings read by its channel, which knows what they must be. */
export async function openAccounts(
  channels: Settings['channels'],
  yaml: YamlFile,
  environment: Readonly<Record<string, string | undefined>>,
  own: readonly Channel[],
): Promise<{ accounts: readonly Account[]; problems: readonly Problem[] }> {
  const kinds = new Map([
    ...Object.entries(CHANNELS),
    ...own.map((channel) => [channel.kind, async () => channel] as const),
  ]);
  const accounts: Account[] = [];
  const problems: Problem[] = [];
  for (const [name, raw] of Object.entries(channels)) {
    const load = kinds.get(raw.kind);
    if (load === undefined) problems.push(unknownKind(yaml, name, raw.kind, [...kinds.keys()]));
    else {
      const channel = await load();
      try {
        accounts.push({ name, channel, settings: channel.settings(raw, environment) });
      } catch (error) {
        problems.push(wrongSettings(yaml, name, error));
      }
    }
  }
  return { accounts, problems };
}

function unknownKind(yaml: YamlFile, account: string, kind: string, known: readonly string[]): Problem {
  return {
    file: yaml.file,
    ...yaml.locate(['channels', account, 'kind']),
    code: 'channel.unknown_kind',
    message: `There is no channel \`${kind}\`.`,
    hint: didYouMean(kind, known) ?? `There are: ${known.join(', ')}.`,
    severity: 'error',
  };
}

function wrongSettings(yaml: YamlFile, account: string, error: unknown): Problem {
  if (!(error instanceof ParleyError)) throw error;
  return {
    file: yaml.file,
    ...yaml.locateKey(['channels'], account),
    code: codeOf(error),
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    // Flows are checked where they are written; secrets are only where they run.
    severity: error.code.endsWith('.missing_secret') ? 'warning' : 'error',
  };
}
