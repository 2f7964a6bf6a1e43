/**
 * A deployment that is killed while an agent may still take back what she has said: `node desk-bot.ts FOLDER`. Tells `held` when that is
 * acknowledged, and lives on until somebody ends it.
 */
import { openBot } from '../../src/bot/open-bot.ts';

const [directory = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const bot = await openBot({ directory, environment: {}, log });
await bot.engine.start();
const event = { kind: 'message', text: 'human please' } as const;
const { conversation } = await bot.engine.accept({ account: 'web', address: 'ann', key: 'k1', event });
await bot.office?.give({ conversation, command: 'c1', happening: { on: 'claimed', agent: 'mia' } });
await bot.office?.give({ conversation, command: 's1', happening: { on: 'said', agent: 'mia', text: 'I am here.' } });
process.stdout.write(`held ${conversation}\n`);
