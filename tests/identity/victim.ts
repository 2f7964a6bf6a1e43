/**
 * A bot that ends as by a power cut when a conversation moves: `node victim.ts DIRECTORY MOMENT`, where MOMENT is `leaving` or
 * `continued` (that turn is taken and not committed), `said` (it is committed, and what it says has not left), or any other event's kind.
 * A line in is `{account, address, key, text}` or `{…, signal}`, a line out `{ack}` once it is acknowledged. SMS takes no news.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Event } from '../../src/event.ts';
import { House } from './house.ts';

const [directory = '', moment = ''] = process.argv.slice(2);
const house = new House(directory);
house.onTurn = ({ kind }) => {
  if (kind === moment) process.kill(process.pid, 'SIGKILL');
};
house.refuses = (account, text) =>
  account === 'sms' && text.startsWith('There is new tea')
    ? { kind: 'permanent', reason: 'channel.refused' }
    : undefined;
house.onSend = (text) => {
  if (moment === 'asked' && text.startsWith('Which size')) process.kill(process.pid, 'SIGKILL');
  if (moment === 'said' && text.startsWith('Here we are')) process.kill(process.pid, 'SIGKILL');
  appendFileSync(join(directory, 'sent'), `${JSON.stringify(text)}\n`);
};
await house.open();
console.log(JSON.stringify({ ready: true }));

for await (const line of createInterface({ input: process.stdin })) {
  const { account, address, key, text, signal } = JSON.parse(line) as Record<
    'account' | 'address' | 'key' | 'text' | 'signal',
    string
  >;
  const event = signal === undefined ? { kind: 'message', text } : { kind: 'signal', name: signal, data: {} };
  void house.bot.engine
    .accept({ account, address, key, event: event as Event })
    .then(() => console.log(JSON.stringify({ ack: key })));
}
await house.stop();
