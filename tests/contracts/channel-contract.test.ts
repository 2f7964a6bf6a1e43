import { afterAll } from '@jest/globals';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { PLATFORMS } from '../../src/playground/platforms.ts';
import { endAll } from '../journeys/process.ts';
import { describeLine, describePlan } from './channel-contract.ts';
import { CARRIED } from './line.ts';

afterAll(endAll);

for (const [kind, load] of Object.entries(CHANNELS)) describePlan(kind, async () => account(kind, await load()));
for (const kind of CARRIED) describeLine(kind);

/** An account as the playground has it; of the web chat, one without settings. */
async function account(kind: string, channel: Awaited<ReturnType<(typeof CHANNELS)[string]>>) {
  const platform = await PLATFORMS[kind]?.();
  if (platform === undefined) return { channel, settings: channel.settings({ kind }, {}) };
  const secret = () => 'simulatedsecretofnobody'.padEnd(48, '0');
  const webhook = `https://bot.example/channels/${kind}`;
  const opened = await platform.open({ webhook, now: Date.now, ids: 1_000, secret });
  await opened.simulator.close();
  return { channel, settings: channel.settings(opened.account, opened.environment) };
}
