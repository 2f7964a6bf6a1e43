/** A bot in a process of its own, to be killed: `victim.ts <folder> <words…>` says each to it, and prints all that it has said. What begins with `{` is an event as JSON. */
import { setTimeout as pause } from 'node:timers/promises';
import { openBot } from '../../src/bot/open-bot.ts';
import type { Event } from '../../src/event.ts';
import type { Log } from '../../src/log.ts';
import { refundAction } from '../support/model-bot.ts';

const [directory = '', ...words] = process.argv.slice(2);
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const code = { actions: [refundAction(() => undefined)] };
const bot = await openBot({ directory, environment: process.env, log, code });
await bot.engine.start();
for (const text of words) {
  const event: Event = text.startsWith('{') ? (JSON.parse(text) as Event) : { kind: 'message', text };
  // The same words have the same key: in a second life they change nothing.
  await bot.engine.accept({ account: 'web', address: 'anna', key: text, event });
}
const conversation = (await bot.engine.find('web', 'anna')) ?? '';
for (;;) {
  const entries = await bot.engine.transcript(conversation, 0, 100);
  process.stdout.write(`${JSON.stringify(entries.map(({ from, message }) => `${from}: ${message.text}`))}\n`);
  await pause(50);
}
