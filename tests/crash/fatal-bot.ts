/** A bot made in code whose disk will fail: `node fatal-bot.ts FOLDER [deaf]`. Says what it acknowledged, and that it was told. */
import { createBot } from '../../src/index.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tell = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`);

const bot = await createBot({ directory: process.argv[2]!, environment: {}, log });
const url = await bot.listen();
if (process.argv[3] !== 'deaf') {
  bot.onFatal(async ({ code }) => {
    const door = await fetch(`${url}/healthz`).then(
      () => 'open',
      () => 'shut',
    );
    tell({ fatal: code, door });
    process.exit(7);
  });
}
for (let n = 0; n < 200; n += 1) {
  const event = { kind: 'message', text: `m${n}` } as const;
  await bot.accept({ account: 'web', address: 'ann', key: `k${n}`, event }).then(
    () => tell({ ack: n }),
    () => new Promise((done) => setTimeout(done, 5)),
  );
}
