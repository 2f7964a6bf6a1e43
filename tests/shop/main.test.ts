import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const main = join(import.meta.dirname, '../../shop/main.ts');
let data: string;
let shop: ChildProcess;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'shop-'));
});
afterEach(() => {
  shop.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

/** A shop in a process of its own, at the address that it prints. */
async function open(...args: string[]): Promise<string> {
  return openBy(['ignore', 'pipe', 'inherit'], ...args);
}

async function openBy(stdio: StdioOptions, ...args: string[]): Promise<string> {
  shop = spawn(process.execPath, [main, '--data', data, ...args], { stdio });
  const [line] = (await once(createInterface(shop.stdout!), 'line')) as [string];
  return (JSON.parse(line) as { url: string }).url;
}

const dispute = (url: string) =>
  fetch(`${url}/disputes`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer shop-demo-key',
      'content-type': 'application/json',
      'idempotency-key': 'the-same',
    },
    body: JSON.stringify({
      customer_id: 'C0001',
      invoice_id: 'INV-100001',
      charge_id: 'CH-500003',
      reason: 'duplicate',
    }),
  }).then((response) => response.json());

test('prints its address as one JSON line, and what it answered survives a kill', async () => {
  const first = await dispute(await open('--port', '0'));
  expect(first).toMatchObject({ credit: { amount: 9.9 } });
  shop.kill('SIGKILL');
  await once(shop, 'exit');
  expect(await dispute(await open())).toEqual(first);
});

test.each([
  ['by itself', []],
  ['by the demo, over a channel that stays open', ['ipc']],
] as const)('stops when it is asked to, started %s', async (_, channel) => {
  const url = await openBy(['ignore', 'pipe', 'inherit', ...channel]);
  await fetch(url);
  shop.kill('SIGTERM');
  const [code] = (await once(shop, 'exit')) as [number | null];
  expect(code).toBe(0);
});

test('stops when who started it is gone', async () => {
  await openBy(['ignore', 'pipe', 'inherit', 'ipc']);
  const ended = once(shop, 'exit');
  shop.disconnect();
  expect((await ended)[0]).toBe(0);
});

test('does not send what nobody could verify', async () => {
  shop = spawn(process.execPath, [main, '--data', data, '--webhook', 'http://127.0.0.1:9'], { stdio: 'ignore' });
  const [code] = (await once(shop, 'exit')) as [number | null];
  expect(code).toBe(2);
});
