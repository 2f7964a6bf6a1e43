import { parseArgs } from 'node:util';
import { startShop } from './shop.ts';

const USAGE = `Usage: node shop/main.ts [--port N] [--host ADDRESS] [--data DIR] [--webhook URL] [--today YYYY-MM-DD]

The demo shop. Prints one JSON line with its address, then serves until it is told to stop (SIGTERM, SIGINT).

  --port     default 0: any free one
  --host     default 127.0.0.1
  --data     folder of its SQLite file, default .parley/shop; seeded when empty
  --webhook  told when a return comes in, as POST URL/returns.received; needs SHOP_WEBHOOK_SECRET
  --today    the day around which the seeded dates lie (tests)

SHOP_API_KEY is what callers must send as Authorization: Bearer; default shop-demo-key.
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string' },
    data: { type: 'string', default: '.parley/shop' },
    webhook: { type: 'string' },
    today: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const { SHOP_API_KEY: apiKey, SHOP_WEBHOOK_SECRET: secret } = process.env;

if (values.help) {
  process.stdout.write(USAGE);
} else if (values.webhook !== undefined && secret === undefined) {
  process.stderr.write('--webhook needs SHOP_WEBHOOK_SECRET, with which the events are signed.\n');
  process.exitCode = 2;
} else {
  const shop = await startShop({
    data: values.data,
    port: Number(values.port),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.today === undefined ? {} : { today: values.today }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(values.webhook === undefined || secret === undefined ? {} : { webhook: { url: values.webhook, secret } }),
  });
  process.stdout.write(`${JSON.stringify({ url: shop.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shop.close());
  // Started by the demo over a channel: it ends when that one does, even by kill -9.
  process.once('disconnect', () => void shop.close());
  // To listen for that alone would keep it from ending when it is told to.
  process.channel?.unref();
}
